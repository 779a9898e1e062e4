"""Needs of judgement, report and publication (paras 27, 49 to 53, 61, 65)."""

from framework.calendar.london_time import end_of, london_day
from framework.common.errors import BadInput
from framework.editions.registry import edition
from framework.inspection.guards.context import Guard, StepContext
from framework.inspection.order import Order
from framework.lifecycle.limit_status import limit_statuses
from framework.vocabulary.roles import Role


def headings(order: Order, graded: bool) -> dict[str, str]:
    """Title by key of the headings of an inspection's report that take a grade, or of those that take none (para 49)."""
    framework = edition(order.edition)
    found = framework.headings(order.scope)
    return {**({} if graded else framework.opening), **{one.key: one.title for one in found if one.graded is graded}}


def _graded_heading(asked: StepContext) -> str | None:
    if _opens(asked):
        return f"the section «{asked.form.heading}» takes no grade: use write_section"
    return _heading_fault(asked, graded=True)


def _ungraded_heading(asked: StepContext) -> str | None:
    return None if _opens(asked) else _heading_fault(asked, graded=False)


def _opens(asked: StepContext) -> bool:
    """Whether it is one of the sections that open a report and take no grade (para 49)."""
    return asked.form.heading in edition(asked.inspection.order.edition).opening


def _heading_fault(asked: StepContext, graded: bool) -> str | None:
    order = asked.inspection.order
    known = {heading.key: heading.graded for heading in edition(order.edition).headings(order.scope)}
    key = asked.form.heading
    if key not in known:
        raise BadInput(f"there is no heading «{key}» in this report; its headings are {', '.join(known)}")
    if known[key] is not graded:
        return f"the heading «{key}» {'takes no grade: use write_section' if graded else 'takes a grade: use grade'}"
    return None


def _report_complete(asked: StepContext) -> str | None:
    missing = asked.record_state.draft.missing if asked.record_state else ()
    return f"the report is not complete: {', '.join(missing)}" if missing else None


def _draft_submitted(asked: StepContext) -> str | None:
    return None if asked.inspection.draft.submitted else "the draft has not been submitted for quality assurance"


def _final_submitted(asked: StepContext) -> str | None:
    return None if asked.inspection.final.submitted else "the final report has not been submitted for quality assurance"


def _draft_rendered(asked: StepContext) -> str | None:
    ready = asked.record_state is None or asked.record_state.draft.rendered_sha256
    return None if ready else "the draft is still being made into a document; try again in a moment"


def _final_rendered(asked: StepContext) -> str | None:
    ready = asked.record_state is None or asked.record_state.final.rendered_sha256
    return None if ready else "the final report is still being made into a document; try again in a moment"


def _not_the_author(asked: StepContext) -> str | None:
    report = asked.inspection.final if asked.step.event.startswith("final") else asked.inspection.draft
    if asked.command.actor.person in (report.author, *asked.inspection.people.get(Role.LEAD_INSPECTOR, ())):
        return "quality assurance is done by someone other than the report's author"
    return None


def _draft_approved(asked: StepContext) -> str | None:
    return (
        None
        if asked.inspection.draft.approved_document
        else "the draft has not been through quality assurance (para 61)"
    )


def _final_approved(asked: StepContext) -> str | None:
    approved = asked.inspection.final.approved_document
    return None if approved else "the final report has not been through quality assurance (para 61)"


def _sent_today(asked: StepContext) -> str | None:
    """What the system itself sends counts from the day it goes out: nobody's days are shortened by a date typed in."""
    today = london_day(asked.moment)
    return (
        None if asked.command.on >= today else f"it goes out today, {today}, and counts from today: leave the day out"
    )


def _comments_time_passed(asked: StepContext) -> str | None:
    due = next(
        (s.due for s in limit_statuses(asked.inspection, asked.calendar) if s.rule.key == "factual_comments"), None
    )
    if due is None or asked.moment <= end_of(due):
        return f"the authority has until the end of {due} to comment"
    return None


def _comments_answered(asked: StepContext) -> str | None:
    open_ones = asked.record_state.unanswered_comments if asked.record_state else ()
    return f"comments not answered yet: {', '.join(map(str, open_ones))}" if open_ones else None


def _late_comments_decided(asked: StepContext) -> str | None:
    if asked.inspection.late_comments_undecided:
        return "comments came late: decide on their use first (decide_late_comments)"
    return None


def _late_comments_waiting(asked: StepContext) -> str | None:
    return None if asked.inspection.late_comments_undecided else "no late comments wait for a decision"


def _window_over(asked: StepContext) -> str | None:
    limits = limit_statuses(asked.inspection, asked.calendar)
    due = next((s.due for s in limits if s.rule.key == "complaints_close" and s.state == "open"), None)
    if due is None:
        return "the time for complaints has not begun: its letter has not been served"
    if asked.moment <= end_of(due):
        return f"complaints can be made until the end of {due}"
    return None


GUARDS: dict[str, Guard] = {
    "graded_heading": _graded_heading,
    "ungraded_heading": _ungraded_heading,
    "report_complete": _report_complete,
    "draft_submitted": _draft_submitted,
    "draft_rendered": _draft_rendered,
    "draft_approved": _draft_approved,
    "final_submitted": _final_submitted,
    "final_rendered": _final_rendered,
    "final_approved": _final_approved,
    "not_the_author": _not_the_author,
    "sent_today": _sent_today,
    "comments_time_passed": _comments_time_passed,
    "comments_answered": _comments_answered,
    "late_comments_decided": _late_comments_decided,
    "late_comments_waiting": _late_comments_waiting,
    "window_over": _window_over,
}
