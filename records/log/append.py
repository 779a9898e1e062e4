"""The log of what happened: appending to it under the head's lock, and reading it.

Numbers are given here, without a gap, while the inspection's row is locked: workflow and entry points can both append."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update
from sqlmodel import Session

from framework.common.errors import BadInput, InspectionError
from framework.messages.events import Event
from records.log import word_index
from records.log.hash_chain import GENESIS, EventKey, canonical, digest
from records.log.texts import known_bodies, text_commitments, text_ids
from records.tables.inspections import EVENTS, INSPECTIONS


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an append left the log."""

    head: int
    """The number of its last event."""
    hash: str
    first_event: int
    """The number of its first event; 0 when it had none."""
    recorded: datetime | None = None
    """The moment these events stand under, where they were written now."""
    already_committed: bool = False
    """True when the command was recorded before, and these are the rows already there."""


class VersionConflict(InspectionError):
    """Something else was written to the inspection since the caller looked: look again."""


Head = RowMapping
"""The inspection's locked row."""

_HEAD = select(INSPECTIONS).where(INSPECTIONS.c.id == bindparam("inspection"))
_LOCKED = _HEAD.with_for_update()
"""On SQLite this is a plain read: it has one writer at a time anyway."""
_BEFORE = (
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
    """Appends `events` as one command's, all or none. The same command again answers with the rows already there.

    Raises `BadInput` for an unknown inspection, `VersionConflict` when the head is another than `expected_head`."""
    connection = session.connection()
    head = lock(connection, inspection_id)
    appended = append_locked(connection, head, command_id, events, recorded, expected_head)
    if not appended.already_committed and appended.head != head["head_number"]:
        parameters = {"inspection": inspection_id, "number": appended.head, "hash": appended.hash}
        connection.execute(_MOVE_HEAD, parameters)
    return appended


def lock(connection: Connection, inspection_id: str) -> Head:
    """The inspection's row, held until the transaction ends. Raises `BadInput` for an unknown inspection."""
    head = connection.execute(_LOCKED, {"inspection": inspection_id}).mappings().first()
    if head is None:
        raise BadInput(f"there is no inspection {inspection_id}; `inspections list` shows those there are")
    return head


def find_committed(connection: Connection, inspection_id: str, command_id: str) -> Appended | None:
    """Where the log stood after this command, when it was recorded before."""
    rows = connection.execute(_BEFORE, {"inspection": inspection_id, "command": command_id}).all()
    return Appended(rows[-1].number, rows[-1].hash, rows[0].number, already_committed=True) if rows else None


def append_locked(
    connection: Connection,
    head: Head,
    command_id: str,
    events: Sequence[Event],
    recorded: datetime,
    expected_head: int | None = None,
) -> Appended:
    """Writes the events behind a head that is locked; the caller moves the head. Raises `VersionConflict`."""
    if (before := find_committed(connection, head["id"], command_id)) is not None:
        return before
    require_version(head, expected_head)
    return append_events(connection, head, command_id, events, recorded)


def require_version(head: Head, expected: int | None) -> None:
    """Raises `VersionConflict` when the log does not end at the event that the caller expects."""
    number = head["head_number"]
    if expected is not None and expected != number:
        raise VersionConflict(f"the log of {head['id']} stands at event {number}, not {expected}: look again")


def append_events(
    connection: Connection,
    head: Head,
    command_id: str,
    events: Sequence[Event],
    recorded: datetime,
    promised: Mapping[int, Mapping[str, str]] = MappingProxyType({}),
) -> Appended:
    """Writes the events of a command that is not recorded yet behind a locked head; the caller moves the head.

    The moments of the log never go back: where the newest event was recorded later than `recorded` (by an entry point, whose clock is
    another than the engine's), these stand under its moment. `promised` are commitments to what the events order: number of the event -> identifier -> commitment."""
    number, previous = head["head_number"], head["head_hash"] or GENESIS
    if not events:
        return Appended(number, head["head_hash"], 0)
    recorded = _not_before_the_newest(connection, head, recorded)
    named = {found for event in events for found in text_ids((event.data, event.reason))}
    proofs = text_commitments(connection, named)
    rows = []
    for ordinal, event in enumerate(events):
        place = EventKey(head["id"], number + 1 + ordinal, command_id, ordinal, recorded)
        mine = {found: proofs[found] for found in text_ids((event.data, event.reason)) & set(proofs)}
        rows.append(_row(place, event, mine | dict(promised.get(place.number, {})), previous))
        previous = rows[-1]["hash"]
    connection.execute(_INSERT, rows)
    word_index.save(connection, rows, known_bodies(connection, named))
    return Appended(rows[-1]["number"], previous, rows[0]["number"], recorded)


def _not_before_the_newest(connection: Connection, head: Head, moment: datetime) -> datetime:
    newest = connection.execute(_NEWEST, {"inspection": head["id"], "number": head["head_number"]}).scalar()
    return moment if newest is None else max(moment, newest)


def _row(place: EventKey, event: Event, proofs: dict[str, str], previous: str) -> dict[str, Any]:
    data = dict(event.data)
    if proofs:
        data["commitments"] = proofs
    return {
        "inspection_id": place.inspection,
        "number": place.number,
        "command_id": place.command,
        "ordinal": place.ordinal,
        "kind": event.kind,
        "happened_on": event.on,
        "received_at": event.received,
        "recorded_at": place.recorded,
        "actor": event.by,
        "role": str(event.role),
        "entry_point": event.entry_point,
        "ran_as": event.ran_as,
        "paragraph": event.paragraph,
        "data": canonical(data),
        "reason_text": event.reason,
        "cause": event.cause,
        "previous_hash": previous,
        "hash": digest(place, event, data, previous),
    }
