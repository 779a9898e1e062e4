"""`inspections access`: what was read is on record, with the person named and the account."""

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import text

from activities.recording.checkpoints import make_checkpoint
from application.runtime.os_account import who_runs_this
from records.audit.access_log import entries
from records.audit.checkpoints import files
from records.database import connection as database
from tests.cli_harness import ID, CliHarness, fits, run

READING = (
    ("show", ID),
    ("show", ID, "--as-of", "2010-11-02"),
    ("history",),
    ("history", ID, "--kind", "notified"),
    ("explain", ID, "draft_report"),
    ("verify", ID),
    ("access", "--by", "a.vale"),
)


def readings(cli: CliHarness, *words: str) -> list[tuple[Any, ...]]:
    rows = cli.json("access", *words)
    return [(row["command"], row["inspection"], row["person"], row["ran_as"], row["asked"]) for row in rows]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_what_is_read_is_on_record(cli: CliHarness, words: tuple[str, ...]) -> None:
    cli.notified().run(*words)
    itself, before = readings(cli)
    assert itself[0] == "access"
    command, inspection, person, account, parameters = before
    assert (command, inspection) == (words[0], ID if ID in words else None)
    assert (person, account) == (None, who_runs_this())
    assert parameters == READING_ASKED.get(words, {})


READING_ASKED = {
    ("show", ID, "--as-of", "2010-11-02"): {"as_of": "2010-11-02"},
    ("history", ID, "--kind", "notified"): {"kind": "notified"},
    ("explain", ID, "draft_report"): {"limit": "draft_report"},
    ("access", "--by", "a.vale"): {"by": "a.vale"},
}


def test_what_is_taken_away_is_on_record_with_what_was_left_out(cli: CliHarness, tmp_path: Path) -> None:
    cli.notified().run("export", ID, "--to", str(tmp_path / "file.zip"))
    _, (command, inspection, _, _, parameters) = readings(cli)
    assert (command, inspection, parameters) == ("export", ID, {"personal": "leave-out", "to": "file.zip"})


def test_the_person_who_takes_an_export_is_the_one_who_read_it(cli: CliHarness, tmp_path: Path) -> None:
    cli.notified().run("export", ID, "--to", str(tmp_path / "file.zip"), "--by", "c.marsh")
    assert [row[:3] for row in readings(cli, "--by", "c.marsh")] == [("export", ID, "c.marsh")]


def test_a_backup_is_on_record(cli: CliHarness, tmp_path: Path) -> None:
    cli.notified().run("backup", "--to", str(tmp_path / "backup.zip"))
    _, (command, inspection, _, _, parameters) = readings(cli)
    assert (command, inspection, parameters) == ("backup", None, {"to": "backup.zip"})


def test_who_reads_is_named_for_one_call_or_by_a_setting(cli: CliHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.notified()
    assert run("--as", "a.vale", "show", ID, "--data", str(cli.data)).exit_code == 0
    monkeypatch.setenv("INSPECTIONS_PERSON", "m.okafor")
    cli.run("history", ID)
    assert run("--as", "c.marsh", "history", "--data", str(cli.data)).exit_code == 0
    monkeypatch.delenv("INSPECTIONS_PERSON")
    assert [row[2] for row in readings(cli)] == [None, "c.marsh", "m.okafor", "a.vale"]
    assert [row[0] for row in readings(cli, "--by", "a.vale")] == ["show"]
    assert [row[0] for row in readings(cli, "--words", f"show {ID}")] == ["access", "show"]


def test_an_unknown_reader_reads_nothing(cli: CliHarness) -> None:
    cli.notified()
    result = run("--as", "a.val", "show", ID, "--data", str(cli.data))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nearest: a.vale" in result.stderr


def test_what_was_asked_in_vain_is_on_record_too(cli: CliHarness) -> None:
    cli.start()
    cli.run("show", "SLAC-2010-999", code=2)
    assert readings(cli)[1][:2] == ("show", "SLAC-2010-999")


def test_readings_fit_the_screen_and_come_in_pages(cli: CliHarness) -> None:
    cli.notified()
    for words in READING:
        cli.run(*words)
    output = cli.run("access", "--page-size", "2").stdout
    assert fits(output)
    assert "the next page begins --after 7" in output
    assert [row["number"] for row in cli.json("access", "--after", "7", "--page-size", "2")] == [6, 5]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--from", "2010-12-01", "--to", "2010-11-30"), "is after --to"),
        (("--from", "soon"), "--from"),
        (("--words", "!"), "must hold a word"),
        (("--after", "x"), "--after"),
    ],
)
def test_a_filter_that_cannot_be_is_wrong_input(cli: CliHarness, words: tuple[str, ...], expected: str) -> None:
    assert expected in cli.run("access", *words, code=2).stderr


def test_words_searched_for_are_counted_and_marked_and_kept_nowhere(cli: CliHarness) -> None:
    cli.notified()
    for words in ("Zebedee Quillfeather", "quillfeather ZEBEDEE", "Zebedee"):
        cli.run("history", "--words", words)
    first, again, other = [row[4] for row in readings(cli, "--words", "history")][:0:-1]
    assert (first["words"], again["words"], other["words"]) == (2, 2, 1)
    assert first["words_mark"] == again["words_mark"] != other["words_mark"]
    searches = readings(cli, "--words", "Zebedee Quillfeather")
    assert [what[0] for what in searches] == ["access", "history", "history"]
    holding = [path for path in cli.data.rglob("*") if path.is_file() and b"quillfeather" in path.read_bytes().lower()]
    assert holding == []
    assert stat.S_IMODE((cli.data / "keys" / "access.key").stat().st_mode) == 0o600


