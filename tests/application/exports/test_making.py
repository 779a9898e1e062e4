"""An export is whole, says what it is, and is never half written."""

import json
import shutil
import sqlite3
import stat
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from application.runtime import rehearsal_marker
from interfaces.cli.export import SAFE
from records.database import connection
from records.database.connection import reading
from records.exports.format import MANIFEST, SIGNATURE
from records.tables.inspections import EVENTS
from tests.application.exports.archives import Taken, members, verified
from tests.cli_harness import ID, run
from tests.records.verify.verified_records import OTHER


def said(archive: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(members(archive)[MANIFEST])
    return found


def test_what_was_taken_away_is_found_right(taken: Taken, tmp_path: Path) -> None:
    for archive in (taken.full, taken.spare):
        assert verified(archive, tmp_path, taken.key, 0) == ""


def test_without_a_key_it_says_what_that_does_not_prove(taken: Taken, tmp_path: Path) -> None:
    assert "not who signed it" in " ".join(verified(taken.full, tmp_path, None, 0).split())


def test_a_key_may_be_named_as_pem(taken: Taken, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(members(taken.full)["public-key.pem"])
    verified(taken.full, tmp_path, tmp_path / "key.pem", 0)


def test_the_line_of_each_event_hashes_to_what_the_records_have(taken: Taken) -> None:
    engine = connection.connect(f"sqlite:///{taken.data / 'records.sqlite'}")
    query = select(EVENTS.c.hash).where(EVENTS.c.inspection_id == ID).order_by(EVENTS.c.number)
    with reading(engine) as session:
        kept = list(session.connection().execute(query).scalars())
    engine.dispose()
    assert [sha256(line).hexdigest() for line in members(taken.spare)["events.jsonl"].splitlines()] == kept


def test_the_manifest_names_every_member_and_says_what_was_chosen(taken: Taken) -> None:
    for archive, choice in ((taken.full, "include"), (taken.spare, "leave-out")):
        found = json.loads(members(archive)[MANIFEST])
        assert (found["inspection"], found["personal"], found["edition"]) == (ID, choice, "2010-10")
        assert (found["exported_by"], found["product"]["name"]) == ("c.marsh", "inspections")
        assert {MANIFEST, SIGNATURE, *(one["name"] for one in found["members"])} == set(members(archive))


def test_everything_that_is_kept_is_in_it(taken: Taken) -> None:
    names = members(taken.full)
    assert {"README.txt", "chronology.html", "texts.jsonl", "calendars.jsonl", "people.jsonl"} <= set(names)
    folders = {name.split("/")[0] for name in names if "/" in name}
    assert folders == {"documents", "published", "histories", "checkpoints", "letters"}


def test_the_chronology_can_be_read_on_a_few_pages(taken: Taken, tmp_path: Path) -> None:
    (tmp_path / "chronology.pdf").write_bytes(members(taken.full)["chronology.pdf"])
    pages = PdfReader(tmp_path / "chronology.pdf").pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert len(pages) <= 6
    assert "Fieldwork began." in text
    assert "Imogen Ashdown" in text
    assert text.index("The set-up meeting was held.") < text.index("Fieldwork began.") < text.index("was published.")


def test_the_same_state_gives_the_same_bytes_but_for_moment_and_signature(taken: Taken, tmp_path: Path) -> None:
    words = ("export", ID, "--to", str(tmp_path / "again.zip"), "--personal", "leave-out", "--data", str(taken.data))
    assert run(*words).exit_code == 0
    first, second = members(taken.spare), members(tmp_path / "again.zip")
    assert list(first) == list(second)
    assert {name for name in first if first[name] != second[name]} == {MANIFEST, SIGNATURE}
    one, other = json.loads(first[MANIFEST]), json.loads(second[MANIFEST])
    assert {name for name in one if one[name] != other[name]} == {"made_at", "exported_by"}


def test_without_a_choice_personal_data_is_left_out_and_that_is_said(taken: Taken, tmp_path: Path) -> None:
    ended = run("export", OTHER, "--to", str(tmp_path / "other.zip"), "--data", str(taken.data), "--json")
    assert ended.exit_code == 0
    assert SAFE in ended.stderr
    facts = json.loads(ended.stdout)
    assert facts["personal"] == "leave-out"
    assert said(tmp_path / "other.zip")["personal"] == "leave-out"
    assert facts["open"] is True
    assert facts["engine_histories"]["files"] == 0
    assert "the inspection is open" in facts["engine_histories"]["what"]
    assert stat.S_IMODE((tmp_path / "other.zip").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("SLAC-2010-009",), "there is no inspection SLAC-2010-009"),
        ((ID, "--by", "nobody.here"), "knows nobody called nobody.here"),
        ((ID, "--personal", "some"), "'some' is not one of"),
    ],
)
def test_what_is_not_known_is_refused(words: tuple[str, ...], why: str, taken: Taken, tmp_path: Path) -> None:
    ended = run("export", *words, "--to", str(tmp_path / "x.zip"), "--data", str(taken.data))
    assert ended.exit_code == 2
    assert why in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_never_overwritten(taken: Taken, tmp_path: Path) -> None:
    path = tmp_path / "there.zip"
    path.write_bytes(b"mine")
    assert run("export", ID, "--to", str(path), "--data", str(taken.data)).exit_code == 2
    assert path.read_bytes() == b"mine"
    missing = tmp_path / "no-such-folder" / "x.zip"
    assert run("export", ID, "--to", str(missing), "--data", str(taken.data)).exit_code == 2


def test_a_record_that_was_altered_is_not_taken_away(taken: Taken, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(taken.data, data)
    with closing(sqlite3.connect(data / "records.sqlite")) as records:
        query = "SELECT pdf_path FROM documents WHERE inspection_id = ? AND pdf_path <> ''"
        (path,) = records.execute(query, (ID,)).fetchone()
    (data / "documents" / path).write_bytes(b"%PDF of somebody else")
    ended = run("export", ID, "--to", str(tmp_path / "x.zip"), "--personal", "include", "--data", str(data))
    assert ended.exit_code == 5
    assert "was altered" in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_where_no_engine_runs_the_file_is_written_and_that_is_said(
    taken: Taken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TEMPORAL_ADDRESS", "DATABASE_URL", "INSPECTIONS_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "no-such-file"))
    data = tmp_path / "data"
    shutil.copytree(taken.data, data)
    (data / rehearsal_marker.NAME).unlink()
    ended = run("export", ID, "--to", str(tmp_path / "x.zip"), "--personal", "leave-out", "--data", str(data))
    assert ended.exit_code == 4
    assert "answered from the records alone" in ended.stderr
    verified(tmp_path / "x.zip", tmp_path, taken.key, 0)
