"""Outcomes of departures from the ordinary course: deferral, cancelling, corrections, letters sent again (paras 9, 65)."""

from collections.abc import Callable
from dataclasses import replace

from framework.calendar.london_time import london_day
from framework.inspection.forms import DeferralGround, is_refused_by_default
from framework.inspection.guards.context import StepContext
from framework.inspection.guards.withdrawal import withdrawn_event
from framework.inspection.limit_changes import changed_days
from framework.inspection.limit_days import complaints_until
from framework.inspection.limits import BY_KEY
from framework.inspection.order import GATE_PARAGRAPHS
from framework.inspection.outcomes.failed_service import CANCELLATION_TASK
from framework.inspection.outcomes.notification import announcement_pack, withdrawing
from framework.inspection.outcomes.outcome import (
    changed_dates_factory,
    default_result,
    letter_factory,
    misses_as_it_ends,
    owed_anew_factory,
    step_event,
    system_event,
)
from framework.inspection.outcomes.waiting import decision_waits
from framework.inspection.state import Inspection
from framework.lifecycle import misses
from framework.lifecycle.amendments import amend, correction
from framework.lifecycle.limit_status import LimitStatus
from framework.lifecycle.step_result import Dates, LetterFactory, ResultFactory, StepResult
from framework.lifecycle.withdrawals import withdrawal
from framework.messages.orders import LetterOrder, TaskOrder
from framework.vocabulary.roles import AUTHORITY_ROLES, Role


def _request_deferral(context: StepContext) -> StepResult:
    """Refuses staff absence and shortage by default (para 9); opens a task for the manager for any other ground."""
    unanswered = [limit for limit in _missed(context) if limit.rule.key == "deferral_answer"]
    outcome = StepResult([step_event(context, **misses.as_data(unanswered))])
    ground: DeferralGround = context.form.ground
    if not is_refused_by_default(ground):
        outcome.tasks = [TaskOrder(key="deferral", kind="deferral", facts={"ground": ground.value})]
        outcome.letter_factories = [decision_waits(context, "deferral")]
    else:
        outcome.events.append(system_event(context, "deferral_refused", 9, ground=ground.value))
        if context.matter.was_notified:
            outcome.letter_factories = [_refusal_by_rule(context)]
    return outcome


def _refuse_deferral(context: StepContext) -> StepResult:
    tasks = [TaskOrder(key="deferral", kind="deferral", closes=True)]
    requested = context.matter.milestones_reached["deferral_requested"].number
    letter = _addressed(_decision("deferral_refused", context), context.matter.events[requested].role)
    return StepResult([step_event(context)], [letter] if context.matter.was_notified else [], tasks=tasks)


def _withdraw_deferral_request(context: StepContext) -> StepResult:
    tasks = [TaskOrder(key="deferral", kind="deferral", closes=True)]
    return StepResult([step_event(context)], tasks=tasks)


def _defer(context: StepContext) -> StepResult:
    tasks = [TaskOrder(key="deferral", kind="deferral", closes=True)]
    event = step_event(context, **misses_as_it_ends(context))
    letter = withdrawing(_decision("deferral_granted", context), context.matter)
    return StepResult([event], [letter], tasks=tasks)


def _missed(context: StepContext) -> list[LimitStatus]:
    return misses.missed_limits(context.matter, context.calendar, london_day(context.command.received))


def _decision(kind: str, context: StepContext) -> LetterFactory:
    """Returns the letter with the manager's decision on a request to defer, in the manager's name and with their reason."""
    ground = context.command.fields.get("ground") or context.matter.deferral_ground or "other"
    names = {"decided_by": context.command.actor.person}
    return letter_factory(kind, context.command.fields, {"grounds": ground, "by_rule": False}, names=names)


def _refusal_by_rule(context: StepContext) -> LetterFactory:
    """Returns the refusal by default (para 9): signed by the office, since no person decided, without the authority's own reason."""
    facts = {"grounds": context.form.ground.value, "by_rule": True}
    return _addressed(letter_factory("deferral_refused", facts=facts, event=1), context.role)


def _addressed(factory: LetterFactory, requested_by: Role) -> LetterFactory:
    """Returns the same letter, also to the role that made the request, if that is another of the authority's."""

    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        letter = factory(after, dates)
        others = () if letter is None or requested_by not in AUTHORITY_ROLES else (requested_by,)
        return letter and letter.model_copy(update={"to": tuple(dict.fromkeys((*letter.to, *others)))})

    return make


