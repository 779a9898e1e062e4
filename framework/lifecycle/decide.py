"""Decides a command: whether its step may be taken now, and the events, letters and tasks it brings. No I/O.

`validate` checks what the matter alone can show; `decide` checks the rest, too, with the state of the records. A refusal
changes nothing. Steps, guards and outcomes are those of the matter's lifecycle."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, BeingMade, Refused
from framework.common.forms import Strict
from framework.common.validation import dotted, faults_in
from framework.lifecycle.due_items import Due, next_due
from framework.lifecycle.guards import Failed, M, StepContext, first_failing_guard, step_requires_record_state
from framework.lifecycle.limit_status import limit_rows
from framework.lifecycle.matter import Matter
from framework.lifecycle.misses import with_misses_it_meets
from framework.lifecycle.step_result import StepResult
from framework.lifecycle.steps import Step
from framework.messages.commands import SYSTEM, Actor, Command
from framework.messages.commit import DecisionCommit
from framework.messages.events import Event
from framework.messages.orders import CommentRow, DocumentOrder, LetterOrder, TaskOrder
from framework.messages.record_state import RecordState
from framework.vocabulary.roles import TITLES, Role


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that one command, or one due item, brings."""

    events: tuple[Event, ...]
    after: Any
    """The state of the matter once this is recorded."""
    letters: tuple[LetterOrder, ...] = ()
    documents: tuple[DocumentOrder, ...] = ()
    tasks: tuple[TaskOrder, ...] = ()
    comments: tuple[CommentRow, ...] = ()
    send_again: str | None = None
    publish: bool = False
    rejects_command: str | None = None
    defer_delivery: bool = False


def validate(matter: M, command: Command, calendar: Calendar, moment: datetime) -> StepContext[M]:
    """Checks the command as far as the matter alone can show. Raises `BadInput` or `Refused`."""
    return _validate(matter, command, calendar, moment, None)


def require_open_to(matter: Matter, name: str, actor: Actor) -> None:
    """Requires that the step may be taken from this stage, and by this person. Raises `BadInput` for an unknown step, else
    `Refused`. Checked before the form: its faults matter only to a person who may take the step."""
    _role(matter, actor, _row(matter, name))


def requires_record_state(matter: Matter, name: str) -> bool:
    """Returns whether a step can only be decided with the state of the records; true for a step not open from here, too."""
    step = matter.lifecycle.steps.find(name, matter.stage)
    return step is None or step_requires_record_state(step, matter.lifecycle.guards)


def decide(matter: Matter, command: Command, calendar: Calendar, moment: datetime, readiness: RecordState) -> Decision:
    """Returns the decision of the step. Raises `BadInput` for a fault of the command, `Refused` where a rule forbids it."""
    context = _validate(matter, command, calendar, moment, readiness if readiness.was_queried else None)
    work_out = matter.lifecycle.outcomes.get(context.step.event, matter.lifecycle.default_outcome)
    return finalize(matter, work_out(context), calendar, moment, readiness.head)


def finalize(
    matter: Matter,
    outcome: StepResult,
    calendar: Calendar,
    moment: datetime,
    head: int,
    old_calendar: Calendar | None = None,
) -> Decision:
    """Returns the outcome with the state it leads to, and with the dates its letters and documents may name.

    `old_calendar` is the one that the days were counted with before, if the outcome is a change of the calendar."""
    lifecycle, today = matter.lifecycle, london_day(moment)
    after = matter.after(enumerate(outcome.events, start=head + 1))
    events = with_misses_it_meets(matter, outcome.events, after, calendar)
    if events != outcome.events:
        after = matter.after(enumerate(events, start=head + 1))
    dates = lifecycle.letter_days(after, calendar, today)
    newest = head + len(outcome.events)
    letters = (
        *outcome.letters(after, dates),
        *lifecycle.further_letters(matter, outcome, after, old_calendar or calendar, dates, newest, today),
    )
    dated = (letter.model_copy(update={"dates": dates}) for letter in letters)
    return Decision(
        events=tuple(events),
        after=after,
        letters=tuple(lifecycle.completed_letter(letter, after, calendar, moment) for letter in dated),
        documents=tuple(document.model_copy(update={"dates": dates}) for document in outcome.documents),
        tasks=(*outcome.tasks, *lifecycle.further_tasks(matter, after, calendar)),
        comments=tuple(outcome.comments),
        send_again=outcome.send_again,
        publish=outcome.publish,
    )


