"""Every need by the name the table of `lifecycle` calls it."""

from framework.inspection.guards import corrections, fieldwork, notice, people, report
from framework.inspection.guards.context import Guard, StepContext
from framework.lifecycle.lifecycle import Step

GUARDS: dict[str, Guard] = {
    **notice.GUARDS,
    **fieldwork.GUARDS,
    **report.GUARDS,
    **people.GUARDS,
    **corrections.GUARDS,
}


RECORD_STATE_GUARDS = frozenset(
    {"addresses", "report_complete", "draft_rendered", "final_rendered", "comments_answered"}
)
"""Needs that look at what only the records know (`Asked.readiness`)."""


def step_requires_record_state(step: Step) -> bool:
    """Whether the step cannot be decided by the inspection alone."""
    return not RECORD_STATE_GUARDS.isdisjoint(step.guards)


def first_failing_guard(asked: StepContext) -> str | None:
    """The sentence of the first need that does not hold."""
    return next((message for name in asked.step.guards if (message := GUARDS[name](asked))), None)
