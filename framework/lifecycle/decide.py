"""Decides a command: whether its step may be taken now, and the events, letters and tasks it brings. No I/O.

`validate` checks what the inspection alone can show; `decide` checks the rest, too, with the state of the records. A refusal
changes nothing. The outcome of each step is in `framework.inspection.outcomes`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import ValidationError

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.calendar.working_days import next_working_morning
from framework.common.errors import BadInput, BeingMade, Refused
from framework.common.validation import dotted, faults_in
from framework.correspondence.letters import letter as rule_of
from framework.inspection.appointments import clash_tasks
from framework.inspection.guards.context import Failed, StepContext
from framework.inspection.guards.table import first_failing_guard, step_requires_record_state
from framework.inspection.handed_in import as_received
from framework.inspection.letter_context import letter_context
from framework.inspection.notification_gates import connection_fault
from framework.inspection.order import Strict
from framework.inspection.outcomes.outcome import Dates, StepResult, default_result
from framework.inspection.outcomes.table import RESULT_FACTORIES
from framework.inspection.service_of_notice import outcome_is_awaited
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.inspection.team_letters import CHANGES_A_TEAM, team_letters
from framework.lifecycle.bookings import bookings
from framework.lifecycle.due_items import Due, next_due
from framework.lifecycle.lifecycle import STEP_NAMES, STEPS, Step, find, paragraph_of
from framework.lifecycle.limit_status import due_days, limit_rows
from framework.lifecycle.misses import with_misses_it_meets
from framework.messages.commands import SYSTEM, Actor, Command
from framework.messages.commit import DecisionCommit
from framework.messages.events import Event
from framework.messages.orders import CommentRow, DocumentOrder, LetterOrder, TaskOrder
from framework.messages.record_state import RecordState
from framework.vocabulary.roles import TEAM_ROLES, TITLES, Role

MAIN_LINE_EVENTS = (
    "notified",
    "deferred",
    "notified_anew",
    "set_up_meeting_held",
    "fieldwork_started",
    "oral_feedback_given",
    "fieldwork_ended",
    "draft_sent",
    "comments_returned",
    "comments_lapsed",
    "final_issued",
    "published",
    "cancelled",
)
"""A step is never dated before the newest of these."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that one command, or one due item, brings."""

    events: tuple[Event, ...]
    after: Inspection
    """The state of the inspection once this is recorded."""
    letters: tuple[LetterOrder, ...] = ()
    documents: tuple[DocumentOrder, ...] = ()
    tasks: tuple[TaskOrder, ...] = ()
    comments: tuple[CommentRow, ...] = ()
    send_again: str | None = None
    publish: bool = False
    rejects_command: str | None = None
    defer_delivery: bool = False


def validate(inspection: Inspection, command: Command, calendar: Calendar, moment: datetime) -> StepContext:
    """Checks the command as far as the inspection alone can show. Raises `BadInput` or `Refused`."""
    return _validate(inspection, command, calendar, moment, None)


def require_open_to(inspection: Inspection, name: str, actor: Actor) -> None:
    """Requires that the step may be taken from this stage, and by this person. Raises `BadInput` for an unknown step, else
    `Refused`. Checked before the form: its faults matter only to a person who may take the step."""
    _role(inspection, actor, _row(inspection, name))


def requires_record_state(inspection: Inspection, name: str) -> bool:
    """Returns whether a step can only be decided with the state of the records; true for a step not open from here, too."""
    step = find(name, inspection.stage)
    return step is None or step_requires_record_state(step)


def decide(
    inspection: Inspection, command: Command, calendar: Calendar, moment: datetime, readiness: RecordState
) -> Decision:
    """Returns the decision of the step. Raises `BadInput` for a fault of the command, `Refused` where a rule forbids it."""
    context = _validate(inspection, command, calendar, moment, readiness if readiness.was_queried else None)
    outcome = RESULT_FACTORIES.get(context.step.event, default_result)(context)
    return finalize(inspection, outcome, calendar, moment, readiness.head)


def finalize(
    inspection: Inspection,
    outcome: StepResult,
    calendar: Calendar,
    moment: datetime,
    head: int,
    old_calendar: Calendar | None = None,
) -> Decision:
    """Returns the outcome with the state it leads to, and with the dates its letters and documents may name.

    `old_calendar` is the one that the days were counted with before, if the outcome is a change of the calendar."""
    after = inspection.after(enumerate(outcome.events, start=head + 1))
    events = with_misses_it_meets(inspection, outcome.events, after, calendar)
    if events != outcome.events:
        after = inspection.after(enumerate(events, start=head + 1))
    as_if = london_day(moment) if after.notification_pending else None
    dates = due_days(after, calendar, as_if_notified=as_if)
    letters = (
        *outcome.letters(after, dates),
        *_to_the_team(inspection, outcome, after, old_calendar or calendar, dates, head, london_day(moment)),
    )
    return Decision(
        events=tuple(events),
        after=after,
        letters=tuple(_completed(letter, after, dates, calendar, moment) for letter in letters),
        documents=tuple(document.model_copy(update={"dates": dates}) for document in outcome.documents),
        tasks=(*outcome.tasks, *clash_tasks(inspection, calendar, after, calendar)),
        comments=tuple(outcome.comments),
        send_again=outcome.send_again,
        publish=outcome.publish,
    )