def test_the_same_words_have_another_mark_in_another_log(cli: CliHarness) -> None:
    cli.notified().run("history", "--words", "Zebedee")
    (cli.data / "keys" / "access.key").unlink()
    cli.run("history", "--words", "Zebedee")
    _, second, first = readings(cli)
    assert first[4]["words_mark"] != second[4]["words_mark"]


# Where it cannot be written --------------------------------------------------------------------------------------------


def test_a_file_that_may_only_be_read_is_read_and_the_reader_warned(
    cli: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.notified()
    with cli.records.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    cli.records.dispose()
    before = (cli.data / "records.sqlite").read_bytes()
    monkeypatch.setattr(database, "_is_writable", lambda _: False)  # nothing keeps a superuser from writing
    result = cli.run("history", ID)
    assert "notified" in result.stdout
    assert "not in the access log" in result.stderr
    assert "it cannot be written" in result.stderr
    assert (cli.data / "records.sqlite").read_bytes() == before
    assert not list(cli.data.glob("records.sqlite-*"))


def test_a_file_in_use_that_may_only_be_read_is_read_with_what_stands_in_its_log(
    cli: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.notified()
    other = sqlite3.connect(cli.data / "records.sqlite")
    other.execute("UPDATE inspections SET lead = 'i.bellamy'")
    other.commit()
    monkeypatch.setattr(database, "_is_writable", lambda _: False)
    assert cli.json("list")[0]["lead"] == "i.bellamy"
    other.close()


DEEDS = {
    ("erase", ID, "--reason", "Its time is over"): (
        ("erase", ID),
        {"outcome": "refused", "why": "is not over", "reason": "Its time is over"},
    ),
    ("holidays", "add", "2010-12-27", "Again", "--reason", "None yet"): (
        ("holidays add", None),
        {"outcome": "refused", "why": "", "reason": "None yet", "change": "2010-12-27 added"},
    ),
    ("restore", "no-such-file.zip", "--reason", "The disk failed"): (
        ("restore", None),
        {"outcome": "refused", "why": "no-such-file.zip", "reason": "The disk failed", "file": "no-such-file.zip"},
    ),
}


@pytest.mark.parametrize("words", DEEDS, ids=lambda words: words[0])
def test_what_was_refused_is_on_record_with_who_and_why(cli_without_engine: CliHarness, words: tuple[str, ...]) -> None:
    cli = cli_without_engine.notified()
    cli.records.dispose()
    for by in ("m.okafor", "no.body"):
        assert run(*words, "--by", by, "--data", str(cli.data)).exit_code != 0
    with database.reading(cli.records) as session:
        second, first = entries(session)[:2]
    (command, inspection), expected = DEEDS[words]
    assert (first.person, second.person) == ("m.okafor", "no.body")
    for entry in (first, second):
        assert (entry.command, entry.inspection or None, entry.ran_as) == (command, inspection, who_runs_this())
    assert {name: value for name, value in first.parameters.items() if name in expected and name != "why"} == {
        name: value for name, value in expected.items() if name != "why"
    }
    assert str(expected["why"]) in str(first.parameters["why"])


def test_a_restore_that_was_made_is_on_record_and_the_log_goes_on(
    cli_without_engine: CliHarness, tmp_path: Path
) -> None:
    cli = cli_without_engine.notified()
    cli.run("backup", "--to", str(tmp_path / "b.zip"))
    cli.take("defer", "m.okafor", reason="An election")
    cli.records.dispose()
    cli.run("restore", str(tmp_path / "b.zip"), "--by", "c.marsh", "--reason", "The disk failed")
    with database.reading(cli.records) as session:
        newest, before = entries(session)[:2]
    assert (newest.command, newest.person, newest.parameters["outcome"]) == ("restore", "c.marsh", "made")
    assert (newest.parameters["restore"], before.command) == (1, "backup")


# Where it is locked or cannot be read ---------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("show", ID), ("history",), ("verify", ID)], ids=" ".join)
def test_a_reader_does_not_wait_long_for_a_writer(cli: CliHarness, words: tuple[str, ...]) -> None:
    cli.notified()
    with closing(sqlite3.connect(cli.data / "records.sqlite")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        began = perf_counter()
        result = cli.run(*words)
        assert perf_counter() - began < 5
    assert result.stdout
    assert result.stderr.startswith("this reading is not in the access log: the database")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [("show", ID), ("verify",), ("erase", ID, "--by", "m.okafor", "--reason", "x")])
def test_records_that_cannot_be_read_are_reported_in_one_line(cli: CliHarness, words: tuple[str, ...]) -> None:
    cli.notified()
    cli.records.dispose()
    for part in ("-wal", "-shm"):
        (cli.data / f"records.sqlite{part}").unlink(missing_ok=True)
    (cli.data / "records.sqlite").write_text("no database at all")
    assert cli.run(*words, code=4).stderr.count("\n") == 1


def test_records_that_are_wholly_locked_are_reported_in_one_line_and_soon(cli: CliHarness) -> None:
    cli.notified()
    cli.records.dispose()
    with closing(sqlite3.connect(cli.data / "records.sqlite")) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        began = perf_counter()
        result = cli.run("show", ID, code=4)
        assert perf_counter() - began < 5
    assert "locked" in result.stderr
    assert result.stderr.count("\n") == 1


def test_which_list_was_held_against_the_log_is_on_record(cli: CliHarness, tmp_path: Path) -> None:
    cli.notified()
    make_checkpoint(cli.records, cli.data, cli.now)
    checkpoint = shutil.copy(files(cli.data)[0], tmp_path / "kept.json")
    cli.run("verify", "--witness", str(checkpoint))
    assert readings(cli)[1][::4] == ("verify", {"witness": "kept.json"})
