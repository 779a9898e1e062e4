"""An export is complete, describes itself, and is never half written."""

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
from tests.application.exports.archives import Exports, members, verified
from tests.cli_harness import ID, run
from tests.records.verify.verified_records import OTHER


def manifest_of(archive: Path) -> dict[str, object]:
    facts: dict[str, object] = json.loads(members(archive)[MANIFEST])
    return facts


def test_an_unaltered_export_is_accepted(exports: Exports, tmp_path: Path) -> None:
    for archive in (exports.full, exports.spare):
        assert verified(archive, tmp_path, exports.key, 0) == ""


def test_without_a_key_the_check_states_what_it_does_not_prove(exports: Exports, tmp_path: Path) -> None:
    assert "not who signed it" in " ".join(verified(exports.full, tmp_path, None, 0).split())


def test_the_key_may_be_a_pem_file(exports: Exports, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(members(exports.full)["public-key.pem"])
    verified(exports.full, tmp_path, tmp_path / "key.pem", 0)


def test_the_line_of_each_event_hashes_to_what_the_records_have(exports: Exports) -> None:
    engine = connection.connect(f"sqlite:///{exports.data / 'records.sqlite'}")
    query = select(EVENTS.c.hash).where(EVENTS.c.inspection_id == ID).order_by(EVENTS.c.number)
    with reading(engine) as session:
        hashes = list(session.connection().execute(query).scalars())
    engine.dispose()
    assert [sha256(line).hexdigest() for line in members(exports.spare)["events.jsonl"].splitlines()] == hashes


def test_the_manifest_names_every_member_and_the_choice(exports: Exports) -> None:
    for archive, choice in ((exports.full, "include"), (exports.spare, "leave-out")):
        facts = json.loads(members(archive)[MANIFEST])
        assert (facts["inspection"], facts["personal"], facts["edition"]) == (ID, choice, "2010-10")
        assert (facts["exported_by"], facts["product"]["name"]) == ("c.marsh", "inspections")
        assert {MANIFEST, SIGNATURE, *(member["name"] for member in facts["members"])} == set(members(archive))


def test_an_export_holds_members_of_every_kind(exports: Exports) -> None:
    names = members(exports.full)
    assert {"README.txt", "chronology.html", "texts.jsonl", "calendars.jsonl", "people.jsonl"} <= set(names)
    folders = {name.split("/")[0] for name in names if "/" in name}
    assert folders == {"documents", "published", "histories", "checkpoints", "letters"}


def test_the_chronology_can_be_read_on_a_few_pages(exports: Exports, tmp_path: Path) -> None:
    (tmp_path / "chronology.pdf").write_bytes(members(exports.full)["chronology.pdf"])
    pages = PdfReader(tmp_path / "chronology.pdf").pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert len(pages) <= 6
    assert "Fieldwork began." in text
    assert "Imogen Ashdown" in text
    assert text.index("The set-up meeting was held.") < text.index("Fieldwork began.") < text.index("was published.")


def test_the_same_state_gives_the_same_bytes_but_for_moment_and_signature(exports: Exports, tmp_path: Path) -> None:
    words = ("export", ID, "--to", str(tmp_path / "again.zip"), "--personal", "leave-out", "--data", str(exports.data))
    assert run(*words).exit_code == 0
    first, second = members(exports.spare), members(tmp_path / "again.zip")
    assert list(first) == list(second)
    assert {name for name in first if first[name] != second[name]} == {MANIFEST, SIGNATURE}
    facts, again = json.loads(first[MANIFEST]), json.loads(second[MANIFEST])
    assert {name for name in facts if facts[name] != again[name]} == {"made_at", "exported_by"}


def test_without_a_choice_personal_data_is_left_out_with_a_message(exports: Exports, tmp_path: Path) -> None:
    result = run("export", OTHER, "--to", str(tmp_path / "other.zip"), "--data", str(exports.data), "--json")
    assert result.exit_code == 0
    assert SAFE in result.stderr
    facts = json.loads(result.stdout)
    assert facts["personal"] == "leave-out"
    assert manifest_of(tmp_path / "other.zip")["personal"] == "leave-out"
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
def test_an_unknown_inspection_person_or_choice_is_refused(
    words: tuple[str, ...], why: str, exports: Exports, tmp_path: Path
) -> None:
    result = run("export", *words, "--to", str(tmp_path / "x.zip"), "--data", str(exports.data))
    assert result.exit_code == 2
    assert why in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_not_overwritten(exports: Exports, tmp_path: Path) -> None:
    path = tmp_path / "there.zip"
    path.write_bytes(b"mine")
    assert run("export", ID, "--to", str(path), "--data", str(exports.data)).exit_code == 2
    assert path.read_bytes() == b"mine"
    missing = tmp_path / "no-such-folder" / "x.zip"
    assert run("export", ID, "--to", str(missing), "--data", str(exports.data)).exit_code == 2


def test_altered_records_are_not_exported(exports: Exports, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(exports.data, data)
    with closing(sqlite3.connect(data / "records.sqlite")) as records:
        query = "SELECT pdf_path FROM documents WHERE inspection_id = ? AND pdf_path <> ''"
        (path,) = records.execute(query, (ID,)).fetchone()
    (data / "documents" / path).write_bytes(b"%PDF of another")
    result = run("export", ID, "--to", str(tmp_path / "x.zip"), "--personal", "include", "--data", str(data))
    assert result.exit_code == 5
    assert "was altered" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_without_an_engine_the_file_is_written_with_a_message(
    exports: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TEMPORAL_ADDRESS", "DATABASE_URL", "INSPECTIONS_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "no-such-file"))
    data = tmp_path / "data"
    shutil.copytree(exports.data, data)
    (data / rehearsal_marker.NAME).unlink()
    result = run("export", ID, "--to", str(tmp_path / "x.zip"), "--personal", "leave-out", "--data", str(data))
    assert result.exit_code == 4
    assert "answered from the records alone" in result.stderr
    verified(tmp_path / "x.zip", tmp_path, exports.key, 0)
