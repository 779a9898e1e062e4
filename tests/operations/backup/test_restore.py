"""Putting a backup back where no engine runs: everything stands as it did, or nothing has changed."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from activities.recording.checkpoints import make_checkpoint
from application.runtime import data_lock, engine_owner, pending_restore
from records.audit.engine_owner import EngineName, hand_over
from records.database import connection as database
from tests.cli_harness import ID, CliHarness, run
from tests.records.verify.verified_records import verify

BACK = ("--by", "c.marsh", "--reason", "The disk failed")


@pytest.fixture
def here(lonely: CliHarness) -> CliHarness:
    """An inspection on site, with a file of each kind; a backup of it lies beside the data."""
    lonely.on_site()
    for name in ("documents/a.pdf", "published/index.html", "history/h.json.gz"):
        (lonely.data / name).parent.mkdir()
        (lonely.data / name).write_text(f"then: {name}")
    lonely.run("backup", "--to", str(file(lonely)))
    return lonely


def file(counter: CliHarness) -> Path:
    return counter.data.parent / "backup.zip"


def events(counter: CliHarness) -> list[Any]:
    return counter.rows("SELECT number, kind, hash FROM events ORDER BY number")


def restore(counter: CliHarness, code: int = 0) -> dict[str, Any]:
    counter.records.dispose()
    found = counter.run("restore", str(file(counter)), *BACK, "--json", code=code).stdout
    return dict(json.loads(found)) if code == 0 else {}


def test_what_was_lost_stands_again(here: CliHarness) -> None:
    before = events(here)
    here.records.dispose()
    for name in ("records.sqlite", "records.sqlite-wal", "records.sqlite-shm"):
        (here.data / name).unlink(missing_ok=True)
    shutil.rmtree(here.data / "documents")
    assert restore(here)["engine"] == "none"
    assert events(here) == before
    assert (here.data / "documents" / "a.pdf").read_text() == "then: documents/a.pdf"
    assert verify(here.data).findings == []


def test_on_an_empty_machine_it_stands_again_once_the_keys_are_put_there(here: CliHarness) -> None:
    before = events(here)
    here.records.dispose()
    here.data.rename(here.data.with_name("old"))
    restore(here, code=3)
    assert not (here.data / "records.sqlite").exists()
    shutil.copytree(here.data.with_name("old") / "keys", here.data / "keys", dirs_exist_ok=True)
    restore(here)
    assert events(here) == before
    assert verify(here.data).findings == []


def test_what_stood_there_lies_aside_and_is_named(here: CliHarness) -> None:
    here.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    (here.data / "documents" / "a.pdf").write_text("damaged")
    (here.data / "documents" / "later.pdf").write_text("came later")
    now = events(here)
    answer = restore(here)
    aside = {Path(one).name: Path(one) for one in answer["aside"]}
    assert (aside["documents"] / "a.pdf").read_text() == "damaged"
    assert (here.data / "documents" / "a.pdf").read_text() == "then: documents/a.pdf"
    assert (here.data / "documents" / "later.pdf").read_text() == "came later"
    shutil.copyfile(aside["records.sqlite"], here.data / "old.sqlite")
    assert here.rows("SELECT 1")  # the new ones can be read
    old = json.loads(json.dumps([list(row) for row in now]))
    assert old[-1][1] == "oral_feedback_given"


def test_what_nobody_knows_any_more_is_named_in_its_place_and_the_check_explains_it(here: CliHarness) -> None:
    here.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    answer = restore(here)
    (one,) = answer["inspections"]
    last = [kind for _, kind, _ in events(here)][-2:]
    assert last == ["event_lost", "records_restored"]
    assert one["events_lost"] == [len(events(here)) - 1]
    report = verify(here.data)
    assert report.findings == []
    assert report.checked["restores"] == 1


def test_restored_records_belong_to_the_engine_that_the_settings_name(here: CliHarness) -> None:
    engine_owner.claim(here.records, EngineName("temporal.example:7233", "inspections"))
    file(here).unlink()
    here.run("backup", "--to", str(file(here)))
    restore(here)
    name = engine_owner.embedded(here.settings)
    assert here.rows("SELECT id, engine, namespace FROM engine_owner") == [(1, name.engine, "default")]
    assert restore(here)["again"]
    with database.writing(here.records) as session:
        hand_over(session, EngineName("temporal.example:7233", "inspections"), here.now)
    assert not restore(here.on("2010-11-19"))["again"]
    engine_owner.require(here.settings, here.records)


def test_the_same_backup_again_changes_nothing(here: CliHarness) -> None:
    here.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    restore(here)
    before = events(here), sorted(here.data.rglob("*"))
    assert restore(here)["again"]
    assert (events(here), sorted(here.data.rglob("*"))) == before


def test_earlier_restores_are_not_forgotten_by_later_ones(here: CliHarness) -> None:
    for day in ("2010-11-18", "2010-11-19"):
        here.on(day).take("give_oral_feedback", "i.ashdown", headings="As discussed")
        assert not restore(here)["again"]
    assert [row[0] for row in here.rows("SELECT number FROM restores ORDER BY number")] == [1, 2]
    assert verify(here.data).findings == []


def test_signed_lists_stay_and_the_next_one_follows_them(here: CliHarness) -> None:
    make_checkpoint(here.records, here.data, here.now)
    here.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    make_checkpoint(here.records, here.data, here.now)
    restore(here)
    make_checkpoint(here.records, here.data, here.now)
    assert [row[0] for row in here.rows("SELECT number FROM checkpoints ORDER BY number")] == [1, 2, 3]
    assert verify(here.data).findings == []
    with closing(sqlite3.connect(here.data / "records.sqlite")) as records, records:
        records.execute("DROP TRIGGER restores_never_go")
        records.execute("DELETE FROM restores")
    assert {one.check for one in verify(here.data).findings} >= {"checkpoint"}


def test_it_is_refused_while_the_system_runs(here: CliHarness) -> None:
    held = data_lock.take(here.data)
    try:
        restore(here, code=3)
    finally:
        os.close(held)


@pytest.mark.parametrize("code", [2, 5])
def test_another_file_or_one_that_was_altered_changes_nothing(here: CliHarness, code: int) -> None:
    whole = file(here).read_bytes()
    file(here).write_bytes(b"nothing" if code == 2 else whole[:-200] + b"x" + whole[-199:])
    before = events(here), sorted(here.data.rglob("*"))
    restore(here, code=code)
    assert (events(here), sorted(here.data.rglob("*"))) == before


def test_somebody_who_is_not_known_restores_nothing(here: CliHarness) -> None:
    before = events(here)
    here.run("restore", str(file(here)), "--by", "nobody", "--reason", "x", code=2)
    assert events(here) == before
    assert not list(here.data.glob("before-restore-*"))


@pytest.mark.parametrize("moves", range(9))
def test_a_crash_leaves_the_old_until_it_is_decided_and_then_the_new(
    here: CliHarness, moves: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off after so many moves: until the decision nothing is changed, after it whoever comes next goes on."""
    here.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    before, rename = events(here), Path.rename
    done: list[Path] = []

    def cut_off(self: Path, target: Path) -> Path:
        if len(done) == moves:
            raise KeyboardInterrupt
        done.append(target)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", cut_off)
    here.records.dispose()
    cut = run("restore", str(file(here)), *BACK, "--data", str(here.data)).exit_code
    monkeypatch.setattr(Path, "rename", rename)
    if cut != 0:
        assert pending_restore.is_cut_off(here.data)
        here.run("list", code=4)
        assert pending_restore.finish(here.settings)
    assert [kind for _, kind, _ in events(here)][-2:] == ["event_lost", "records_restored"]
    assert len(events(here)) == len(before) + 1
    assert verify(here.data).findings == []


