"""What attests events that restored records lack: checkpoints on file, histories of the engine, the previous records."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from activities.recording.checkpoints import make_checkpoint
from operations.backup import attestations
from operations.backup.workflow_replay import ReplayedInspection
from records.audit import checkpoints
from records.audit.signing import public_key
from records.database import connection as database
from records.database.connection import reading, writing
from tests.cli_harness import CliHarness
from tests.records import builders
from tests.records.builders import ID, event


class PreviousRecords(CliHarness):
    """A data folder with one inspection, and a copy of its records that plays the part of the restored ones."""

    def restored(self) -> Engine:
        """Copies the records as they are now; returns the copy."""
        with self.records.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        copy = self.data.parent / "restored.sqlite"
        shutil.copyfile(self.data / "records.sqlite", copy)
        return database.connect(f"sqlite:///{copy}")

    def checkpoint_files(self) -> list[Path]:
        """Records one more event with a checkpoint behind it; returns the files of all checkpoints."""
        builders.record(self.records, f"c{len(self.heads())}-{len(list(self.data.rglob('*')))}", self.heads()[ID][0])
        make_checkpoint(self.records, self.data, self.now)
        return list(checkpoints.files(self.data))

    def heads(self) -> checkpoints.Heads:
        with reading(self.records) as session:
            return checkpoints.heads(session.connection())


@pytest.fixture
def previous(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PreviousRecords:
    previous = PreviousRecords(tmp_path, monkeypatch, marked=False)
    builders.begin(previous.records)
    builders.append_order(previous.records)
    return previous


def carry_over(previous: PreviousRecords, restored: Engine, files: list[Path]) -> int:
    with writing(restored) as session:
        return attestations.carry_over_checkpoints(session, files, public_key(previous.data))


def test_checkpoints_made_since_the_backup_are_carried_over_in_their_order(previous: PreviousRecords) -> None:
    previous.checkpoint_files()
    restored = previous.restored()
    previous.checkpoint_files()
    files = previous.checkpoint_files()
    assert carry_over(previous, restored, files) == 2
    with reading(restored) as session:
        assert checkpoints.numbers(session) == [1, 2, 3]
    assert carry_over(previous, restored, files) == 0


def _altered(path: Path, **members: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **members}))


@pytest.mark.parametrize("fault", ["no checkpoint", "unsigned", "of another key", "the one before is missing"])
def test_a_file_that_attests_nothing_is_not_carried_over(previous: PreviousRecords, fault: str) -> None:
    restored = previous.restored()
    first, second = (previous.checkpoint_files(), previous.checkpoint_files())[1]
    if fault == "no checkpoint":
        first.write_text("{}")
    elif fault == "unsigned":
        _altered(first, signature=json.loads(second.read_text())["signature"])
    elif fault == "of another key":
        _altered(first, public_key="0" * 64)
    else:
        first.unlink()
    assert carry_over(previous, restored, [path for path in (first, second) if path.exists()]) == 0


def test_events_of_people_that_only_the_previous_records_have_are_named(previous: PreviousRecords) -> None:
    restored, before = previous.restored(), previous.heads()
    builders.record(previous.records, "c1", 1, [event("documents_received"), event("reminder_sent", by="system")])
    with reading(restored) as session:
        lost = attestations.lost_events(session.connection(), previous.records, before, [ID])
    assert [(row.number, row.kind, row.by) for row in lost] == [(2, "documents_received", "c.marsh")]


def test_an_event_that_was_written_again_is_not_lost(previous: PreviousRecords) -> None:
    restored, before = previous.restored(), previous.heads()
    for engine in (previous.records, restored):
        builders.record(engine, "c1", 1)
    with reading(restored) as session:
        assert attestations.lost_events(session.connection(), previous.records, before, [ID]) == []


def test_damaged_previous_records_attest_nothing_and_stop_nothing(previous: PreviousRecords) -> None:
    damaged = previous.data.parent / "damaged.sqlite"
    damaged.write_bytes(b"no database")
    present = database.connect(f"sqlite:///{damaged}")
    assert attestations.previous_restores(present) == ([], {})
    with writing(previous.records) as session:
        assert attestations.carry_over_access_log(session, present) == 0
        assert attestations.lost_events(session.connection(), present, {}, [ID]) == []


def test_attested_events_are_those_of_previous_heads_checkpoints_and_histories(previous: PreviousRecords) -> None:
    previous.checkpoint_files()
    number, digest = previous.heads()[ID]
    history = ReplayedInspection("SLAC-2010-002", heads=[(7, "b" * 64)])
    with reading(previous.records) as session:
        attested = attestations.attested_events(session.connection(), [history], {ID: (9, "a" * 64)})
    assert {(ID, number, digest), (ID, 9, "a" * 64), ("SLAC-2010-002", 7, "b" * 64)} <= attested
    newest = attestations.newest_attested(attested)
    assert (newest[ID], newest["SLAC-2010-002"]) == (9, 7)


def test_an_attested_event_is_missing_where_the_log_holds_none_or_another_one(previous: PreviousRecords) -> None:
    held = (ID, *previous.heads()[ID])
    other, beyond = (ID, 1, "c" * 64), (ID, 5, "d" * 64)
    calendar = (f"{checkpoints.CALENDAR}england-9999.1", 0, "e" * 64)
    with reading(previous.records) as session:
        missing = attestations.missing_events(session.connection(), [held, other, beyond, calendar])
    assert missing == sorted([other, beyond, calendar])
