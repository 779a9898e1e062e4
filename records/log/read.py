"""Reads the log, of one inspection or of all: everything at once, page by page, or as an iterator."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, literal, select, tuple_
from sqlmodel import Session

from framework.common.errors import BadInput, CheckFailed, Remedy
from framework.editions.registry import Edition, edition
from framework.messages.events import Event, StoredEvent
from framework.vocabulary.roles import Role
from records.log.criteria import EVERYTHING, EventFilter
from records.log.filters import where_clauses
from records.tables.inspections import EVENTS, INSPECTIONS

IN_ORDER = (EVENTS.c.recorded_at, EVENTS.c.inspection_id, EVENTS.c.number)
_PAGE_SIZE = 1000
"""Events that `iterate` reads at a time."""


class Unreadable(CheckFailed):
    """The event with this `number` was altered so that it cannot be read."""

    def __init__(self, inspection: str, number: int) -> None:
        what = f"{inspection} event {number} was altered and cannot be read"
        super().__init__(what, remedy=Remedy.VERIFY, subject=inspection)
        self.number = number


@dataclass(frozen=True, slots=True)
class Page:
    """Some events in order, and the key to read the next ones after; None on the last page."""

    events: list[StoredEvent]
    next: str | None


def history(session: Session, inspection: str | None = None, criteria: EventFilter = EVERYTHING) -> list[StoredEvent]:
    """Returns the events that match, oldest first: of one inspection by number, of all by the moment of recording.

    Raises `Unreadable` for an event that was altered, `BadInput` for `criteria.words` that hold no word."""
    connection = session.connection()
    order = (EVENTS.c.number,) if inspection else IN_ORDER
    query = select(EVENTS).where(*where_clauses(connection, inspection, criteria))
    if criteria.newest is None:
        rows = connection.execute(query.order_by(*order)).mappings().all()
    else:
        newest = query.order_by(*(column.desc() for column in order)).limit(criteria.newest)
        rows = connection.execute(newest).mappings().all()[::-1]
    return [_read(row) for row in rows]


def page(session: Session, inspection: str | None, criteria: EventFilter, size: int, after: str | None = None) -> Page:
    """Returns at most `size` of the events of `history`, those after the event with the key `after` (`key_of`).

    Raises `BadInput` for a key that names no event, `Unreadable` for an event that was altered."""
    connection = session.connection()
    rows = connection.execute(_page_query(connection, inspection, criteria, size, after)).mappings().all()
    events = [_read(row) for row in rows[:size]]
    return Page(events, key_of(events[-1]) if len(rows) > size else None)


def iterate(session: Session, inspection: str | None, criteria: EventFilter) -> Iterator[StoredEvent]:
    """Returns the events of `history` one by one, reading a page at a time: for more than fit into memory at once."""
    after = None
    while True:
        current = page(session, inspection, criteria, _PAGE_SIZE, after)
        yield from current.events
        if (after := current.next) is None:
            return


def editions_of(session: Session, events: Iterable[StoredEvent]) -> dict[str, Edition]:
    """Returns the edition of each inspection that has one of the events: identifier -> edition."""
    inspections = {event.inspection for event in events}
    query = select(INSPECTIONS.c.id, INSPECTIONS.c.edition).where(INSPECTIONS.c.id.in_(inspections))
    return {row.id: edition(row.edition) for row in session.connection().execute(query)}


def key_of(event: StoredEvent) -> str:
    """Returns the key of an event among those of all inspections: «INSPECTION/NUMBER»."""
    return f"{event.inspection}/{event.number}"


def _page_query(
    connection: Connection, inspection: str | None, criteria: EventFilter, size: int, after: str | None
) -> Select[Any]:
    where = where_clauses(connection, inspection, replace(criteria, newest=None))
    order = (EVENTS.c.number,) if inspection else IN_ORDER
    if after is not None:
        position = _position_of(connection, after, inspection)[-len(order) :]
        values = [literal(value, column.type) for column, value in zip(order, position, strict=True)]
        where.append(tuple_(*order) > tuple_(*values))
    # The subquery reads keys alone, which the indexes hold; whole events are read for one page only.
    keys = select(*IN_ORDER).where(*where).order_by(*order).limit(size + 1).subquery()
    same = (EVENTS.c.inspection_id == keys.c.inspection_id) & (EVENTS.c.number == keys.c.number)
    return select(EVENTS).join(keys, same).order_by(*order)


def _position_of(connection: Connection, key: str, inspection: str | None) -> tuple[Any, ...]:
    """Returns the values of `IN_ORDER` of the event with this key. Raises `BadInput` where there is none."""
    name, _, number = key.rpartition("/")
    row = None
    if number.isdecimal() and len(number) < _TOO_MANY_DIGITS and inspection in (None, name):
        query = select(*IN_ORDER).where(EVENTS.c.inspection_id == name, EVENTS.c.number == int(number))
        row = connection.execute(query).first()
    if row is None:
        of = f" of {inspection}" if inspection else ""
        raise BadInput(f"{key}: names no event{of}; give the key that the page before ended with", field="after")
    return tuple(row)


_TOO_MANY_DIGITS = 10
"""A number with so many digits is no event's, and may not fit the column."""


def _read(row: RowMapping) -> StoredEvent:
    try:
        return stored_event_of(row)
    except (ValueError, TypeError):
        raise Unreadable(row["inspection_id"], row["number"]) from None


def stored_event_of(row: RowMapping) -> StoredEvent:
    """Returns a row of `events` as the framework's type. Raises `ValueError` or `TypeError` for a row that was altered."""
    event = Event(
        kind=row["kind"],
        on=row["happened_on"],
        received=row["received_at"],
        by=row["actor"],
        role=Role(row["role"]),
        entry_point=row["entry_point"],
        ran_as=row["ran_as"],
        paragraph=row["paragraph"],
        data=json.loads(row["data"]),
        reason=row["reason_text"],
        cause=row["cause"],
    )
    return StoredEvent(
        inspection=row["inspection_id"],
        number=row["number"],
        event=event,
        recorded=row["recorded_at"],
        command_id=row["command_id"],
        ordinal=row["ordinal"],
        hash=row["hash"],
    )