def test_a_crash_before_the_decision_changes_nothing(here: CliHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    before = events(here)
    monkeypatch.setattr(pending_restore, "decide", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    here.records.dispose()
    assert run("restore", str(file(here)), *BACK, "--data", str(here.data)).exit_code != 0
    assert events(here) == before
    assert not pending_restore.is_cut_off(here.data)
    monkeypatch.undo()


def test_the_restore_is_seen_in_the_history(here: CliHarness) -> None:
    here.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    restore(here)
    query = "SELECT actor, entry_point, reason_text FROM events WHERE kind = 'records_restored'"
    ((actor, entry_point, reason),) = here.rows(query)
    assert (actor, entry_point) == ("c.marsh", "command line")
    assert here.rows(f"SELECT body FROM texts WHERE id = '{reason}'")[0][0] == "The disk failed"
    assert "records restored" in here.run("history", ID, code=4).output


def test_who_is_not_known_hears_it_before_anything_is_copied(here: CliHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operations.backup.staging.stage", lambda *_: pytest.fail("it was copied"))
    here.records.dispose()
    told = here.run("restore", str(file(here)), "--by", "c.mars", "--reason", "The disk failed", code=2).stderr
    assert "c.mars is unknown; nearest: c.marsh" in told


def test_who_has_left_by_the_backup_puts_nothing_back(here: CliHarness) -> None:
    with here.records.begin() as connection:
        connection.execute(text("UPDATE people SET active = 0 WHERE id = 'c.marsh'"))
    file(here).unlink()
    here.run("backup", "--to", str(file(here)))
    here.records.dispose()
    told = here.run("restore", str(file(here)), *BACK, code=2).stderr
    assert "c.marsh has left by it" in told


def test_a_backup_with_other_tables_changes_nothing(here: CliHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    before = events(here)
    monkeypatch.setattr("operations.backup.create.revision", lambda _: "9999")
    file(here).unlink()
    here.run("backup", "--to", str(file(here)))
    here.records.dispose()
    assert "other tables (9999)" in here.run("restore", str(file(here)), *BACK, code=3).stderr
    assert events(here) == before
    assert not (here.data / ".restoring").exists()
