"""The history of the limits of each inspection, from which statistics of any past day are read.

Each commit that changes a limit adds a row. `rebuild` derives the same rows from the events: both times
`framework.lifecycle.limit_status` computes the states, with the calendar in force at that moment."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlmodel import Session

from framework.editions.registry import begin_inspection
from framework.inspection.event_kinds import WORKFLOW_KINDS
from framework.inspection.order import Order
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import limit_rows
from framework.messages.orders import LimitRow
from framework.vocabulary.roles import Role
from records.log.read import history
from records.projections.as_known import calendar_at
from records.tables.inspections import INSPECTIONS
from records.tables.projections import LIMIT_HISTORY

_LAST = (
    select(LIMIT_HISTORY.c.lead, LIMIT_HISTORY.c.limits_json)
    .where(LIMIT_HISTORY.c.inspection_id == bindparam("inspection"))
    .order_by(LIMIT_HISTORY.c.number.desc())
    .limit(1)
)
_INSERT = insert(LIMIT_HISTORY)


def save(
    connection: Connection, inspection: str, number: int, moment: datetime, lead: str, limits: Iterable[LimitRow]
) -> None:
    """Stores the limits as they are after event `number`, unless the newest row has the same."""
    states = [limit_row(limit) for limit in limits]
    last = connection.execute(_LAST, {"inspection": inspection}).first()
    if last is not None and (last.lead, last.limits_json) == (lead, states):
        return
    row = {"inspection_id": inspection, "number": number, "recorded_at": moment, "lead": lead, "limits_json": states}
    connection.execute(_INSERT, row)


def rebuild(session: Session, identifier: str) -> None:
    """Rebuilds the rows of an inspection from its events."""
    connection = session.connection()
    row = connection.execute(select(INSPECTIONS).where(INSPECTIONS.c.id == identifier)).mappings().one()
    connection.execute(delete(LIMIT_HISTORY).where(LIMIT_HISTORY.c.inspection_id == identifier))
    people = {Role(role): tuple(held) for role, held in row["first_people_json"].items()}
    state = begin_inspection(identifier, Order.model_validate(row["order_json"]), people)
    _save_state(session, state, 0, row["started_at"])
    for _, group in groupby(history(session, identifier), key=lambda stored: stored.command_id):
        events = list(group)
        for stored in events:
            state.apply(stored.number, stored.event)
        if any(stored.event.kind in WORKFLOW_KINDS for stored in events):
            _save_state(session, state, events[-1].number, events[-1].recorded)


def _save_state(session: Session, state: Inspection, number: int, moment: datetime) -> None:
    limits = limit_rows(state, calendar_at(session, moment))
    lead = next(iter(state.people.get(Role.LEAD_INSPECTOR, ())), "")
    save(session.connection(), state.id, number, moment, lead, limits)


def limit_row(limit: LimitRow) -> list[Any]:
    """Returns a limit as rows hold it: key, due, state, anchor_date (None while it is projected), met_on, round, whether it
    counts as missed for good, and the day it ended undone."""
    return [
        limit.key,
        str(limit.due),
        limit.state,
        None if limit.projected else _day(limit.anchor_date),
        _day(limit.met_on),
        limit.round,
        limit.missed,
        _day(limit.ended_on),
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
