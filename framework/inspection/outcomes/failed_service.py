"""Outcomes of a letter that did not arrive and from which a time limit counts (paras 8, 50, 65): the limit is withdrawn, and
tasks are opened."""

from framework.calendar.london_time import london_day
from framework.inspection.guards.context import StepContext
from framework.inspection.outcomes.notification import withdrawing
from framework.inspection.outcomes.outcome import default_result, letter_factory, step_event, system_event
from framework.inspection.outcomes.report import withdrawn_approvals
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle import misses
from framework.lifecycle.limit_status import LimitStatus
from framework.lifecycle.step_result import Dates, LetterFactory, ResultFactory, StepResult
from framework.messages.orders import LetterOrder, TaskOrder
from framework.vocabulary.roles import Role

DRAFT_TASK = "draft_not_served"
CANCELLATION_TASK = "cancellation_not_served"


def _not_served(context: StepContext) -> StepResult:
    return StepResult([step_event(context)], tasks=_tasks(context, "not_served", "notification"))


def _notification_failed(context: StepContext) -> StepResult:
    """Notifies every person who had the dates that they no longer apply; not the Director, whom the notification did not reach."""
    letter = withdrawing(_but_the_director(context.matter), context.matter)
    return StepResult(
        [step_event(context, **misses.as_data(_missed(context)))],
        [letter],
        tasks=_tasks(context, "not_served", "notification"),
    )


def _missed(context: StepContext) -> list[LimitStatus]:
    """Returns what was missed before the notification is withdrawn: it stays recorded."""
    return misses.missed_limits(context.matter, context.calendar, london_day(context.command.received))


def _but_the_director(before: Inspection) -> LetterFactory:
    def make(after: Inspection, dates: Dates) -> LetterOrder | None:
        letter = letter_factory("notification_failed")(after, dates)
        return letter.model_copy(update={"not_to": before.people.get(Role.DCS, ())})

    return make


def _noted(context: StepContext) -> StepResult:
    """Records the failure, with a task for a person. Fieldwork is not undone; only the draft is withdrawn."""
    letter = context.form.letter
    if not (letter and letter == context.matter.draft_letter):
        return StepResult([step_event(context)], tasks=_tasks(context, "not_served_late", "notification_late"))
    outcome = StepResult([step_event(context)], tasks=_tasks(context, DRAFT_TASK, DRAFT_TASK))
    if _never_had_its_five_days(context.matter):
        late = [limit for limit in _missed(context) if limit.rule.key == "draft_report"]
        taken_back = system_event(context, "draft_not_served", 50, letter=letter, **misses.as_data(late))
        outcome.events += [*withdrawn_approvals(context, "final"), taken_back]
    return outcome


def _never_had_its_five_days(inspection: Inspection) -> bool:
    """Returns whether the authority neither commented nor can: comments that came show that it had the draft."""
    lapsed = inspection.stage is Stage.FINALISING and "comments_lapsed" in inspection.milestones_reached
    return inspection.stage is Stage.FACTUAL_CHECK or (lapsed and not inspection.comments)


def _cancellation_not_served(context: StepContext) -> StepResult:
    return StepResult([step_event(context)], tasks=_tasks(context, CANCELLATION_TASK, CANCELLATION_TASK))


def _tasks(context: StepContext, key: str, kind: str) -> list[TaskOrder]:
    """Returns the task to serve the letter again, in place of the one that only names the letter that came back."""
    letter = context.form.letter
    tasks = [TaskOrder(key=f"returned:{letter}", kind="letter_returned", closes=True)] if letter else []
    return [*tasks, TaskOrder(key=key, kind=kind, facts={"letter": letter} if letter else {})]


def _draft_sent(context: StepContext) -> StepResult:
    outcome = default_result(context)
    outcome.tasks = [TaskOrder(key=DRAFT_TASK, kind=DRAFT_TASK, closes=True)]
    return outcome


RESULT_FACTORIES: dict[str, ResultFactory] = {
    "notification_not_served": _not_served,
    "notification_failed": _notification_failed,
    "failed_service_noted": _noted,
    "cancellation_not_served": _cancellation_not_served,
    "draft_sent": _draft_sent,
}
