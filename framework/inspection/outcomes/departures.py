"""What departures from the ordinary course bring: deferral, cancelling, corrections, letters sent again (paras 9, 65)."""

from collections.abc import Callable

from framework.calendar.london_time import london_day
from framework.inspection.forms import DeferralGround
from framework.inspection.guards.context import StepContext
from framework.inspection.outcomes.notification import order_texts
from framework.inspection.outcomes.outcome import (
    Dates,
    LetterFactory,
    ResultFactory,
    StepResult,
    changed_dates_factory,
    default_result,
    letter_factory,
    step_event,
    system_event,
)
from framework.inspection.state import Inspection
from framework.lifecycle.limit_changes import changed_days
from framework.lifecycle.limit_status import complaints_until
from framework.messages.inspection import DocumentOrder, LetterOrder, TaskOrder


def _request_deferral(asked: StepContext) -> StepResult:
    """Staff absence and shortage are refused by default (para 9); anything else waits for the manager."""
    outcome = StepResult([step_event(asked)])
    ground: DeferralGround = asked.form.ground
    if ground is DeferralGround.OTHER:
        outcome.tasks = [TaskOrder(key="deferral", kind="deferral", facts={"ground": ground.value})]
    else:
        outcome.events.append(system_event(asked, "deferral_refused", 9, ground=ground.value))
        if asked.inspection.was_notified:
            outcome.letter_factories = [_deferral_letter(asked, "deferral_refused", event=1)]
    return outcome


def _refuse_deferral(asked: StepContext) -> StepResult:
    tasks = [TaskOrder(key="deferral", kind="deferral", closes=True)]
    letters = [_deferral_letter(asked, "deferral_refused")] if asked.inspection.was_notified else []
    return StepResult([step_event(asked)], letters, tasks=tasks)


def _defer(asked: StepContext) -> StepResult:
    tasks = [TaskOrder(key="deferral", kind="deferral", closes=True)]
    return StepResult([step_event(asked)], [_deferral_letter(asked, "deferral_granted")], tasks=tasks)


def _deferral_letter(asked: StepContext, kind: str, event: int = 0) -> LetterFactory:
    ground = asked.command.fields.get("ground") or asked.inspection.deferral_ground or "other"
    person = asked.command.actor.person if kind == asked.step.event or kind == "deferral_granted" else ""
    names = {"decided_by": person} if person else {}
    facts = {"grounds": ground, **({} if person else {"decided_by": ""})}
    texts = (
        asked.command.fields if person else {}
    )  # refused by default: the reason is the rule's, not the authority's own
    return letter_factory(kind, texts, facts, event, names)


def _resume(asked: StepContext) -> StepResult:
    letter = letter_factory("resumption", facts={"fieldwork": str(asked.form.fieldwork)})
    return StepResult([step_event(asked)], [letter], [DocumentOrder(kind="announcement", texts=order_texts(asked))])


def _cancel(asked: StepContext) -> StepResult:
    outcome = StepResult([step_event(asked)])
    if asked.inspection.was_notified:
        until = complaints_until(asked.inspection, london_day(asked.command.received), asked.calendar)
        outcome.letter_factories = [
            letter_factory("cancellation", asked.command.fields, {"complaints_until": str(until)})
        ]
    return outcome


def _cancellation_served(asked: StepContext) -> StepResult:
    """The time for complaints counts from the service; where that is not the day the letter went by, its reader is told."""
    written = london_day(asked.inspection.milestones_reached["cancelled"].received)
    was = complaints_until(asked.inspection, written, asked.calendar)

    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        if dates["complaints_close"] == was:
            return None
        return letter_factory(
            "changed_dates", facts={"moved": [one.facts() for one in changed_days({"complaints_close": was}, dates)]}
        )(after, dates)

    return StepResult([step_event(asked)], [make])


def _correct(asked: StepContext) -> StepResult:
    kind, was = asked.inspection.log[asked.form.event]
    words = kind.replace("_", " ")
    outcome = StepResult([step_event(asked, on=str(asked.command.on), was=str(was), corrects=kind)])
    if asked.inspection.was_notified:
        facts = {"event": words, "was": str(was), "now": str(asked.command.on)}
        outcome.letter_factories = [changed_dates_factory(asked, "correction", facts)]
    return outcome


def _send_again(asked: StepContext) -> StepResult:
    tasks = [TaskOrder(key=f"letter:{asked.form.letter}", kind="letter", closes=True)]
    return StepResult([step_event(asked)], tasks=tasks, send_again=asked.form.letter)


def _clear(*keys: str) -> Callable[[StepContext], StepResult]:
    def outcome(asked: StepContext) -> StepResult:
        made = default_result(asked)
        made.tasks = [TaskOrder(key=key, kind="gate", closes=True) for key in keys]
        return made

    return outcome


RESULT_FACTORIES: dict[str, ResultFactory] = {
    "deferral_requested": _request_deferral,
    "deferral_refused": _refuse_deferral,
    "deferred": _defer,
    "notification_postponed": _clear("deferral", "step:notify"),
    "resumption_issued": _resume,
    "cancelled": _cancel,
    "cancellation_served": _cancellation_served,
    "corrected": _correct,
    "letter_sent_again": _send_again,
}
