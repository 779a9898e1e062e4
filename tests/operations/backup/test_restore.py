"""Restoring a backup without an engine: everything is restored, or nothing has changed."""

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
def on_site(cli_without_engine: CliHarness) -> CliHarness:
    """An inspection on site, with a file of each kind, and a backup of it beside the data."""
    cli_without_engine.on_site()
    for name in ("documents/a.pdf", "published/index.html", "history/h.json.gz"):
        (cli_without_engine.data / name).parent.mkdir()
        (cli_without_engine.data / name).write_text(f"then: {name}")
    cli_without_engine.run("backup", "--to", str(file(cli_without_engine)))
    return cli_without_engine


def file(cli: CliHarness) -> Path:
    return cli.data.parent / "backup.zip"


def events(cli: CliHarness) -> list[Any]:
    return cli.rows("SELECT number, kind, hash FROM events ORDER BY number")


def restore(cli: CliHarness, code: int = 0) -> dict[str, Any]:
    cli.records.dispose()
    answer = cli.run("restore", str(file(cli)), *BACK, "--json", code=code).stdout
    return dict(json.loads(answer)) if code == 0 else {}


def test_lost_records_and_files_are_restored(on_site: CliHarness) -> None:
    before = events(on_site)
    on_site.records.dispose()
    for name in ("records.sqlite", "records.sqlite-wal", "records.sqlite-shm"):
        (on_site.data / name).unlink(missing_ok=True)
    shutil.rmtree(on_site.data / "documents")
    assert restore(on_site)["engine"] == "none"
    assert events(on_site) == before
    assert (on_site.data / "documents" / "a.pdf").read_text() == "then: documents/a.pdf"
    assert verify(on_site.data).findings == []


def test_on_an_empty_machine_a_restore_needs_the_keys(on_site: CliHarness) -> None:
    before = events(on_site)
    on_site.records.dispose()
    on_site.data.rename(on_site.data.with_name("old"))
    restore(on_site, code=3)
    assert not (on_site.data / "records.sqlite").exists()
    shutil.copytree(on_site.data.with_name("old") / "keys", on_site.data / "keys", dirs_exist_ok=True)
    restore(on_site)
    assert events(on_site) == before
    assert verify(on_site.data).findings == []


def test_the_previous_state_is_moved_aside_and_named(on_site: CliHarness) -> None:
    on_site.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    (on_site.data / "documents" / "a.pdf").write_text("damaged")
    (on_site.data / "documents" / "later.pdf").write_text("came later")
    now = events(on_site)
    answer = restore(on_site)
    aside = {Path(path).name: Path(path) for path in answer["aside"]}
    assert (aside["documents"] / "a.pdf").read_text() == "damaged"
    assert (on_site.data / "documents" / "a.pdf").read_text() == "then: documents/a.pdf"
    assert (on_site.data / "documents" / "later.pdf").read_text() == "came later"
    shutil.copyfile(aside["records.sqlite"], on_site.data / "old.sqlite")
    assert on_site.rows("SELECT 1")  # the restored records can be read
    old = json.loads(json.dumps([list(row) for row in now]))
    assert old[-1][1] == "oral_feedback_given"


def test_a_lost_event_is_replaced_and_verify_finds_nothing(on_site: CliHarness) -> None:
    on_site.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    answer = restore(on_site)
    (inspection,) = answer["inspections"]
    last = [kind for _, kind, _ in events(on_site)][-2:]
    assert last == ["event_lost", "records_restored"]
    assert inspection["events_lost"] == [len(events(on_site)) - 1]
    report = verify(on_site.data)
    assert report.findings == []
    assert report.checked["restores"] == 1


def test_restored_records_belong_to_the_engine_that_the_settings_name(on_site: CliHarness) -> None:
    engine_owner.claim(on_site.records, EngineName("temporal.example:7233", "inspections"))
    file(on_site).unlink()
    on_site.run("backup", "--to", str(file(on_site)))
    restore(on_site)
    name = engine_owner.embedded(on_site.settings)
    assert on_site.rows("SELECT id, engine, namespace FROM engine_owner") == [(1, name.engine, "default")]
    assert restore(on_site)["again"]
    with database.writing(on_site.records) as session:
        hand_over(session, EngineName("temporal.example:7233", "inspections"), on_site.now)
    assert not restore(on_site.on("2010-11-19"))["again"]
    engine_owner.require(on_site.settings, on_site.records)


def test_the_same_backup_again_changes_nothing(on_site: CliHarness) -> None:
    on_site.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    restore(on_site)
    before = events(on_site), sorted(on_site.data.rglob("*"))
    assert restore(on_site)["again"]
    assert (events(on_site), sorted(on_site.data.rglob("*"))) == before


def test_a_later_restore_keeps_the_statements_of_earlier_ones(on_site: CliHarness) -> None:
    for day in ("2010-11-18", "2010-11-19"):
        on_site.on(day).take("give_oral_feedback", "i.ashdown", headings="As discussed")
        assert not restore(on_site)["again"]
    assert [row[0] for row in on_site.rows("SELECT number FROM restores ORDER BY number")] == [1, 2]
    assert verify(on_site.data).findings == []