def _resume(context: StepContext) -> StepResult:
    letter = letter_factory("resumption", facts={"fieldwork": str(context.form.fieldwork)})
    return StepResult([step_event(context)], [letter], [announcement_pack(context)])


def _cancel(context: StepContext) -> StepResult:
    outcome = StepResult([step_event(context, **misses_as_it_ends(context))])
    if context.matter.was_notified:
        until = complaints_until(context.matter, london_day(context.command.received), context.calendar)
        names = {"decided_by": context.command.actor.person}
        words = {name: value for name, value in context.command.fields.items() if name == "explanation"}
        letter = letter_factory("cancellation", words, {"complaints_until": str(until)}, names=names)
        outcome.letter_factories = [withdrawing(letter, context.matter)]
    return outcome


def _cancellation_served(context: StepContext) -> StepResult:
    """Counts the time for complaints from the service; if the letter named another last day, a letter corrects it."""
    written = london_day(context.matter.milestones_reached["cancelled"].received)
    was = complaints_until(context.matter, written, context.calendar)

    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        if dates["complaints_close"] == was:
            return None
        moved = [change.facts() for change in changed_days({"complaints_close": was}, dates)]
        cause = {"written": str(written), "served": str(context.command.on)}
        return letter_factory("changed_dates", facts={"moved": moved, "cause": cause})(after, dates)

    tasks = [TaskOrder(key=CANCELLATION_TASK, kind=CANCELLATION_TASK, closes=True)]
    return StepResult([step_event(context)], [make], tasks=tasks)


def _correct(context: StepContext) -> StepResult:
    kind, was = context.matter.log[context.form.event]
    words = kind.replace("_", " ")
    command = context.command
    amendment = amend(
        context.matter,
        correction(context.form.event, command.on, command.received),
        context.calendar,
        london_day(command.received),
        command.actor.person,
    )
    event = step_event(context, on=str(command.on), was=str(was), corrects=kind, **amendment.data)
    outcome = StepResult([event])
    if context.matter.was_notified:
        facts = {"event": words, "was": str(was), "now": str(context.command.on)}
        outcome.letter_factories = [changed_dates_factory(context, "correction", facts)]
    return outcome


def _withdraw(context: StepContext) -> StepResult:
    """Withdraws a step: the state is as before it; misses stay recorded, and no other person's running time is shortened."""
    number = withdrawn_event(context)
    assert number is not None
    kind, was = context.matter.log[number]
    command = context.command
    today = london_day(command.received)
    withdrawn = withdrawal(number, context.matter)
    amendment = amend(
        context.matter, replace(withdrawn, received=command.received), context.calendar, today, command.actor.person
    )
    event = step_event(context, event=number, withdraws=kind, was=str(was), **amendment.data)
    return StepResult([event], [owed_anew_factory(context)])


def _override(context: StepContext) -> StepResult:
    """Records the override under the paragraph of its gate, as that of an order does."""
    return StepResult([replace(step_event(context), paragraph=GATE_PARAGRAPHS[context.form.gate])])


def _waive(context: StepContext) -> StepResult:
    """Records the waiver under the paragraph of the limit."""
    return StepResult([replace(step_event(context), paragraph=BY_KEY[context.form.limit].paragraph)])


def _send_again(context: StepContext) -> StepResult:
    letter = context.form.letter
    kinds = {f"letter:{letter}": "letter", f"returned:{letter}": "letter_returned"}
    tasks = [TaskOrder(key=key, kind=kind, closes=True) for key, kind in kinds.items()]
    return StepResult([step_event(context)], tasks=tasks, send_again=letter)


def _clear(*keys: str) -> Callable[[StepContext], StepResult]:
    def outcome(context: StepContext) -> StepResult:
        result = default_result(context)
        result.tasks = [TaskOrder(key=key, kind="gate", closes=True) for key in keys]
        return result

    return outcome


RESULT_FACTORIES: dict[str, ResultFactory] = {
    "deferral_requested": _request_deferral,
    "deferral_refused": _refuse_deferral,
    "deferral_request_withdrawn": _withdraw_deferral_request,
    "deferred": _defer,
    "notification_postponed": _clear("deferral", "step:notify"),
    "resumption_issued": _resume,
    "cancelled": _cancel,
    "cancellation_served": _cancellation_served,
    "corrected": _correct,
    "withdrawn": _withdraw,
    "gate_overridden": _override,
    "limit_waived": _waive,
    "letter_sent_again": _send_again,
}
