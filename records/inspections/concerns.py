"""The concerns of one inspection, read from the log: the number a new one gets, and whether one can be settled (para 64)."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from framework.inspection.concerns import CONCERN_KINDS, Concern, concerns_in, next_number, settling_fault
from framework.lifecycle.decide import error_of
from framework.lifecycle.steps import Step
from framework.messages.commands import Command
from records.log.append import Head
from records.log.read import stored_event_of
from records.tables.inspections import EVENTS

_EVENTS = (
    select(EVENTS)
    .where(EVENTS.c.inspection_id == bindparam("inspection"), EVENTS.c.kind.in_(CONCERN_KINDS))
    .order_by(EVENTS.c.number)
)


def number_given(connection: Connection, head: Head, step: Step, command: Command) -> dict[str, Any]:
    """Returns the number of a concern that is added behind a locked head, as a member of its event's data."""
    return {"number": next_number(_concerns(connection, head))}


def require_unsettled(connection: Connection, head: Head, step: Step, command: Command) -> dict[str, Any]:
    """Returns nothing for the event's data. Raises `BadInput` for a concern that does not exist or was raised after the
    command's day, and `Refused` for one that is settled."""
    if failed := settling_fault(_concerns(connection, head), command.fields["number"], command.on):
        raise error_of(step, failed)
    return {}


def _concerns(connection: Connection, head: Head) -> tuple[Concern, ...]:
    rows = connection.execute(_EVENTS, {"inspection": head["id"]}).mappings()
    return concerns_in(stored_event_of(row) for row in rows)
