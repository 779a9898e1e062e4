"""What bears witness beyond restored records: signed lists on file, earlier restores, and what the engine was answered."""

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
class Lost:
    """An event that the records which stood there had, and nobody else knows."""

    inspection: str
    number: int
    kind: str
    by: str
    on: date


def keep_newer_lists(session: Session, files: Iterable[Path], key: str) -> int:
    """Puts the signed lists on file that came after the backup back into their table; answers how many. What was signed
    stays signed: the next list goes on from the newest."""
    connection, kept = session.connection(), 0
    for path in files:
        try:
            one = read_file(path)
        except InspectionError:
            continue
        last = newest(connection)
        after = (last.number + 1, last.sha256) if last else (1, one.previous)
        mine = one.public_key == key and is_signed(one.body, one.signature, key)
        if (one.number, one.previous) != after or not mine:
            continue
        row = {
            "number": one.number,
            "made_at": datetime.fromisoformat(one.made_at),
            "body": one.body,
            "sha256": one.sha256,
        }
        connection.execute(insert(CHECKPOINTS), {**row, "signature": one.signature, "public_key": one.public_key})
        kept += 1
    return kept


def earlier(present: Engine | None) -> tuple[list[dict[str, Any]], Heads]:
    """The restores that were written down so far, and where the heads stood, where the present records can be read."""
    if present is None:
        return [], {}
    rows: list[dict[str, Any]] = []
    there: Heads = {}
    with suppress(Exception), reading(present) as session:  # whatever is wrong with them: they are being replaced
        there = heads(session.connection())
        query = select(RESTORES).order_by(RESTORES.c.number)
        rows = [dict(row) for row in session.connection().execute(query).mappings()]
    return rows, there


def keep_readings(session: Session, present: Engine | None) -> int:
    """Keeps what the access log held beyond the backup, where the present records can be read; answers how many readings."""
    with suppress(Exception):
        if present is not None:
            with reading(present) as there:
                return access_log.carry_over(session, there)
    return 0


def not_told(connection: Connection, present: Engine | None, went_back: Heads, touched: Iterable[str]) -> list[Lost]:
    """What the records that stood there say people did since the backup, and the restored ones do not have: by their own
    word, which nobody else bears out. Empty where they cannot be read."""
    found: list[Lost] = []
    if present is None:
        return found
    columns = (EVENTS.c.number, EVENTS.c.kind, EVENTS.c.actor, EVENTS.c.happened_on, EVENTS.c.command_id)
    with suppress(Exception), reading(present) as session:
        for inspection in touched:
            known = select(EVENTS.c.command_id).where(EVENTS.c.inspection_id == inspection)
            there = set(connection.execute(known).scalars())
            later = select(*columns).where(
                EVENTS.c.inspection_id == inspection, EVENTS.c.number > max(went_back.get(inspection, (0, ""))[0], 1)
            )
            for row in session.connection().execute(later.order_by(EVENTS.c.number)):
                if row.command_id not in there and row.actor != "system":
                    found.append(Lost(inspection, row.number, row.kind, row.actor, row.happened_on))
    return found


def statements(
    connection: Connection, tales: Iterable[ReplayedInspection], present: Heads
) -> frozenset[RestoreStatement]:
    """Everything anybody bears witness to: inspection, number of an event, hash."""
    found: set[RestoreStatement] = {(inspection, number, proof) for inspection, (number, proof) in present.items()}
    for row in connection.execute(select(CHECKPOINTS)).mappings():
        one = of_row(row)
        found |= {(inspection, number, proof) for inspection, (number, proof) in one.heads.items()} | set(one.beside())
    for tale in tales:
        found |= {(tale.inspection, number, proof) for number, proof in tale.heads}
    return frozenset(found)


def reaches(stated: Iterable[RestoreStatement]) -> dict[str, int]:
    """Inspection -> the newest event anybody bears witness to."""
    found: dict[str, int] = {}
    for inspection, number, _ in stated:
        found[inspection] = max(number, found.get(inspection, 0))
    return found


def no_longer(connection: Connection, stated: Iterable[RestoreStatement]) -> list[RestoreStatement]:
    """The statements that the log does not bear out (any more)."""
    wanted = sorted(stated)
    known: Mapping[str, dict[int, str]] = {}
    missing: list[RestoreStatement] = []
    for inspection, number, proof in wanted:
        if covers_calendars_and_access_log(inspection):
            missing += [] if is_valid(connection, (inspection, number, proof)) else [(inspection, number, proof)]
            continue
        if inspection not in known:
            query = select(EVENTS.c.number, EVENTS.c.hash).where(EVENTS.c.inspection_id == inspection)
            known = {inspection: {row[0]: row[1] for row in connection.execute(query)}}
        if known[inspection].get(number) != proof:
            missing.append((inspection, number, proof))
    return missing
