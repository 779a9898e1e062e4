"""Erasing: texts, names, addresses and documents of an inspection are removed for good, and the log still verifies."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from operations.backup import erase_personal_data
from records.privacy.keys import KeyStore
from tests.cli_harness import ID, CliHarness, run
from tests.records.verify.verified_records import verify

WORDS = "A sentence about a person"
OTHER = "SLAC-2010-002"
BY = ("--by", "m.okafor", "--reason", "Its time is over")
ADDRESS = "dcs@birmingham.example"


@pytest.fixture
def ended(cli_without_engine: CliHarness) -> CliHarness:
    """An inspection that was cancelled with a reason, and one that is open; beside the data a backup of both."""
    cli_without_engine.notified()
    cli_without_engine.start(reference=OTHER, authority="331", confirmed=True)
    cli_without_engine.take("notify", identifier=OTHER)
    cli_without_engine.on("2010-11-05").take("cancel", "m.okafor", reason=WORDS)
    page = cli_without_engine.data / "documents" / ID / "0003-page.html"
    page.parent.mkdir(parents=True)
    page.write_text(WORDS)
    cli_without_engine.run("backup", "--to", str(backup(cli_without_engine)))
    return cli_without_engine


def backup(cli: CliHarness) -> Path:
    return cli.data.parent / "before.zip"


def erase(cli: CliHarness, *more: str, code: int = 0, inspection: str = ID) -> str:
    cli.records.dispose()
    return cli.run("erase", inspection, *BY, *more, code=code).output


def files_with(folder: Path, words: str) -> list[str]:
    """Returns the names of the files that contain these words."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if words.encode() in path.read_bytes()]


def test_no_file_contains_the_words_any_more(ended: CliHarness) -> None:
    assert files_with(ended.data, WORDS)
    ended.now += timedelta(days=6 * 366)
    erase(ended)
    assert files_with(ended.data, WORDS) == []
    (left,) = ended.rows(f"SELECT count(*) FROM letters WHERE inspection_id = '{ID}' AND data_json NOT LIKE '%erased%'")
    assert left[0] == 0
    assert ended.rows(f"SELECT count(*) FROM letters WHERE inspection_id = '{OTHER}' AND to_json LIKE '%@%'")[0][0] > 0


def test_the_log_still_verifies_and_records_what_was_erased(ended: CliHarness) -> None:
    ended.now += timedelta(days=6 * 366)
    erase(ended)
    assert verify(ended.data).findings == []
    ((actor, data),) = ended.rows("SELECT actor, data FROM events WHERE kind = 'personal_data_erased'")
    facts = json.loads(data)
    assert actor == "m.okafor"
    assert (facts["kept_until"], facts["rows"]["letters"] > 0) == ("2016-11-05", True)
    assert "6 years" in facts["rule"]
    for command in ("show", "history", "tasks"):
        assert run(command, ID, "--data", str(ended.data)).exit_code == 4  # answered; only the engine is missing


def test_an_erasure_is_recorded_with_the_entry_point_it_came_through_and_keeps_it_after_a_restore(
    ended: CliHarness,
) -> None:
    ended.on("2016-11-07").records.dispose()
    request = erase_personal_data.EraseCommand(ID, "m.okafor", "Its time is over", "portal")
    erase_personal_data.erase(ended.settings, ended.records, request, ended.now)
    through = "SELECT entry_point FROM events WHERE kind = 'personal_data_erased'"
    assert ended.rows(through) == [("portal",)]
    ended.records.dispose()
    ended.run("restore", str(backup(ended)), "--by", "c.marsh", "--reason", "The disk failed")
    assert ended.rows(through) == [("portal",)]


def test_salts_are_erased_too(ended: CliHarness) -> None:
    left = f"SELECT (SELECT count(*) FROM {{}} WHERE inspection_id = '{ID}' AND salt <> '')"
    assert [ended.rows(left.format(table))[0][0] > 0 for table in ("letters", "texts")] == [True, True]
    ended.on("2016-11-07")
    erase(ended)
    assert [ended.rows(left.format(table))[0][0] for table in ("letters", "documents", "texts")] == [0, 0, 0]


def test_an_export_states_that_personal_data_was_erased_and_leaves_it_out(ended: CliHarness) -> None:
    ended.now += timedelta(days=6 * 366)
    erase(ended)
    to = ended.data.parent / "erased.zip"
    command = ("export", ID, "--to", str(to))
    message = ended.run(*command, "--personal", "include", code=3).stderr
    assert "were erased on" in message
    assert "--personal leave-out" in message
    assert not to.exists()
    ended.run(*command, code=4)  # written; no engine runs
    assert run("verify-export", str(to)).exit_code == 0


def test_the_history_shows_the_tombstone(ended: CliHarness) -> None:
    ended.now += timedelta(days=6 * 366)
    erase(ended)
    shown = " ".join(
        ended.run("history", ID, "--kind", "personal_data_erased", "--format", "csv", code=4).stdout.split()
    )
    assert "personal data erased: " in shown
    assert "by the rule: personal data is kept for 6 years after the inspection's end (policy)" in shown
    assert "Its time is over" in shown


