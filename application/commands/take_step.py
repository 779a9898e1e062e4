"""What every entry point does with a command: the command line, the portal and rehearsals all come through here.

Who, what and when are settled, the words are kept in the records, and then the inspection's own story is asked. Content
that moves nothing is written to the records without it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from pydantic import ValidationError
from temporalio.client import Client, RPCTimeoutOrCancelledError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.names import TAKE_STEP, inspection_workflow_id
from activities.support.fault_points import fault_point
from application.commands.eligibility import check_newcomer
from application.runtime.context import AppContext
from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, Refused, Remedy, Unreachable
from framework.common.free_text import detach
from framework.common.validation import dotted, faults_in
from framework.inspection import case_identifiers
from framework.inspection.state import Inspection
from framework.lifecycle.decide import refusal_event, require_open_to, validate
from framework.lifecycle.lifecycle import STEP_NAMES, STEPS, Step, find
from framework.messages.commands import Actor, Answer, Command, require_command_id
from records.calendars.versions import calendar_in_force
from records.database.connection import reading, writing
from records.directory import directory
from records.inspections import content, repository, submissions
from records.log.append import find_committed
from records.log.read import history

ANSWER_TIMEOUT_SECONDS = 20.0
"""Seconds an entry point waits for the engine's answer; then the command is said to be without answer, not failed."""


@dataclass(frozen=True, slots=True)
class TakeStep:
    """A step somebody wants to take, as they said it."""

    inspection: str
    step: str
    by: str
    fields: Mapping[str, Any]
    on: date | None = None
    command: str = ""


async def take_step(system: AppContext, wish: TakeStep) -> Answer:
    """Take a step. Raises `BadInput` (nothing is recorded), `Refused` (the refusal is), `Unreachable` (ask again)."""
    received = system.now()
    command_id = require_command_id(wish.command or str(uuid4()))
    with reading(system.records) as session:
        inspection = repository.state(session, wish.inspection)
        actor = Actor(
            person=wish.by,
            posts=directory.posts(session, wish.by),
            entry_point=system.entry_point,
            ran_as=system.ran_as,
        )
        calendar = calendar_in_force(session)
    step = find(wish.step, inspection.stage) or _any_row(wish.step)
    on = wish.on or london_day(received)
    command = Command(id=command_id, step=wish.step, actor=actor, on=on, received=received)
    try:
        fields, texts = _form(system, step, wish, command_id)
    except BadInput:
        _refuse_before_the_form(system, inspection, command)
        raise
    command = command.model_copy(update={"fields": fields})
    if (done := _committed_before(system, inspection, command)) is not None:
        return done
    with reading(system.records) as session:
        check_newcomer(session, inspection.order.authority, step.name, fields)
    try:
        if step.content:
            validate(inspection, command, calendar, received)
            return _write_content(system, inspection, command, texts)
        command = _store_command(system, inspection, command, texts)
        return await _send_kept(system, command, wish.inspection)
    except Refused as refusal:
        _record_refusal(system, inspection, command, refusal)
        raise


def is_open_to(system: AppContext, inspection: str, step: str, person: str) -> bool:
    """Returns whether stage and person allow the step. Raises `BadInput` for what is unknown."""
    with reading(system.records) as session:
        actor = Actor(person=person, posts=directory.posts(session, person), entry_point=system.entry_point)
        state = repository.state(session, inspection)
    try:
        require_open_to(state, step, actor)
    except Refused:
        return False
    return True


def _any_row(name: str) -> Step:
    """The row whose form tells what the step wants, when it cannot be taken from this stage anyway."""
    row = next((step for step in STEPS if step.name == name), None)
    if row is None:
        raise BadInput(f"there is no step «{name}»; the steps are {', '.join(STEP_NAMES)}")
    return row


def _refuse_before_the_form(system: AppContext, inspection: Inspection, command: Command) -> None:
    """Raises `Refused`, which is recorded, where stage or person rule the step out: a faulty form does not matter then."""
    try:
        require_open_to(inspection, command.step, command.actor)
    except Refused as refusal:
        _record_refusal(system, inspection, command, refusal)
        raise


