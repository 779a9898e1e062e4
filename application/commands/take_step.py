"""Taking a step, the same for every entry point: the command line, the portal, the API and rehearsals.

The command is validated in one read transaction and stored with the moment it came in; then the inspection's workflow
decides it. Content, which moves nothing, is written to the records without the workflow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import RowMapping

from application.caller import Caller
from application.commands.eligibility import check_newcomer
from application.commands.repeated_step import committed_answer
from application.commands.step_dispatch import PreparedStep, dispatch, record_refusal
from application.commands.step_form import Locate, plain_location, validated_form
from application.queries.access_logging import Use
from application.queries.snapshot import snapshot
from application.queries.step_result import StepResult, step_result
from application.runtime.context import AppContext
from application.runtime.suggestions import near
from application.runtime.threads import read_in_thread
from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, Refused, Remedy, Unreachable
from framework.common.free_text import detach
from framework.inspection.state import Inspection
from framework.inspection.steps import STEPS
from framework.lifecycle.decide import require_open_to
from framework.lifecycle.steps import Step
from framework.messages.commands import Answer, Command, require_command_id
from framework.vocabulary.roles import AUTHORITY_ROLES
from records.inspections.reader import InspectionReader

Fields = Mapping[str, Any] | Callable[[RowMapping, Inspection], Mapping[str, Any]]
"""A step's form as given, or worked out from the inspection's row and state."""


@dataclass(frozen=True, slots=True)
class TakeStep:
    """A step that the caller wants to take."""

    inspection: str
    step: str
    fields: Fields
    on: date | None = None
    """The London day it happened; None for the day it comes in."""
    command: str = ""
    """Identifies the command, so that it is done once however often it is sent; empty for a new one."""
    locate: Locate = plain_location
    """Words a fault of the form with its place in what the caller wrote."""


async def take_step(caller: Caller, context: AppContext, request: TakeStep) -> StepResult:
    """Takes a step and returns what it brought about.

    Raises `BadInput` (nothing is recorded), `Refused` (the refusal is recorded), and `Unreachable`, which names the command
    to repeat where it is stored."""
    command, answer = await submit_step(caller, context, request)
    try:
        return await read_in_thread(step_result, context, request.inspection, command, answer)
    except Unreachable as error:
        what = f"{request.step} was taken, and what it brought about cannot be read: {error}"
        raise Unreachable(what, remedy=Remedy.REPEAT_COMMAND, subject=command) from None


async def submit_step(caller: Caller, context: AppContext, request: TakeStep) -> tuple[str, Answer]:
    """Takes a step as `take_step` does, and returns the identifier of the command and the workflow's answer alone."""
    prepared = await read_in_thread(_prepare, caller, context, request)
    if prepared.refusal is not None:
        await record_refusal(context, prepared)
        raise prepared.refusal
    if prepared.answer is not None:
        return prepared.command.id, prepared.answer
    return prepared.command.id, await dispatch(context, prepared)


def _prepare(caller: Caller, context: AppContext, request: TakeStep) -> PreparedStep:
    """Reads everything in one transaction. Raises `BadInput`, and `Unreachable` for a step that needs an engine."""
    identifier = require_command_id(request.command or str(uuid4()))
    with snapshot(caller, context, Use("do", request.inspection, {"step": request.step}, everyday=True)) as view:
        reader = InspectionReader(view.session, view.inspection(request.inspection))
        step, on = _row(request.step, reader.state), request.on or london_day(view.now)
        command = Command(id=identifier, step=request.step, actor=view.caller.actor(), on=on, received=view.now)
        prepared = PreparedStep(command, step, reader.state, reader.calendar_in_force)
        try:
            given = request.fields(reader.row, reader.state) if callable(request.fields) else request.fields
            form = validated_form(step, given, request.locate, context.settings.case_identifier)
        except BadInput:
            if (refusal := _closed_to(prepared)) is None:
                raise
            return replace(prepared, refusal=refusal)
        fields, texts = detach(form, f"{request.inspection}/{identifier}")
        prepared = replace(prepared, command=command.model_copy(update={"fields": fields}), texts=texts)
        answer = committed_answer(view, reader, prepared)
        if answer is None:
            if not _needs_no_engine(request.step):
                context.engine()
            check_newcomer(view.session, reader.state.order.authority, step.name, fields)
        return replace(prepared, answer=answer)


def _closed_to(prepared: PreparedStep) -> Refused | None:
    """Returns the refusal where stage or person rule the step out: a faulty form does not matter then."""
    try:
        require_open_to(prepared.inspection, prepared.command.step, prepared.command.actor)
    except Refused as refusal:
        return refusal
    return None


def _row(name: str, inspection: Inspection) -> Step:
    """Returns the row of the step that is open now, or else one of its rows: they have one form."""
    row = STEPS.find(name, inspection.stage) or next((step for step in STEPS if step.name == name), None)
    if row is None:
        raise BadInput(f"there is no step «{name}»{near(name, STEPS.names)}", remedy=Remedy.LIST_STEPS)
    return row


def _needs_no_engine(name: str) -> bool:
    """Returns whether a step is possible without the engine: content, and what an authority submits, which is stored."""
    return any(step.name == name and (step.content or AUTHORITY_ROLES & set(step.by)) for step in STEPS)
