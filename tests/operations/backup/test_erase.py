"""Erasing: words, names, addresses and documents of an inspection are gone for good, and what is left still proves itself."""

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

WORDS = "Something said about somebody"
OTHER = "SLAC-2010-002"
BY = ("--by", "m.okafor", "--reason", "Its time is over")
ADDRESS = "dcs@birmingham.example"


@pytest.fixture
def over(lonely: CliHarness) -> CliHarness:
    """One inspection that was cancelled with words, and another that goes on; a backup from before lies beside the data."""
    lonely.notified()
    lonely.start(reference=OTHER, authority="331", confirmed=True)
    lonely.take("notify", identifier=OTHER)
    lonely.on("2010-11-05").take("cancel", "m.okafor", reason=WORDS)
    page = lonely.data / "documents" / ID / "0003-page.html"
    page.parent.mkdir(parents=True)
    page.write_text(WORDS)
    lonely.run("backup", "--to", str(backup(lonely)))
    return lonely


def backup(counter: CliHarness) -> Path:
    return counter.data.parent / "before.zip"


def erase(counter: CliHarness, *more: str, code: int = 0, inspection: str = ID) -> str:
    counter.records.dispose()
    return counter.run("erase", inspection, *BY, *more, code=code).output


def anywhere(folder: Path, words: str) -> list[str]:
    """The files that hold these words."""
    found = [path for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]
    return [path.name for path in found]


def test_the_words_are_nowhere_any_more(over: CliHarness) -> None:
    assert anywhere(over.data, WORDS)
    over.now += timedelta(days=6 * 366)
    erase(over)
    assert anywhere(over.data, WORDS) == []
    (left,) = over.rows(f"SELECT count(*) FROM letters WHERE inspection_id = '{ID}' AND data_json NOT LIKE '%erased%'")
    assert left[0] == 0
    assert over.rows(f"SELECT count(*) FROM letters WHERE inspection_id = '{OTHER}' AND to_json LIKE '%@%'")[0][0] > 0


def test_the_log_still_proves_itself_and_says_what_was_erased(over: CliHarness) -> None:
    over.now += timedelta(days=6 * 366)
    erase(over)
    assert verify(over.data).findings == []
    ((actor, data),) = over.rows("SELECT actor, data FROM events WHERE kind = 'personal_data_erased'")
    said = json.loads(data)
    assert actor == "m.okafor"
    assert (said["kept_until"], said["rows"]["letters"] > 0) == ("2016-11-05", True)
    assert "6 years" in said["rule"]
    for command in ("show", "history", "tasks"):
        assert run(command, ID, "--data", str(over.data)).exit_code == 4  # answered; only the engine is missing


def test_an_erasure_is_recorded_with_the_entry_point_it_came_through_and_keeps_it_after_a_restore(
    over: CliHarness,
) -> None:
    over.on("2016-11-07").records.dispose()
    wish = erase_personal_data.Wish(ID, "m.okafor", "Its time is over", "portal")
    erase_personal_data.erase(over.settings, over.records, wish, over.now)
    through = "SELECT entry_point FROM events WHERE kind = 'personal_data_erased'"
    assert over.rows(through) == [("portal",)]
    over.records.dispose()
    over.run("restore", str(backup(over)), "--by", "c.marsh", "--reason", "The disk failed")
    assert over.rows(through) == [("portal",)]


def test_no_salt_is_left_to_guess_with(over: CliHarness) -> None:
    left = f"SELECT (SELECT count(*) FROM {{}} WHERE inspection_id = '{ID}' AND salt <> '')"
    assert [over.rows(left.format(table))[0][0] > 0 for table in ("letters", "texts")] == [True, True]
    over.on("2016-11-07")
    erase(over)
    assert [over.rows(left.format(table))[0][0] for table in ("letters", "documents", "texts")] == [0, 0, 0]


def test_an_export_says_that_it_was_erased_and_goes_without(over: CliHarness) -> None:
    over.now += timedelta(days=6 * 366)
    erase(over)
    to = over.data.parent / "erased.zip"
    asked = ("export", ID, "--to", str(to))
    said = over.run(*asked, "--personal", "include", code=3).stderr
    assert "were erased on" in said
    assert "--personal leave-out" in said
    assert not to.exists()
    over.run(*asked, code=4)  # written; no engine runs
    assert run("verify-export", str(to)).exit_code == 0


def test_the_tombstone_can_be_read_on_a_screen(over: CliHarness) -> None:
    over.now += timedelta(days=6 * 366)
    erase(over)
    said = " ".join(over.run("history", ID, "--kind", "personal_data_erased", "--format", "csv", code=4).stdout.split())
    assert "personal data erased: " in said
    assert "by the rule: personal data is kept for 6 years after the inspection's end (policy)" in said
    assert "Its time is over" in said


