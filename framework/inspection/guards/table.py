"""Every need by the name the table of `lifecycle` calls it."""

from framework.inspection.guards import corrections, fieldwork, notice, people, report
from framework.inspection.guards.context import Asked, Need
from framework.lifecycle.lifecycle import Step

NEEDS: dict[str, Need] = {
    **notice.NEEDS,
    **fieldwork.NEEDS,
    **report.NEEDS,
    **people.NEEDS,
    **corrections.NEEDS,
}


ASK_THE_RECORDS = frozenset({"addresses", "report_complete", "draft_rendered", "final_rendered", "comments_answered"})
"""Needs that look at what only the records know (`Asked.readiness`)."""


def asks_the_records(step: Step) -> bool:
    """Whether the step cannot be decided by the inspection alone."""
    return not ASK_THE_RECORDS.isdisjoint(step.needs)


def first_unmet(asked: Asked) -> str | None:
    """The sentence of the first need that does not hold."""
    return next((message for name in asked.step.needs if (message := NEEDS[name](asked))), None)
