"""Which steps lead to each limit of an inspection being met, and whose they are: the table behind every reminder.

A report is written, assured and sent by different people, so the limit of its sending asks each of them for their own step."""

from collections.abc import Mapping
from datetime import date

from framework.calendar.bank_holidays import Calendar
from framework.inspection.on_site import counts_as_feedback, first_feedback_day
from framework.inspection.state import Inspection
from framework.lifecycle.duties import DutyRule, IsReady
from framework.vocabulary.roles import Role


def _duty(
    step: str,
    by: Role | None = None,
    *,
    asked_by: str = "",
    follows: str = "",
    title: str = "",
    is_ready: IsReady | None = None,
) -> DutyRule:
    return DutyRule(step, by, tuple(asked_by.split()), follows, title, is_ready)


def _feedback_counts(inspection: Inspection, on: date, calendar: Calendar) -> bool:
    return counts_as_feedback(inspection, first_feedback_day(on, calendar))


def _feedback_is_missing(inspection: Inspection, on: date, calendar: Calendar) -> bool:
    return not _feedback_counts(inspection, on, calendar)


QA, MANAGER = Role.QUALITY_ASSURANCE_MANAGER, Role.MANAGER
_NOTIFIED = "notified notified_anew"

# fmt: off
DUTIES: Mapping[str, tuple[DutyRule, ...]] = {
    "case_lists":         (_duty("receive_case_lists", asked_by=_NOTIFIED),),
    "documents":          (_duty("receive_documents", asked_by=_NOTIFIED),),
    "survey_invitations": (_duty("confirm_survey_invitations", asked_by=_NOTIFIED),),
    "set_up_meeting":     (_duty("hold_set_up_meeting", asked_by="set_up_meeting_arranged"),),
    "first_cases_choice": (_duty("choose_first_cases", follows="case_lists_received"),),
    "fieldwork_starts":   (_duty("start_fieldwork", asked_by="fieldwork_arranged set_up_meeting_held"),),
    "case_audits":        (_duty("receive_case_audits", asked_by="first_cases_chosen", follows="first_cases_chosen"),),
    "inspection_ends":    (_duty("end_fieldwork", is_ready=_feedback_counts),
                           _duty("give_oral_feedback", is_ready=_feedback_is_missing, title="Oral feedback and the end of fieldwork")),
    "oral_feedback":      (),  # one item with the end of fieldwork, which cannot come before it
    "draft_report":       (_duty("send_draft", asked_by="draft_approved"),
                           _duty("approve_draft", QA, asked_by="draft_submitted", title="Approval of the draft report"),
                           _duty("submit_draft", asked_by="draft_sent_back", title="Draft report for quality assurance")),
    "factual_comments":   (_duty("return_comments", asked_by="draft_sent"),),
    "final_report":       (_duty("issue_final", asked_by="final_approved"),
                           _duty("decide_late_comments", title="Decision on late comments"),
                           _duty("approve_final", QA, asked_by="final_submitted", title="Approval of the final report"),
                           _duty("submit_final", asked_by="final_sent_back", title="Final report for quality assurance")),
    "publication":        (_duty("publish"),
                           _duty("release_publication", MANAGER, asked_by="publication_held", title="Publication, which is held back")),
    "evaluation":         (_duty("record_evaluation", asked_by="published"),),
    "deferral_answer":    (_duty("refuse_deferral", asked_by="deferral_requested"),),
}
# fmt: on
"""Limit -> the steps that lead to its being met, the last first. A limit that is not named here is met by its own step."""
