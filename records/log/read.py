"""Reading the log: for one inspection or across all, all at once or page by page, as auditors ask for it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, literal, select, tuple_
from sqlmodel import Session

from framework.common.errors import BadInput, CheckFailed
from framework.editions.registry import Edition, edition
from framework.messages.events import Event, StoredEvent
from framework.vocabulary.roles import Role
from records.log.filters import where_clauses
from records.tables.inspections import EVENTS, INSPECTIONS

IN_ORDER = (EVENTS.c.recorded_at, EVENTS.c.inspection_id, EVENTS.c.number)
_PAGE = 1000
"""How many events are read at once where all are wanted, one after another."""


@dataclass(frozen=True, slots=True)
class History:
    """What to show of the log; what is None is not asked."""

    person: str | None = None
    kind: str | None = None
    paragraph: int | None = None
    first: date | None = None
    """StoredEvent on this London day or later."""
    last: date | None = None
    """StoredEvent on this London day or earlier."""
    as_of: datetime | None = None
    """Only what was recorded by this moment: the log as it was then known."""
    missed: bool = False
    """Only what met a limit late or let it lapse, as the limits stand now."""
    newest: int | None = None
    """At most so many, the newest."""
    authority: str | None = None
    """Only inspections of this authority."""
    stage: str | None = None
    """Only inspections that stand at this stage now."""
    limit: str | None = None
    """Only what settled this limit: the step that meets it, or its time running out."""
    words: str | None = None
    """Only events whose facts and texts hold every one of these words (see `records.log.word_index`)."""


class Unreadable(CheckFailed):
    """An event was altered so that it cannot be read; `number` is its own."""

    def __init__(self, inspection: str, number: int) -> None:
        told = f"`inspections verify {inspection}` says more"
        super().__init__(f"{inspection} event {number} was altered and cannot be read: {told}")
        self.number = number


@dataclass(frozen=True, slots=True)
class Page:
    """Some events in their order, and the key after which the next begin; None where there are no more."""

    events: list[StoredEvent]
    next: str | None


def history(session: Session, inspection: str | None = None, wanted: History = History()) -> list[StoredEvent]:
    """The events asked for, oldest first: of one inspection by number, of all by the moment they were recorded.

    Raises `Unreadable` for one that was altered."""
    connection = session.connection()
    order = (EVENTS.c.number,) if inspection else IN_ORDER
    query = select(EVENTS).where(*where_clauses(connection, inspection, wanted))
    if wanted.newest is None:
        rows = connection.execute(query.order_by(*order)).mappings().all()
    else:
        newest = query.order_by(*(column.desc() for column in order)).limit(wanted.newest)
        rows = connection.execute(newest).mappings().all()[::-1]
    return [_read(row) for row in rows]


def page(session: Session, inspection: str | None, wanted: History, size: int, after: str | None = None) -> Page:
    """At most `size` of the events that `history` answers, those after the one with this key (`key_of`).

    Raises `BadInput` for a key that names no event, `Unreadable` for an event that was altered."""
    connection = session.connection()
    found = connection.execute(_page(connection, inspection, wanted, size, after)).mappings().all()
    events = [_read(row) for row in found[:size]]
    return Page(events, key_of(events[-1]) if len(found) > size else None)


def iterate(session: Session, inspection: str | None, wanted: History) -> Iterator[StoredEvent]:
    """Every event that `history` answers, read a page at a time: for what is too much to hold at once."""
    after = None
    while True:
        found = page(session, inspection, wanted, _PAGE, after)
        yield from found.events
        if (after := found.next) is None:
            return


def editions_of(session: Session, events: Iterable[StoredEvent]) -> dict[str, Edition]:
    """The edition of the framework that each of their inspections follows, by inspection."""
    wanted = {one.inspection for one in events}
    query = select(INSPECTIONS.c.id, INSPECTIONS.c.edition).where(INSPECTIONS.c.id.in_(wanted))
    return {row.id: edition(row.edition) for row in session.connection().execute(query)}


def key_of(one: StoredEvent) -> str:
    """What names an event among all: its inspection and number."""
    return f"{one.inspection}/{one.number}"


def _page(connection: Connection, inspection: str | None, wanted: History, size: int, after: str | None) -> Select[Any]:
    where = where_clauses(connection, inspection, replace(wanted, newest=None))
    order = (EVENTS.c.number,) if inspection else IN_ORDER
    if after is not None:
        place = _place(connection, after, inspection)
        there = [literal(value, column.type) for column, value in zip(order, place[-len(order) :], strict=True)]
        where.append(tuple_(*order) > tuple_(*there))
    # First the keys alone, which the indexes hold; then the events behind them.
    keys = select(*IN_ORDER).where(*where).order_by(*order).limit(size + 1).subquery()
    same = (EVENTS.c.inspection_id == keys.c.inspection_id) & (EVENTS.c.number == keys.c.number)
    return select(EVENTS).join(keys, same).order_by(*order)


def _place(connection: Connection, key: str, inspection: str | None) -> tuple[Any, ...]:
    """Where the event with this key stands in the order of all."""
    name, _, number = key.rpartition("/")
    row = None
    if number.isdecimal() and len(number) < _DIGITS and inspection in (None, name):
        query = select(*IN_ORDER).where(EVENTS.c.inspection_id == name, EVENTS.c.number == int(number))
        row = connection.execute(query).first()
    if row is None:
        of = f" of {inspection}" if inspection else ""
        raise BadInput(f"--after {key}: names no event{of}; give the key that the page before ended with")
    return tuple(row)


_DIGITS = 10
"""So long no number of an event is."""


def _read(row: RowMapping) -> StoredEvent:
    try:
        return recorded_of(row)
    except (ValueError, TypeError):
        raise Unreadable(row["inspection_id"], row["number"]) from None


def recorded_of(row: RowMapping) -> StoredEvent:
    """A row of the log as the framework knows it."""
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