def _to_the_team(
    before: Inspection, outcome: StepResult, after: Inspection, calendar: Calendar, dates: Dates, head: int, today: date
) -> Iterable[LetterOrder]:
    if CHANGES_A_TEAM.isdisjoint(event.kind for event in outcome.events):
        return ()
    return team_letters(before, due_days(before, calendar), after, dates, head + len(outcome.events), today)


def _completed(
    letter: LetterOrder, after: Inspection, dates: Dates, calendar: Calendar, moment: datetime
) -> LetterOrder:
    """Adds the days and events a letter may name, and the moment from which it may be sent."""
    waits = rule_of(letter.kind).in_the_morning
    not_before = next_working_morning(moment, calendar) if waits else None
    facts = {**letter_context(after), **letter.facts}
    return letter.model_copy(update={"dates": dates, "facts": facts, "not_before": not_before})


def build_commit(
    decision: Decision, command_id: str, moment: datetime, head: int, calendar: Calendar
) -> tuple[DecisionCommit, Due | None]:
    """Returns the commit that writes the decision in one transaction, and the next item due once it is written."""
    after = decision.after
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
            bookings=bookings(after, calendar),
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


def _validate(
    inspection: Inspection, command: Command, calendar: Calendar, moment: datetime, readiness: RecordState | None
) -> StepContext:
    step = _row(inspection, command.step)
    role = _role(inspection, command.actor, step)
    form = _form(step, command)
    dated = as_received(step, role, command)
    context = StepContext(inspection, step, dated, form, role, moment, calendar, readiness)
    _day(context)
    if failed := first_failing_guard(context):
        raise error_of(step, failed)
    return context


def error_of(step: Step, failed: Failed) -> BadInput | Refused:
    """Returns the error for a step that cannot be taken: `BeingMade`, `BadInput`, or `Refused` with its paragraph."""
    message = f"{step.name}: {failed.message}"
    if failed.being_made:
        return BeingMade(message)
    return BadInput(message) if failed.bad_input else Refused(message, failed.paragraph or step.paragraph)


def _row(inspection: Inspection, name: str) -> Step:
    step = find(name, inspection.stage)
    if step is not None:
        return step
    if name not in STEP_NAMES:
        raise BadInput(f"there is no step «{name}»; the steps are {', '.join(STEP_NAMES)}")
    row = next(step for step in STEPS if step.name == name)
    places = ", ".join(dict.fromkeys(s for step in STEPS if step.name == name for s in step.sources))
    raise Refused(f"{name} is taken from {places}; {inspection.id} is at {inspection.stage}", row.paragraph)


def _role(inspection: Inspection, actor: Actor, step: Step) -> Role:
    held = inspection.roles_of(actor)
    fitting = [role for role in step.by if role in held]
    if not fitting:
        takers = " or ".join(TITLES[role] for role in step.by)
        have = ", ".join(TITLES[role] for role in held) or "without a role in this inspection"
        raise Refused(f"{step.name} is taken by: {takers}; {actor.person} is {have}", step.paragraph)
    fault = connection_fault(inspection, actor.person)
    free = [role for role in fitting if not fault or role not in TEAM_ROLES]
    if fault and not free:
        raise Refused(f"{step.name}: {fault.message}", fault.paragraph)
    return free[0]


def _form(step: Step, command: Command) -> Strict:
    try:
        return step.form.model_validate(command.fields)
    except ValidationError as error:
        faults = tuple(f"{dotted(path) or 'form'}: {message}" for path, message in faults_in(error))
        raise BadInput(f"{step.name}: {'; '.join(faults)}", faults) from None


def _day(context: StepContext) -> None:
    """Requires that the step is not dated after its receipt, before the notification, or before the stage it starts from.

    A step of several stages (lists, documents, late comments) may not be dated before the notification, or the draft."""
    command, milestones = context.command, context.inspection.milestones_reached
    if command.on > london_day(command.received):
        raise BadInput(f"{command.step}: the day {command.on} lies in the future")
    if context.inspection.stage is Stage.PLANNED or command.step == "correct":
        return
    least = context.inspection.date_of("draft_sent" if command.step == "return_comments" else "notification")
    if len(context.step.sources) == 1 or context.step.dest not in (None, Stage.DEFERRED, Stage.CANCELLED):
        days = [milestones[kind].on for kind in MAIN_LINE_EVENTS if kind in milestones]
        least = max(days, default=least)
    if least and command.on < least:
        raise BadInput(f"{command.step}: the day {command.on} is before {least}, when the step before it was taken")


def refusal_decision(inspection: Inspection, command: Command, error: BadInput | Refused) -> Decision:
    """Returns the decision of a refused command: one refusal event, which the entry point appends if the workflow does not.

    Invalid input leaves no event: its sender has the answer. A refused command of the system always leaves one, since no
    person sees its answer, unless it reports the outcome of a letter that nothing waits for (a copy of what was handed over)."""
    own = command.actor == SYSTEM
    silent = not outcome_is_awaited(inspection, command) if own else isinstance(error, BadInput)
    events = () if silent else (refusal_event(inspection, command, error),)
    return Decision(events, inspection, rejects_command=command.id)


def refusal_event(inspection: Inspection, command: Command, refusal: BadInput | Refused) -> Event:
    """Returns the event of a refusal: by a rule or, for a command of the system, for invalid input."""
    held = inspection.roles_of(command.actor)
    return Event.from_command(
        command,
        kind="step_refused",
        role=held[0] if held else Role.NONE,
        paragraph=refusal.paragraph if isinstance(refusal, Refused) else paragraph_of(command.step),
        data={"step": command.step, "stage": inspection.stage.value, "why": str(refusal)},
    )