def test_checkpoints_are_kept_and_the_next_one_follows_them(on_site: CliHarness) -> None:
    make_checkpoint(on_site.records, on_site.data, on_site.now)
    on_site.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    make_checkpoint(on_site.records, on_site.data, on_site.now)
    restore(on_site)
    make_checkpoint(on_site.records, on_site.data, on_site.now)
    assert [row[0] for row in on_site.rows("SELECT number FROM checkpoints ORDER BY number")] == [1, 2, 3]
    assert verify(on_site.data).findings == []
    with closing(sqlite3.connect(on_site.data / "records.sqlite")) as records, records:
        records.execute("DROP TRIGGER restores_never_go")
        records.execute("DELETE FROM restores")
    assert {finding.check for finding in verify(on_site.data).findings} >= {"checkpoint"}


def test_a_restore_is_refused_while_the_system_runs(on_site: CliHarness) -> None:
    lock = data_lock.take(on_site.data)
    try:
        restore(on_site, code=3)
    finally:
        os.close(lock)


@pytest.mark.parametrize("code", [2, 5])
def test_another_file_or_an_altered_backup_changes_nothing(on_site: CliHarness, code: int) -> None:
    whole = file(on_site).read_bytes()
    file(on_site).write_bytes(b"nothing" if code == 2 else whole[:-200] + b"x" + whole[-199:])
    before = events(on_site), sorted(on_site.data.rglob("*"))
    restore(on_site, code=code)
    assert (events(on_site), sorted(on_site.data.rglob("*"))) == before


def test_an_unknown_person_restores_nothing(on_site: CliHarness) -> None:
    before = events(on_site)
    on_site.run("restore", str(file(on_site)), "--by", "nobody", "--reason", "x", code=2)
    assert events(on_site) == before
    assert not list(on_site.data.glob("before-restore-*"))


@pytest.mark.parametrize("moves", range(9))
def test_a_crash_leaves_the_old_state_before_the_decision_and_the_new_state_after_it(
    on_site: CliHarness, moves: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupts the restore after so many moves: the next command completes it."""
    on_site.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    before, rename = events(on_site), Path.rename
    done: list[Path] = []

    def interrupt(self: Path, target: Path) -> Path:
        if len(done) == moves:
            raise KeyboardInterrupt
        done.append(target)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupt)
    on_site.records.dispose()
    code = run("restore", str(file(on_site)), *BACK, "--data", str(on_site.data)).exit_code
    monkeypatch.setattr(Path, "rename", rename)
    if code != 0:
        assert pending_restore.is_cut_off(on_site.data)
        on_site.run("list", code=4)
        assert pending_restore.finish(on_site.settings)
    assert [kind for _, kind, _ in events(on_site)][-2:] == ["event_lost", "records_restored"]
    assert len(events(on_site)) == len(before) + 1
    assert verify(on_site.data).findings == []


def test_a_crash_before_the_decision_changes_nothing(on_site: CliHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    before = events(on_site)
    monkeypatch.setattr(pending_restore, "decide", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    on_site.records.dispose()
    assert run("restore", str(file(on_site)), *BACK, "--data", str(on_site.data)).exit_code != 0
    assert events(on_site) == before
    assert not pending_restore.is_cut_off(on_site.data)
    monkeypatch.undo()


def test_the_history_shows_the_restore(on_site: CliHarness) -> None:
    on_site.on("2010-11-18").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    restore(on_site)
    query = "SELECT actor, entry_point, reason_text FROM events WHERE kind = 'records_restored'"
    ((actor, entry_point, reason),) = on_site.rows(query)
    assert (actor, entry_point) == ("c.marsh", "command line")
    assert on_site.rows(f"SELECT body FROM texts WHERE id = '{reason}'")[0][0] == "The disk failed"
    assert "records restored" in on_site.run("history", ID, code=4).output


def test_an_unknown_person_is_refused_before_anything_is_copied(
    on_site: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.backup.staging.stage", lambda *_: pytest.fail("it was copied"))
    on_site.records.dispose()
    message = on_site.run("restore", str(file(on_site)), "--by", "c.mars", "--reason", "The disk failed", code=2).stderr
    assert "c.mars is unknown; nearest: c.marsh" in message


def test_a_person_who_has_left_by_the_backup_is_refused(on_site: CliHarness) -> None:
    with on_site.records.begin() as connection:
        connection.execute(text("UPDATE people SET active = 0 WHERE id = 'c.marsh'"))
    file(on_site).unlink()
    on_site.run("backup", "--to", str(file(on_site)))
    on_site.records.dispose()
    message = on_site.run("restore", str(file(on_site)), *BACK, code=2).stderr
    assert "c.marsh has left by it" in message


def test_a_backup_with_other_tables_changes_nothing(on_site: CliHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    before = events(on_site)
    monkeypatch.setattr("operations.backup.create.revision", lambda _: "9999")
    file(on_site).unlink()
    on_site.run("backup", "--to", str(file(on_site)))
    on_site.records.dispose()
    assert "other tables (9999)" in on_site.run("restore", str(file(on_site)), *BACK, code=3).stderr
    assert events(on_site) == before
    assert not (on_site.data / ".restoring").exists()
