"""Reading the log: for one inspection or across all, as auditors ask for it."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select, tuple_
from sqlmodel import Session

from framework.clock import end_of, start_of
from framework.events import Event, Recorded
from framework.roles import Role
from framework.standing import MET_BY
from records.tables import EVENTS, LIMITS

MISSED = ("met_late", "lapsed")
SETTLED_BY = {**MET_BY, "factual_comments": (*MET_BY["factual_comments"], "comments_lapsed")}
"""Limit -> the kinds of event that meet it, or say that its time has run out."""


@dataclass(frozen=True, slots=True)
class History:
    """What to show of the log; what is None is not asked."""

    person: str | None = None
    kind: str | None = None
    paragraph: int | None = None
    first: date | None = None
    """Recorded on this London day or later."""
    last: date | None = None
    """Recorded on this London day or earlier."""
    as_of: datetime | None = None
    """Only what was recorded by this moment: the log as it was then known."""
    missed: bool = False
    """Only what met a limit late or let it lapse, as the limits stand now."""
    newest: int | None = None
    """At most so many, the newest."""


def history(session: Session, inspection: str | None = None, wanted: History = History()) -> list[Recorded]:
    """The events asked for, oldest first: of one inspection by number, of all by the moment they were recorded."""
    conditions = _conditions(wanted, inspection)
    if inspection is not None:
        conditions.append(EVENTS.c.inspection_id == inspection)
    order = (EVENTS.c.number,) if inspection else (EVENTS.c.recorded_at, EVENTS.c.inspection_id, EVENTS.c.number)
    query = select(EVENTS).where(*conditions)
    if wanted.newest is None:
        rows = session.connection().execute(query.order_by(*order)).mappings().all()
    else:
        newest = query.order_by(*(column.desc() for column in order)).limit(wanted.newest)
        rows = session.connection().execute(newest).mappings().all()[::-1]
    return [recorded_of(row) for row in rows]


def recorded_of(row: RowMapping) -> Recorded:
    """A row of the log as the framework knows it."""
    event = Event(
        kind=row["kind"],
        on=row["happened_on"],
        received=row["received_at"],
        by=row["actor"],
        role=Role(row["role"]),
        door=row["door"],
        ran_as=row["ran_as"],
        paragraph=row["paragraph"],
        data=json.loads(row["data"]),
        reason=row["reason_text"],
        cause=row["cause"],
    )
    return Recorded(
        inspection=row["inspection_id"],
        number=row["number"],
        event=event,
        recorded=row["recorded_at"],
        command_id=row["command_id"],
        ordinal=row["ordinal"],
        hash=row["hash"],
    )


def _conditions(wanted: History, inspection: str | None) -> list[ColumnElement[bool]]:
    equal = {EVENTS.c.actor: wanted.person, EVENTS.c.kind: wanted.kind, EVENTS.c.paragraph: wanted.paragraph}
    conditions = [column == value for column, value in equal.items() if value is not None]
    if wanted.first is not None:
        conditions.append(EVENTS.c.recorded_at >= start_of(wanted.first))
    if wanted.last is not None:
        conditions.append(EVENTS.c.recorded_at <= end_of(wanted.last))
    if wanted.as_of is not None:
        conditions.append(EVENTS.c.recorded_at <= wanted.as_of)
    if wanted.missed:
        conditions.append(_missed(inspection))
    return conditions


def _missed(inspection: str | None) -> ColumnElement[bool]:
    """The newest event that settled a limit which stands as missed."""
    acts = EVENTS.alias("acts")
    meets = or_(*(and_(LIMITS.c.key == key, acts.c.kind.in_(kinds)) for key, kinds in SETTLED_BY.items() if kinds))
    newest = (
        select(acts.c.inspection_id, func.max(acts.c.number))
        .join(LIMITS, and_(LIMITS.c.inspection_id == acts.c.inspection_id, meets))
        .where(LIMITS.c.state.in_(MISSED), *([LIMITS.c.inspection_id == inspection] if inspection else []))
        .group_by(acts.c.inspection_id, LIMITS.c.key)
    )
    return tuple_(EVENTS.c.inspection_id, EVENTS.c.number).in_(newest)
