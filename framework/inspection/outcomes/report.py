"""Outcomes of the steps of the report: drafts, comments, approval, publication (paras 50 to 53, 61)."""

from typing import Any

from framework.inspection.guards.context import StepContext
from framework.inspection.outcomes.outcome import (
    default_result,
    letter_factory,
    misses_as_it_ends,
    step_event,
    system_event,
)
from framework.inspection.outcomes.waiting import report_came_back, report_waits
from framework.inspection.stages import Stage
from framework.lifecycle.limit_status import limit_statuses
from framework.lifecycle.step_result import ResultFactory, StepResult
from framework.messages.events import Event
from framework.messages.orders import CommentRow, DocumentOrder


def _submit_draft(context: StepContext) -> StepResult:
    documents = [DocumentOrder(kind="draft_report", state="draft")]
    return StepResult([step_event(context)], [report_waits(context, "draft")], documents)


def _approve_draft(context: StepContext) -> StepResult:
    return StepResult([step_event(context, **_approved(context, "draft"))])


def _approve_final(context: StepContext) -> StepResult:
    return StepResult([step_event(context, **_approved(context, "final"))])


def _approved(context: StepContext, which: str) -> dict[str, Any]:
    """Returns the approved document and its hash; exactly that document is sent."""
    assert context.record_state is not None
    report = context.record_state.draft if which == "draft" else context.record_state.final
    return {"document": report.frozen_document, "sha256": report.rendered_sha256}


def _send_back(context: StepContext) -> StepResult:
    """Returns the report to its author, approved or not; the withdrawal of an approval is an event of its own."""
    which = "final" if context.step.event == "final_sent_back" else "draft"
    letter = report_came_back(context, which, "quality_assurance")
    return StepResult([step_event(context), *withdrawn_approvals(context, which)], [letter])


def withdrawn_approvals(context: StepContext, which: str) -> list[Event]:
    """Returns the event by which the approval of the draft or the final falls; none where it was not approved."""
    report = context.matter.final if which == "final" else context.matter.draft
    if report.approved_document is None:
        return []
    return [system_event(context, "approval_withdrawn", 61, report=which, document=report.approved_document)]


def _submit_final(context: StepContext) -> StepResult:
    day = context.form.issue_on
    facts = {"issue_on": day.isoformat()} if day else {}
    documents = [DocumentOrder(kind="final_report", state="final", facts=facts), DocumentOrder(kind="comments_table")]
    return StepResult([step_event(context)], [report_waits(context, "final")], documents)


def _return_comments(context: StepContext) -> StepResult:
    comments = context.command.fields.get("comments", [])
    earlier = context.matter.comments
    first = earlier + 1
    facts: dict[str, Any] = {"count": len(comments), "earlier": earlier, "received": str(context.command.on)}
    late = not _in_time(context)
    outcome = StepResult([step_event(context, None if late else "comments_returned", count=len(comments))])
    outcome.comments = [
        CommentRow(
            number=first + index,
            where=comment["where"],
            text=comment["text"],
            heading=comment.get("heading"),
            late=late,
        )
        for index, comment in enumerate(comments)
    ]
    if not late and context.matter.final.submitted is not None:  # what was frozen does not answer them
        reopened = system_event(context, "final_reopened", 61, submitted=context.matter.final.submitted)
        outcome.events += [reopened, *withdrawn_approvals(context, "final")]
        outcome.letter_factories.append(report_came_back(context, "final", "comments", event=1))
    if late:
        facts["after"] = context.matter.stage.value
        outcome.letter_factories.append(letter_factory("late_comments", facts=facts))
    else:
        kind = "comments_received" if comments else "comments_returned_without"
        outcome.letter_factories.append(letter_factory(kind, facts=facts))
    return outcome


def _in_time(context: StepContext) -> bool:
    """Returns whether comments are in time: also further ones within the five days, while the report can still take them."""
    if context.matter.stage is not Stage.FINALISING:
        return context.matter.stage is Stage.FACTUAL_CHECK
    due = next(s.due for s in limit_statuses(context.matter, context.calendar) if s.rule.key == "factual_comments")
    return context.command.on <= due


def _close_window(context: StepContext) -> StepResult:
    outcome = default_result(context)
    outcome.events = [step_event(context, **misses_as_it_ends(context))]
    return outcome


def _publish(context: StepContext) -> StepResult:
    outcome = default_result(context)
    outcome.publish = True
    return outcome


RESULT_FACTORIES: dict[str, ResultFactory] = {
    "draft_submitted": _submit_draft,
    "draft_approved": _approve_draft,
    "draft_sent_back": _send_back,
    "final_submitted": _submit_final,
    "final_sent_back": _send_back,
    "final_approved": _approve_final,
    "comments_returned": _return_comments,
    "late_comments_returned": _return_comments,
    "published": _publish,
    "window_closed": _close_window,
}
