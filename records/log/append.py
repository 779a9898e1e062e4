"""Appends events to the log of an inspection, numbered without a gap.

The inspection's row is locked meanwhile, so that the workflow and entry points can both append."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update
from sqlmodel import Session

from framework.common.errors import BadInput, InspectionError, Remedy
from framework.messages.events import Event
from records.log import word_index
from records.log.hash_chain import GENESIS, EventKey, canonical, digest
from records.log.texts import known_bodies, text_commitments, text_ids
from records.tables.inspections import EVENTS, INSPECTIONS


@dataclass(frozen=True, slots=True)
class Appended:
    """The state of the log after an append."""

    head: int
    """The number of its last event."""
    hash: str
    first_event: int
    """The number of its first event; 0 where it had none."""
    recorded: datetime | None = None
    """The moment of recording of these events, where they were written by this call."""
    already_committed: bool = False
    """True where the command was committed before: these are its rows."""


class VersionConflict(InspectionError):
    """Other events were appended to the inspection since the caller read it; the caller reads it again."""


Head = RowMapping
"""The inspection's locked row."""

_HEAD = select(INSPECTIONS).where(INSPECTIONS.c.id == bindparam("inspection"))
_LOCKED = _HEAD.with_for_update()
"""On SQLite a plain read: it has one writer at a time."""
_OF_COMMAND = (
    select(EVENTS.c.number, EVENTS.c.hash)
    .where(EVENTS.c.inspection_id == bindparam("inspection"), EVENTS.c.command_id == bindparam("command"))
    .order_by(EVENTS.c.ordinal)
)
_NEWEST = select(EVENTS.c.recorded_at).where(
    EVENTS.c.inspection_id == bindparam("inspection"), EVENTS.c.number == bindparam("number")
)
_INSERT = insert(EVENTS)
_MOVE_HEAD = (
    update(INSPECTIONS)
    .where(INSPECTIONS.c.id == bindparam("inspection"))
    .values(head_number=bindparam("number"), head_hash=bindparam("hash"))
)


def append(
    session: Session,
    inspection_id: str,
    command_id: str,
    events: Sequence[Event],
    recorded: datetime,
    expected_head: int | None = None,
) -> Appended:
    """Appends the events of one command, all or none; for a command that is committed already, returns its rows.

    Raises `BadInput` for an unknown inspection, and `VersionConflict` where the head is not `expected_head`."""
    connection = session.connection()
    head = lock(connection, inspection_id)
    appended = append_locked(connection, head, command_id, events, recorded, expected_head)
    if not appended.already_committed and appended.head != head["head_number"]:
        parameters = {"inspection": inspection_id, "number": appended.head, "hash": appended.hash}
        connection.execute(_MOVE_HEAD, parameters)
    return appended


def lock(connection: Connection, inspection_id: str) -> Head:
    """Returns the inspection's row, locked until the transaction ends. Raises `BadInput` for an unknown inspection."""
    head = connection.execute(_LOCKED, {"inspection": inspection_id}).mappings().first()
    if head is None:
        raise BadInput(f"there is no inspection {inspection_id}", remedy=Remedy.LIST_INSPECTIONS)
    return head


def find_committed(connection: Connection, inspection_id: str, command_id: str) -> Appended | None:
    """Returns the state of the log after this command, or None where it is not committed."""
    rows = connection.execute(_OF_COMMAND, {"inspection": inspection_id, "command": command_id}).all()
    return Appended(rows[-1].number, rows[-1].hash, rows[0].number, already_committed=True) if rows else None


def append_locked(
    connection: Connection,
    head: Head,
    command_id: str,
    events: Sequence[Event],
    recorded: datetime,
    expected_head: int | None = None,
) -> Appended:
    """Appends the events of one command as `append` does, behind a head that is locked; the caller moves the head.

    Raises `VersionConflict`."""
    if (committed := find_committed(connection, head["id"], command_id)) is not None:
        return committed
    require_version(head, expected_head)
    return append_events(connection, head, command_id, events, recorded)


def require_version(head: Head, expected: int | None) -> None:
    """Raises `VersionConflict` where the newest event has another number than `expected`; None expects nothing."""
    number = head["head_number"]
    if expected is not None and expected != number:
        raise VersionConflict(f"the log of {head['id']} is at event {number}, not {expected}: read it again")


def append_events(
    connection: Connection,
    head: Head,
    command_id: str,
    events: Sequence[Event],
    recorded: datetime,
    row_commitments: Mapping[int, Mapping[str, str]] = MappingProxyType({}),
) -> Appended:
    """Inserts the events of a command that is not committed yet, behind a locked head; the caller moves the head.

    Their moment is `recorded`, or that of the newest event where it is later. `row_commitments` are the commitments to the
    rows that the events brought: number of the event -> identifier -> commitment."""
    number, previous = head["head_number"], head["head_hash"] or GENESIS
    if not events:
        return Appended(number, head["head_hash"], 0)
    recorded = _not_before_the_newest(connection, head, recorded)
    named_texts = [text_ids((event.data, event.reason)) for event in events]
    all_texts = set().union(*named_texts)
    of_texts = text_commitments(connection, all_texts)
    rows = []
    for ordinal, (event, texts) in enumerate(zip(events, named_texts, strict=True)):
        key = EventKey(head["id"], number + 1 + ordinal, command_id, ordinal, recorded)
        commitments = {text: of_texts[text] for text in texts & set(of_texts)}
        rows.append(_row(key, event, commitments | dict(row_commitments.get(key.number, {})), previous))
        previous = rows[-1]["hash"]
    connection.execute(_INSERT, rows)
    word_index.save(connection, rows, known_bodies(connection, all_texts))
    return Appended(rows[-1]["number"], previous, rows[0]["number"], recorded)


def _not_before_the_newest(connection: Connection, head: Head, moment: datetime) -> datetime:
    # An entry point's clock may be ahead of the engine's. Were moments to go back, the log as known at a past moment would
    # lack events before one that it has.
    newest = connection.execute(_NEWEST, {"inspection": head["id"], "number": head["head_number"]}).scalar()
    return moment if newest is None else max(moment, newest)


def _row(key: EventKey, event: Event, commitments: dict[str, str], previous: str) -> dict[str, Any]:
    data = dict(event.data)
    if commitments:
        data["commitments"] = commitments
    return {
        "inspection_id": key.inspection,
        "number": key.number,
        "command_id": key.command,
        "ordinal": key.ordinal,
        "kind": event.kind,
        "happened_on": event.on,
        "received_at": event.received,
        "recorded_at": key.recorded,
        "actor": event.by,
        "role": str(event.role),
        "entry_point": event.entry_point,
        "ran_as": event.ran_as,
        "paragraph": event.paragraph,
        "data": canonical(data),
        "reason_text": event.reason,
        "cause": event.cause,
        "previous_hash": previous,
        "hash": digest(key, event, data, previous),
    }