def test_a_row_that_was_emptied_without_erasing_is_found(ended: CliHarness) -> None:
    with closing(sqlite3.connect(ended.data / "records.sqlite")) as records, records:
        records.execute("UPDATE texts SET body = '', salt = ''")
    assert verify(ended.data).findings


def test_an_older_backup_does_not_bring_it_back(ended: CliHarness) -> None:
    ended.now += timedelta(days=6 * 366)
    erase(ended)
    ended.run("restore", str(backup(ended)), "--by", "c.marsh", "--reason", "The disk failed")
    aside = next(ended.data.glob("before-restore-*"))
    assert files_with(ended.data, WORDS) == files_with(aside, WORDS) == []
    assert ended.rows("SELECT count(*) FROM events WHERE kind = 'personal_data_erased'")[0][0] == 1
    assert verify(ended.data).findings == []
    assert ended.rows(f"SELECT count(*) FROM letters WHERE inspection_id = '{OTHER}' AND to_json LIKE '%@%'")[0][0] > 0


def test_a_backup_holds_nothing_personal_in_clear_and_not_the_keys(ended: CliHarness, tmp_path: Path) -> None:
    import zipfile

    zipfile.ZipFile(backup(ended)).extractall(tmp_path / "out")
    letters = (tmp_path / "out" / "records" / "letters.jsonl").read_text()
    assert files_with(tmp_path / "out", WORDS) == []
    assert ADDRESS not in letters
    assert not [path for path in (tmp_path / "out").rglob("*") if "personal" in path.name or "keys" in path.parts]


def test_a_backup_made_after_an_erasure_can_be_restored(ended: CliHarness) -> None:
    ended.now += timedelta(days=6 * 366)
    erase(ended)
    later = ended.data.parent / "later.zip"
    ended.run("backup", "--to", str(later))
    ended.on("2017-01-05").start(reference="SLAC-2017-001", authority="332", notify="2017-01-10")
    ended.records.dispose()
    ended.run("restore", str(later), "--by", "c.marsh", "--reason", "The disk failed")
    assert verify(ended.data).findings == []


def test_before_the_retention_is_over_it_is_refused_with_the_day(ended: CliHarness) -> None:
    assert "2016-11-05" in erase(ended, code=3)
    ended.on("2016-11-04")
    erase(ended, code=3)
    assert files_with(ended.data, WORDS)
    ended.on("2016-11-05")
    erase(ended)


def test_a_preview_writes_nothing_and_shows_the_day(ended: CliHarness) -> None:
    before = ended.rows("SELECT * FROM texts"), ended.rows("SELECT * FROM events")
    answer = json.loads(run("erase", ID, *BY, "--preview", "--json", "--data", str(ended.data)).stdout)
    assert (answer["erased"], answer["kept_until"]) == (False, "2016-11-05")
    assert (ended.rows("SELECT * FROM texts"), ended.rows("SELECT * FROM events")) == before


@pytest.mark.parametrize(
    ("by", "inspection", "code"),
    [("c.marsh", ID, 3), ("m.okafor", OTHER, 3), ("nobody", ID, 2), ("m.okafor", "X", 2), ("c.marsh", "X", 2)],
)
def test_only_a_manager_erases_and_only_an_inspection_that_is_over(
    ended: CliHarness, by: str, inspection: str, code: int
) -> None:
    ended.now += timedelta(days=20 * 366)
    ended.run("erase", inspection, "--by", by, "--reason", "x", code=code)
    assert files_with(ended.data, WORDS)


def test_erasing_is_refused_while_data_that_a_restore_moved_aside_exists(ended: CliHarness) -> None:
    ended.records.dispose()
    ended.run("restore", str(backup(ended)), "--by", "c.marsh", "--reason", "The disk failed")
    ended.now += timedelta(days=6 * 366)
    assert "before-restore" in erase(ended, code=3)


@pytest.mark.parametrize("point", ["files", "rows"])
def test_an_interrupted_erasure_is_completed_when_run_again(
    ended: CliHarness, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended.now += timedelta(days=6 * 366)

    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    ended.records.dispose()
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree" if point == "files" else "records.inspections.erasure.write", interrupt)
        assert run("erase", ID, *BY, "--data", str(ended.data)).exit_code != 0
    assert KeyStore(ended.data).is_erased(ID)
    assert ended.rows("SELECT count(*) FROM events WHERE kind = 'personal_data_erased'")[0][0] == 0
    ended.now += timedelta(hours=1)
    erase(ended)
    assert files_with(ended.data, WORDS) == []
    assert verify(ended.data).findings == []


def test_a_second_erasure_names_the_day_of_the_first(ended: CliHarness) -> None:
    ended.on("2016-11-07")
    assert "was erased already" not in erase(ended)
    ended.on("2016-11-09")
    assert f"{ID} was erased already, on 2016-11-07" in erase(ended)
    assert f"{ID} was erased already, on 2016-11-07." in erase(ended, "--preview")
    answer = json.loads(ended.run("erase", ID, *BY, "--json").stdout)
    assert (answer["erased"], answer["erased_before"]) == (True, "2016-11-07")
    assert ended.rows("SELECT count(*) FROM events WHERE kind = 'personal_data_erased'")[0][0] == 1