def _form(system: AppContext, step: Step, wish: TakeStep, command_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Returns the form's fields as they travel, and its words as they are kept. Raises `BadInput`."""
    context = case_identifiers.context(system.settings.case_identifier)
    try:
        form = step.form.model_validate(dict(wish.fields), context=context)
    except ValidationError as error:
        known = ", ".join(step.form.model_fields) or "none"
        faults = tuple(f"{dotted(place) or wish.step}: {words}" for place, words in faults_in(error))
        raise BadInput(f"{wish.step}: the form has faults (its fields: {known})", faults) from None
    return detach(form, f"{wish.inspection}/{command_id}")


def _committed_before(system: AppContext, inspection: Inspection, command: Command) -> Answer | None:
    """The answer to a command that was done already, whatever has happened since: the inspection may even be over.

    Raises `BadInput` where it was kept under this identifier and said something else."""
    with reading(system.records) as session:
        done = find_committed(session.connection(), inspection.id, command.id)
        if done is None:
            return None
        kinds = {one.number: one.event.kind for one in history(session, inspection.id) if one.command_id == command.id}
        if not any(step.event in kinds.values() for step in STEPS if step.name == command.step):
            return None
        submissions.kept(session, inspection.id, command)
        row = repository.find(session, inspection.id)
    return Answer(
        stage=inspection.stage,
        events=tuple(kinds),
        kinds=tuple(kinds.values()),
        next_due=row["next_due"],
        next_what=row["next_what"],
    )


def _store_command(system: AppContext, inspection: Inspection, command: Command, texts: Mapping[str, str]) -> Command:
    """First the records, with the moment it came in: a worker that is down makes nobody late."""
    fault_point("entry point: before the submission is stored")
    with writing(system.records) as session:
        kept = submissions.store(session, inspection.id, command)
        for identifier, text in texts.items():
            submissions.store_text(session, inspection.id, identifier, text, command.received)
    fault_point("entry point: submission stored")
    return kept


async def _send_kept(system: AppContext, command: Command, inspection: str) -> Answer:
    """A command that was wrong in itself waits for nothing any more; nor does a refused one, which is written down, too."""
    try:
        return await _send(system, command, inspection)
    except BadInput:
        with writing(system.records) as session:
            submissions.mark_refused(session, inspection, command.id)
        raise


async def _send(system: AppContext, command: Command, inspection: str) -> Answer:
    client = system.engine()
    try:
        answer = await asyncio.wait_for(_update(client, inspection, command), ANSWER_TIMEOUT_SECONDS)
    except WorkflowUpdateFailedError as error:
        raise _refusal_of(error, command) from None
    except (TimeoutError, RPCTimeoutOrCancelledError, RPCError) as error:
        raise _unanswered(system, error, command, inspection) from None
    if answer.refused is not None:
        raise BadInput(answer.refused) if answer.bad_input else Refused(answer.refused, answer.paragraph)
    fault_point("entry point: answer received")
    return answer


async def _update(client: Client, inspection: str, command: Command) -> Answer:
    handle = client.get_workflow_handle(inspection_workflow_id(inspection))
    answer: Answer = await handle.execute_update(TAKE_STEP, command, id=command.id, result_type=Answer)
    return answer


def _unanswered(system: AppContext, error: Exception, command: Command, inspection: str) -> Exception:
    if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
        if _is_finished(system, inspection):
            return workflow_ended(inspection)
        what = f"no workflow runs for {inspection}: {command.step} is kept, and taken when a worker has begun it again, within the hour"
        return Unreachable(what, remedy=Remedy.REPEAT_COMMAND, subject=command.id)
    what = f"no answer from the engine or its worker for {command.step}: it is kept, and may still be done"
    return Unreachable(what, remedy=Remedy.REPEAT_COMMAND, subject=command.id)


def _is_finished(system: AppContext, inspection: str) -> bool:
    with reading(system.records) as session:
        return repository.state(session, inspection).is_finished


def workflow_ended(inspection: str) -> Refused:
    """Returns the refusal of a command for an inspection that is finished."""
    return Refused(f"{inspection} has come to its end in the engine: nothing more is taken")


def _refusal_of(error: WorkflowUpdateFailedError, command: Command) -> BadInput | Refused | Unreachable:
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type == "BadInput":
        return BadInput(cause.message)
    if isinstance(cause, ApplicationError) and cause.type == "Refused":
        paragraph = cause.details[0] if cause.details else None
        return Refused(cause.message, paragraph if isinstance(paragraph, int) else None)
    # The workflow ended with the command in its queue: it waits in the records for the one that is begun again.
    what = f"the workflow ended before it answered ({cause}): {command.step} is kept, and may still be done"
    return Unreachable(what, remedy=Remedy.REPEAT_COMMAND, subject=command.id)


def _record_refusal(system: AppContext, inspection: Inspection, command: Command, refusal: Refused) -> None:
    event = refusal_event(inspection, command, refusal)
    with writing(system.records) as session:
        submissions.refuse(session, inspection.id, command.id, [event], system.now())


def _write_content(system: AppContext, inspection: Inspection, command: Command, texts: Mapping[str, str]) -> Answer:
    fault_point("entry point: before content is written")
    with writing(system.records) as session:
        for identifier, text in texts.items():
            submissions.store_text(session, inspection.id, identifier, text, command.received)
        number = content.write(session, inspection, command, recorded=system.now())
    fault_point("entry point: content written")
    return Answer(stage=inspection.stage, events=(number,), kinds=(command.step,))