def test_a_row_that_was_emptied_without_erasing_is_found(over: CliHarness) -> None:
    with closing(sqlite3.connect(over.data / "records.sqlite")) as records, records:
        records.execute("UPDATE texts SET body = '', salt = ''")
    assert verify(over.data).findings


def test_an_older_backup_does_not_bring_it_back(over: CliHarness) -> None:
    over.now += timedelta(days=6 * 366)
    erase(over)
    over.run("restore", str(backup(over)), "--by", "c.marsh", "--reason", "The disk failed")
    aside = next(over.data.glob("before-restore-*"))
    assert anywhere(over.data, WORDS) == anywhere(aside, WORDS) == []
    assert over.rows("SELECT count(*) FROM events WHERE kind = 'personal_data_erased'")[0][0] == 1
    assert verify(over.data).findings == []
    assert over.rows(f"SELECT count(*) FROM letters WHERE inspection_id = '{OTHER}' AND to_json LIKE '%@%'")[0][0] > 0


def test_a_backup_holds_nothing_personal_in_clear_and_not_the_keys(over: CliHarness, tmp_path: Path) -> None:
    import zipfile

    zipfile.ZipFile(backup(over)).extractall(tmp_path / "out")
    letters = (tmp_path / "out" / "records" / "letters.jsonl").read_text()
    assert anywhere(tmp_path / "out", WORDS) == []
    assert ADDRESS not in letters
    assert not [path for path in (tmp_path / "out").rglob("*") if "personal" in path.name or "keys" in path.parts]


def test_backups_go_on_after_an_erasure_and_can_be_put_back(over: CliHarness) -> None:
    over.now += timedelta(days=6 * 366)
    erase(over)
    later = over.data.parent / "later.zip"
    over.run("backup", "--to", str(later))
    over.on("2017-01-05").start(reference="SLAC-2017-001", authority="332", notify="2017-01-10")
    over.records.dispose()
    over.run("restore", str(later), "--by", "c.marsh", "--reason", "The disk failed")
    assert verify(over.data).findings == []


def test_before_its_time_it_is_refused_with_the_day(over: CliHarness) -> None:
    assert "2016-11-05" in erase(over, code=3)
    over.on("2016-11-04")
    erase(over, code=3)
    assert anywhere(over.data, WORDS)
    over.on("2016-11-05")
    erase(over)


def test_a_preview_writes_nothing_and_tells_the_day(over: CliHarness) -> None:
    before = over.rows("SELECT * FROM texts"), over.rows("SELECT * FROM events")
    said = json.loads(run("erase", ID, *BY, "--preview", "--json", "--data", str(over.data)).stdout)
    assert (said["erased"], said["kept_until"]) == (False, "2016-11-05")
    assert (over.rows("SELECT * FROM texts"), over.rows("SELECT * FROM events")) == before


@pytest.mark.parametrize(
    ("by", "inspection", "code"),
    [("c.marsh", ID, 3), ("m.okafor", OTHER, 3), ("nobody", ID, 2), ("m.okafor", "X", 2), ("c.marsh", "X", 2)],
)
def test_only_a_manager_erases_and_only_what_is_over(over: CliHarness, by: str, inspection: str, code: int) -> None:
    over.now += timedelta(days=20 * 366)
    over.run("erase", inspection, "--by", by, "--reason", "x", code=code)
    assert anywhere(over.data, WORDS)


def test_what_a_restore_put_aside_has_to_go_first(over: CliHarness) -> None:
    over.records.dispose()
    over.run("restore", str(backup(over)), "--by", "c.marsh", "--reason", "The disk failed")
    over.now += timedelta(days=6 * 366)
    assert "before-restore" in erase(over, code=3)


@pytest.mark.parametrize("point", ["files", "rows"])
def test_cut_off_anywhere_it_is_done_again_to_the_end(
    over: CliHarness, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    over.now += timedelta(days=6 * 366)

    def cut_off(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    over.records.dispose()
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree" if point == "files" else "records.inspections.erasure.write", cut_off)
        assert run("erase", ID, *BY, "--data", str(over.data)).exit_code != 0
    assert KeyStore(over.data).is_erased(ID)
    assert over.rows("SELECT count(*) FROM events WHERE kind = 'personal_data_erased'")[0][0] == 0
    over.now += timedelta(hours=1)
    erase(over)
    assert anywhere(over.data, WORDS) == []
    assert verify(over.data).findings == []


def test_what_was_erased_is_said_to_have_been_on_that_day(over: CliHarness) -> None:
    over.on("2016-11-07")
    assert "was erased already" not in erase(over)
    over.on("2016-11-09")
    assert f"{ID} was erased already, on 2016-11-07" in erase(over)
    assert f"{ID} was erased already, on 2016-11-07." in erase(over, "--preview")
    said = json.loads(over.run("erase", ID, *BY, "--json").stdout)
    assert (said["erased"], said["erased_before"]) == (True, "2016-11-07")
    assert over.rows("SELECT count(*) FROM events WHERE kind = 'personal_data_erased'")[0][0] == 1
