"""Correcting the day of an event: the step «correct», with the event by its number or by its kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import RowMapping

from application.caller import Caller
from application.commands.take_step import TakeStep, take_step
from application.queries.step_result import StepResult
from application.runtime.context import AppContext
from framework.common.errors import BadInput, Remedy
from framework.inspection.state import Inspection


@dataclass(frozen=True, slots=True)
class CorrectEvent:
    """The right day of an event."""

    inspection: str
    event: str
    """Its number, or its kind for the newest of that kind."""
    on: date | None
    reason: str
    proof: str = ""
    """What proves an earlier day of what the authority handed in; empty for none."""
    command: str = ""


async def correct_event(caller: Caller, context: AppContext, request: CorrectEvent) -> StepResult:
    """Corrects the day of an event; what derives from it follows. Raises as `take_step` does."""
    fields = partial(_fields, request)
    return await take_step(
        caller, context, TakeStep(request.inspection, "correct", fields, request.on, request.command)
    )


def _fields(request: CorrectEvent, row: RowMapping, state: Inspection) -> Mapping[str, Any]:
    proof = {"proof": request.proof} if request.proof else {}
    return {"event": _number(request.event, row["head_number"], state), "reason": request.reason, **proof}


def _number(event: str, newest: int, state: Inspection) -> int:
    if event.isdecimal() and 1 <= int(event) <= newest:
        return int(event)
    if event in state.milestones_reached:
        return state.milestones_reached[event].number
    kinds = ", ".join(list(state.milestones_reached)[:3]) or "notified"
    what = f"{state.id} has no event {event}; they are 1 to {newest}, or a kind such as {kinds}"
    raise BadInput(what, remedy=Remedy.LIST_EVENTS, subject=state.id)
