"""What happens to a command once it is validated: stored and sent to the workflow, or written as content, or refused."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from temporalio.client import Client, RPCTimeoutOrCancelledError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.names import TAKE_STEP, inspection_workflow_id
from activities.support.fault_points import fault_point
from application.commands.step_storage import to_repeat, with_storage
from application.runtime.context import AppContext
from application.runtime.threads import read_in_thread, write_in_thread
from framework.calendar.bank_holidays import Calendar
from framework.common.errors import BadInput, BeingMade, Refused, Unreachable
from framework.inspection.state import Inspection
from framework.lifecycle.decide import refusal_event, validate
from framework.lifecycle.steps import Step
from framework.messages.commands import Answer, Command
from records.database.connection import reading, writing
from records.inspections import content, repository, submissions

ANSWER_TIMEOUT_SECONDS = 20.0
"""Seconds an entry point waits for the workflow's answer; then the command is without an answer, which is no failure."""


@dataclass(frozen=True, slots=True)
class PreparedStep:
    """A command that was read for, and validated as far as the records alone allow."""

    command: Command
    step: Step
    inspection: Inspection
    calendar: Calendar
    texts: Mapping[str, str] = field(default_factory=dict)
    """Identifier -> text: what the form holds of free text."""
    answer: Answer | None = None
    """The answer to the same command, where it was committed before."""
    refusal: Refused | None = None
    """Why stage or person rule it out, whatever its form holds."""


async def dispatch(context: AppContext, prepared: PreparedStep) -> Answer:
    """Has a command decided. Raises `BadInput`, `Refused` (recorded), and `Unreachable`, which says what is stored."""
    try:
        return await _dispatch(context, prepared)
    except Unreachable as error:
        raise await with_storage(context, prepared.inspection.id, prepared.command, error) from None


async def _dispatch(context: AppContext, prepared: PreparedStep) -> Answer:
    command, inspection = prepared.command, prepared.inspection
    try:
        if prepared.step.content:
            validate(inspection, command, prepared.calendar, command.received)
            return await write_in_thread(_write_content, context, inspection, command, prepared.texts)
        stored = await write_in_thread(_store, context, inspection, command, prepared.texts)
        return await _send_stored(context, stored, inspection.id)
    except Refused as refusal:
        await _refuse(context, prepared, refusal)
        raise


async def record_refusal(context: AppContext, prepared: PreparedStep) -> None:
    """Records a refusal that was found while the command was prepared."""
    assert prepared.refusal is not None
    try:
        await _refuse(context, prepared, prepared.refusal)
    except Unreachable as error:
        raise await with_storage(context, prepared.inspection.id, prepared.command, error) from None


async def _refuse(context: AppContext, prepared: PreparedStep, refusal: Refused) -> None:
    """Records a refusal. Raises `Unreachable`, which names it, where it cannot be recorded."""
    try:
        await write_in_thread(_record_refusal, context, prepared.inspection, prepared.command, refusal)
    except Unreachable as error:
        raise Unreachable(f"it was refused ({refusal}), and that could not be recorded: {error}") from None


def _store(context: AppContext, inspection: Inspection, command: Command, texts: Mapping[str, str]) -> Command:
    """Stores the command with its moment of receipt before it is sent to the engine, so that no outage makes it late."""
    fault_point("entry point: before the submission is stored")
    with writing(context.records) as session:
        stored = submissions.store(session, inspection.id, command)
        for identifier, text in texts.items():
            submissions.store_text(session, inspection.id, identifier, text, command.received)
    fault_point("entry point: submission stored")
    return stored


async def _send_stored(context: AppContext, command: Command, inspection: str) -> Answer:
    """A command that was wrong in itself waits no longer; nor does a refused one, whose refusal is recorded as well."""
    try:
        return await _send(context, command, inspection)
    except BadInput as fault:
        try:
            await write_in_thread(_mark_refused, context, inspection, command.id)
        except Unreachable as error:
            raise Unreachable(f"it is wrong ({fault}), and that could not be recorded: {error}") from None
        raise


async def _send(context: AppContext, command: Command, inspection: str) -> Answer:
    client = context.engine()
    try:
        answer = await asyncio.wait_for(_update(client, inspection, command), ANSWER_TIMEOUT_SECONDS)
    except WorkflowUpdateFailedError as error:
        raise _refusal_of(error, command) from None
    except (TimeoutError, RPCTimeoutOrCancelledError, RPCError) as error:
        if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
            raise await read_in_thread(_without_workflow, context, command, inspection) from None
        what = f"no answer from the engine or its worker for {command.step}: it is kept, and may still be done"
        raise to_repeat(what, command) from None
    if answer.refused is not None:
        raise refusal_in(answer)
    fault_point("entry point: answer received")
    return answer


def refusal_in(answer: Answer) -> BadInput | Refused:
    """Returns the error that an answer stands for: `BeingMade`, `BadInput` or `Refused`."""
    assert answer.refused is not None
    if answer.being_made:
        return BeingMade(answer.refused)
    return BadInput(answer.refused) if answer.bad_input else Refused(answer.refused, answer.paragraph)


async def _update(client: Client, inspection: str, command: Command) -> Answer:
    handle = client.get_workflow_handle(inspection_workflow_id(inspection))
    answer: Answer = await handle.execute_update(TAKE_STEP, command, id=command.id, result_type=Answer)
    return answer


def _without_workflow(context: AppContext, command: Command, inspection: str) -> Refused | Unreachable:
    with reading(context.records) as session:
        if repository.state(session, inspection).is_finished:
            return workflow_ended(inspection)
    what = f"no workflow runs for {inspection}: {command.step} is kept, and taken when a worker has begun it again, within the hour"
    return to_repeat(what, command)


def workflow_ended(inspection: str) -> Refused:
    """Returns the refusal of a command for an inspection that is finished."""
    return Refused(f"{inspection} has come to its end in the engine: nothing more is taken")


def _refusal_of(error: WorkflowUpdateFailedError, command: Command) -> BadInput | Refused | Unreachable:
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type in ("BadInput", "BeingMade"):
        return BadInput(cause.message) if cause.type == "BadInput" else BeingMade(cause.message)
    if isinstance(cause, ApplicationError) and cause.type == "Refused":
        paragraph = cause.details[0] if cause.details else None
        return Refused(cause.message, paragraph if isinstance(paragraph, int) else None)
    # The workflow ended with the command in its queue: it waits in the records for the one that is begun again.
    return to_repeat(
        f"the workflow ended before it answered ({cause}): {command.step} is kept, and may still be done", command
    )


def _record_refusal(context: AppContext, inspection: Inspection, command: Command, refusal: Refused) -> None:
    event = refusal_event(inspection, command, refusal)
    with writing(context.records) as session:
        submissions.refuse(session, inspection.id, command.id, [event], context.now())


def _mark_refused(context: AppContext, inspection: str, command: str) -> None:
    with writing(context.records) as session:
        submissions.mark_refused(session, inspection, command)


def _write_content(context: AppContext, inspection: Inspection, command: Command, texts: Mapping[str, str]) -> Answer:
    fault_point("entry point: before content is written")
    with writing(context.records) as session:
        for identifier, text in texts.items():
            submissions.store_text(session, inspection.id, identifier, text, command.received)
        number = content.write(session, inspection, command, recorded=context.now())
    fault_point("entry point: content written")
    return Answer(stage=inspection.stage, events=(number,), kinds=(command.step,))
