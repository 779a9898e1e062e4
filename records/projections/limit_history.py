"""How the limits of each inspection stood as its log grew: what statistics of any past day are read from.

A row is written with every recording that changed something. It can be made again from the events (`rebuild`): what is
met, late or lapsed is said by `framework.lifecycle.limit_status` both times, with the calendar in force at that moment."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlmodel import Session

from framework.inspection.event_kinds import WORKFLOW_KINDS
from framework.inspection.order import Order
from framework.inspection.state import Inspection, begin
from framework.lifecycle.limit_status import limit_statuses
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
_ADD = insert(LIMIT_HISTORY)


def save(
    connection: Connection, inspection: str, number: int, moment: datetime, lead: str, limits: Iterable[LimitRow]
) -> None:
    """Keeps how the limits stand after event `number`, unless they stood so before."""
    stand = [limits_as_of(limit) for limit in limits]
    last = connection.execute(_LAST, {"inspection": inspection}).first()
    if last is not None and (last.lead, last.limits_json) == (lead, stand):
        return
    row = {"inspection_id": inspection, "number": number, "recorded_at": moment, "lead": lead, "limits_json": stand}
    connection.execute(_ADD, row)


def rebuild(session: Session, identifier: str) -> None:
    """Makes the rows of one inspection anew from its events."""
    connection = session.connection()
    row = connection.execute(select(INSPECTIONS).where(INSPECTIONS.c.id == identifier)).mappings().one()
    connection.execute(delete(LIMIT_HISTORY).where(LIMIT_HISTORY.c.inspection_id == identifier))
    people = {Role(role): tuple(held) for role, held in row["first_people_json"].items()}
    state = begin(identifier, Order.model_validate(row["order_json"]), people)
    _keep_state(session, state, 0, row["started_at"])
    for _, group in groupby(history(session, identifier), key=lambda one: one.command_id):
        events = list(group)
        for one in events:
            state.apply(one.number, one.event)
        if any(one.event.kind in WORKFLOW_KINDS for one in events):
            _keep_state(session, state, events[-1].number, events[-1].recorded)


def _keep_state(session: Session, state: Inspection, number: int, moment: datetime) -> None:
    limits = [one.row() for one in limit_statuses(state, calendar_at(session, moment))]
    lead = next(iter(state.people.get(Role.LEAD_INSPECTOR, ())), "")
    save(session.connection(), state.id, number, moment, lead, limits)


def limits_as_of(limit: LimitRow) -> list[Any]:
    """A limit as the rows keep it: key, due, state, anchor_date (None while it is only worked out), met_on."""
    return [
        limit.key,
        str(limit.due),
        limit.state,
        None if limit.projected else _day(limit.anchor_date),
        _day(limit.met_on),
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