def build_commit(
    decision: Decision, command_id: str, moment: datetime, head: int, calendar: Calendar
) -> tuple[DecisionCommit, Due | None]:
    """Returns the commit that writes the decision in one transaction, and the next item due once it is written."""
    after: Matter = decision.after
    due = None if after.is_finished else next_due(after, calendar, moment)
    return (
        DecisionCommit(
            inspection=after.id,
            command_id=command_id,
            expected_version=head,
            numbered_from=head + 1,
            recorded=moment,
            events=decision.events,
            stage=after.stage,
            letters=decision.letters,
            documents=decision.documents,
            tasks=decision.tasks,
            comments=decision.comments,
            limits=limit_rows(after, calendar),
            bookings=after.lifecycle.bookings(after, calendar),
            next_due=due.at if due else None,
            next_what=due.words() if due else "",
            people=after.people,
            send_again=decision.send_again,
            publish=decision.publish,
            rejects_command=decision.rejects_command,
            defer_delivery=decision.defer_delivery,
        ),
        due,
    )


def refusal_decision(matter: Matter, command: Command, error: BadInput | Refused) -> Decision:
    """Returns the decision of a refused command: one refusal event, which the entry point appends if the workflow does not.

    Invalid input leaves no event: its sender has the answer. A refused command of the system always leaves one, since no
    person sees its answer, unless it reports the outcome of a letter that nothing waits for (a copy of what was handed over)."""
    own = command.actor == SYSTEM
    silent = not matter.lifecycle.is_awaited(matter, command) if own else isinstance(error, BadInput)
    events = () if silent else (refusal_event(matter, command, error),)
    return Decision(events, matter, rejects_command=command.id)


def refusal_event(matter: Matter, command: Command, refusal: BadInput | Refused) -> Event:
    """Returns the event of a refusal: by a rule or, for a command of the system, for invalid input."""
    held = matter.roles_of(command.actor)
    own = matter.lifecycle.steps.paragraph_of(command.step)
    return Event.from_command(
        command,
        kind="step_refused",
        role=held[0] if held else Role.NONE,
        paragraph=refusal.paragraph if isinstance(refusal, Refused) else own,
        data={"step": command.step, "stage": str(matter.stage), "why": str(refusal)},
    )


def _validate(
    matter: M, command: Command, calendar: Calendar, moment: datetime, readiness: RecordState | None
) -> StepContext[M]:
    step = _row(matter, command.step)
    role = _role(matter, command.actor, step)
    form = _form(step, command)
    dated = matter.lifecycle.received(step, role, command)
    context = StepContext(matter, step, dated, form, role, moment, calendar, readiness)
    _day(context)
    if failed := first_failing_guard(context, matter.lifecycle.guards):
        raise error_of(step, failed)
    return context


def error_of(step: Step, failed: Failed) -> BadInput | Refused:
    """Returns the error for a step that cannot be taken: `BeingMade`, `BadInput`, or `Refused` with its paragraph."""
    message = f"{step.name}: {failed.message}"
    if failed.being_made:
        return BeingMade(message)
    return BadInput(message) if failed.bad_input else Refused(message, failed.paragraph or step.paragraph)


def _row(matter: Matter, name: str) -> Step:
    steps = matter.lifecycle.steps
    if step := steps.find(name, matter.stage):
        return step
    if name not in steps.names:
        raise BadInput(f"there is no step «{name}»; the steps are {', '.join(steps.names)}")
    rows = steps.named(name)
    places = ", ".join(dict.fromkeys(stage for step in rows for stage in step.sources))
    raise Refused(f"{name} is taken from {places}; {matter.id} is at {matter.stage}", rows[0].paragraph)


def _role(matter: Matter, actor: Actor, step: Step) -> Role:
    held = matter.roles_of(actor)
    fitting = [role for role in step.by if role in held]
    if not fitting:
        takers = " or ".join(TITLES[role] for role in step.by)
        have = ", ".join(TITLES[role] for role in held) or f"without a role in this {matter.lifecycle.title}"
        raise Refused(f"{step.name} is taken by: {takers}; {actor.person} is {have}", step.paragraph)
    faults = {role: matter.lifecycle.person_fault(matter, actor.person, role) for role in fitting}
    free = [role for role, fault in faults.items() if fault is None]
    if not free:
        raise error_of(step, next(fault for fault in faults.values() if fault is not None))
    return free[0]


def _form(step: Step, command: Command) -> Strict:
    try:
        return step.form.model_validate(command.fields)
    except ValidationError as error:
        faults = tuple(f"{dotted(path) or 'form'}: {message}" for path, message in faults_in(error))
        raise BadInput(f"{step.name}: {'; '.join(faults)}", faults) from None


def _day(context: StepContext[Any]) -> None:
    """Requires that the step is not dated after its receipt, or before the earliest day that its lifecycle names."""
    command = context.command
    if command.on > london_day(command.received):
        raise BadInput(f"{command.step}: the day {command.on} lies in the future")
    earliest = context.matter.lifecycle.earliest_day(context)
    if earliest and command.on < earliest:
        raise BadInput(f"{command.step}: the day {command.on} is before {earliest}, when the step before it was taken")
