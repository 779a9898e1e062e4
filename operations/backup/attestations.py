"""Attestations of events that restored records lack: checkpoints on file, earlier restores, the engine's histories."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, select
from sqlmodel import Session

from framework.common.errors import InspectionError
from operations.backup.workflow_replay import ReplayedInspection
from records.audit import access_log
from records.audit.checkpoints import Heads, covers_calendars_and_access_log, heads, is_valid, newest, of_row, read_file
from records.audit.restores import RestoreStatement
from records.audit.signing import is_signed
from records.database.connection import reading
from records.tables.checkpoints import CHECKPOINTS
from records.tables.inspections import EVENTS
from records.tables.restores import RESTORES


@dataclass(frozen=True, slots=True)
class LostEvent:
    """An event that only the previous records have."""

    inspection: str
    number: int
    kind: str
    by: str
    on: date


def carry_over_checkpoints(session: Session, files: Iterable[Path], key: str) -> int:
    """Inserts the checkpoints on file that were made after the backup and signed with `key`; returns their number.

    The next checkpoint then follows the newest of them."""
    connection, count = session.connection(), 0
    for path in files:
        try:
            checkpoint = read_file(path)
        except InspectionError:
            continue
        last = newest(connection)
        expected = (last.number + 1, last.sha256) if last else (1, checkpoint.previous)
        signed = checkpoint.public_key == key and is_signed(checkpoint.body, checkpoint.signature, key)
        if (checkpoint.number, checkpoint.previous) != expected or not signed:
            continue
        row = {
            "number": checkpoint.number,
            "made_at": datetime.fromisoformat(checkpoint.made_at),
            "body": checkpoint.body,
            "sha256": checkpoint.sha256,
            "signature": checkpoint.signature,
            "public_key": checkpoint.public_key,
        }
        connection.execute(insert(CHECKPOINTS), row)
        count += 1
    return count


def previous_restores(present: Engine | None) -> tuple[list[dict[str, Any]], Heads]:
    """Returns the rows of earlier restores and the heads of the present records; both empty if these cannot be read."""
    if present is None:
        return [], {}
    rows: list[dict[str, Any]] = []
    present_heads: Heads = {}
    # Any error is suppressed: records that are restored may be damaged in any way, and are replaced.
    with suppress(Exception), reading(present) as session:
        present_heads = heads(session.connection())
        query = select(RESTORES).order_by(RESTORES.c.number)
        rows = [dict(row) for row in session.connection().execute(query).mappings()]
    return rows, present_heads


def carry_over_access_log(session: Session, present: Engine | None) -> int:
    """Inserts the rows of the present access log that the backup lacks; returns their number, 0 if it cannot be read."""
    with suppress(Exception):
        if present is not None:
            with reading(present) as source:
                return access_log.carry_over(session, source)
    return 0


def lost_events(
    connection: Connection, present: Engine | None, went_back: Heads, changed: Iterable[str]
) -> list[LostEvent]:
    """Returns the events by people that the present records have since the backup and the restored ones lack.

    Nothing else attests them. Empty if the present records cannot be read."""
    lost: list[LostEvent] = []
    if present is None:
        return lost
    columns = (EVENTS.c.number, EVENTS.c.kind, EVENTS.c.actor, EVENTS.c.happened_on, EVENTS.c.command_id)
    with suppress(Exception), reading(present) as session:
        for inspection in changed:
            restored = select(EVENTS.c.command_id).where(EVENTS.c.inspection_id == inspection)
            commands = set(connection.execute(restored).scalars())
            later = select(*columns).where(
                EVENTS.c.inspection_id == inspection, EVENTS.c.number > max(went_back.get(inspection, (0, ""))[0], 1)
            )
            for row in session.connection().execute(later.order_by(EVENTS.c.number)):
                if row.command_id not in commands and row.actor != "system":
                    lost.append(LostEvent(inspection, row.number, row.kind, row.actor, row.happened_on))
    return lost


def attested_events(
    connection: Connection, inspections: Iterable[ReplayedInspection], present: Heads
) -> frozenset[RestoreStatement]:
    """Returns every attested event as inspection, number and hash: from present heads, checkpoints and histories."""
    attested: set[RestoreStatement] = {(inspection, number, digest) for inspection, (number, digest) in present.items()}
    for row in connection.execute(select(CHECKPOINTS)).mappings():
        checkpoint = of_row(row)
        attested |= {(inspection, number, digest) for inspection, (number, digest) in checkpoint.heads.items()}
        attested |= set(checkpoint.beside())
    for replayed in inspections:
        attested |= {(replayed.inspection, number, digest) for number, digest in replayed.heads}
    return frozenset(attested)


def newest_attested(attested: Iterable[RestoreStatement]) -> dict[str, int]:
    """Returns inspection -> the number of its newest attested event."""
    newest_number: dict[str, int] = {}
    for inspection, number, _ in attested:
        newest_number[inspection] = max(number, newest_number.get(inspection, 0))
    return newest_number


def missing_events(connection: Connection, attested: Iterable[RestoreStatement]) -> list[RestoreStatement]:
    """Returns the attested events that the log does not hold with this hash."""
    hashes: Mapping[str, dict[int, str]] = {}
    missing: list[RestoreStatement] = []
    for inspection, number, digest in sorted(attested):
        if covers_calendars_and_access_log(inspection):
            missing += [] if is_valid(connection, (inspection, number, digest)) else [(inspection, number, digest)]
            continue
        if inspection not in hashes:
            query = select(EVENTS.c.number, EVENTS.c.hash).where(EVENTS.c.inspection_id == inspection)
            hashes = {inspection: {row[0]: row[1] for row in connection.execute(query)}}
        if hashes[inspection].get(number) != digest:
            missing.append((inspection, number, digest))
    return missing
