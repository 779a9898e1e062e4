"""The ordinary course of an inspection, one step after another: how a life gets on, and how it can always end."""

from typing import Any

from framework.common.errors import BadInput, Refused
from framework.inspection.stages import Stage
from framework.lifecycle.lifecycle import find
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection
from tests.words import WHY

REASON = {"reason": WHY}
FOUR = [f"A-{number}" for number in range(4)]
FOUR_MORE = [f"B-{number}" for number in range(4)]
COURSE: dict[Stage, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    Stage.PLANNED: (("record_service", "c.marsh", {"method": "by_hand", "proof": "t-p"}),),
    Stage.NOTIFIED: (
        ("receive_case_lists", "link.330", {}),
        ("receive_documents", "link.330", {}),
        ("hold_set_up_meeting", "c.marsh", {"attendees": "t-a", "decisions": "t-d"}),
    ),
    Stage.SET_UP: (
        ("receive_case_lists", "link.330", {}),
        ("choose_first_cases", "LEAD", {"safeguarding": FOUR, "looked_after": FOUR_MORE}),
        ("confirm_survey_invitations", "link.330", {}),
        ("refuse_deferral", "m.okafor", REASON),
        ("start_fieldwork", "LEAD", {}),
    ),
    Stage.FIELDWORK: (
        ("receive_case_lists", "link.330", {}),
        ("choose_first_cases", "LEAD", {"safeguarding": FOUR, "looked_after": FOUR_MORE}),
        ("receive_case_audits", "link.330", {}),
        ("give_oral_feedback", "LEAD", {"headings": "t-h"}),
        ("end_fieldwork", "LEAD", {"spoke_with_children": True, "sought_views_of_parents": True, **REASON}),
    ),
    Stage.DRAFTING: (("submit_draft", "LEAD", {}), ("approve_draft", "QA", {}), ("send_draft", "LEAD", {})),
    Stage.FACTUAL_CHECK: (("return_comments", "DCS", {"comments": [{"where": "para 1", "text": "t-c"}]}),),
    Stage.FINALISING: (
        ("decide_late_comments", "LEAD", {"use": False, **REASON}),
        ("submit_final", "LEAD", {}),
        ("approve_final", "QA", {}),
        ("issue_final", "LEAD", {}),
    ),
    Stage.FINAL_ISSUED: (("release_publication", "m.okafor", REASON), ("publish", "c.marsh", {})),
    Stage.PUBLISHED: (("record_evaluation", "DCS", {}),),
    Stage.DEFERRED: (("record_service", "c.marsh", {"method": "post", "proof": "t-p"}),),
    Stage.CANCELLED: (("record_cancellation_service", "c.marsh", {"method": "post", "proof": "t-p"}),),
}
ROLES = {"LEAD": Role.LEAD_INSPECTOR, "QA": Role.QUALITY_ASSURANCE_MANAGER, "DCS": Role.DCS}


def who(life: InMemoryInspection, name: str) -> str:
    """The person behind a role, whoever holds it by now."""
    return life.inspection.people[ROLES[name]][0] if name in ROLES else name


def get_on(life: InMemoryInspection, leave_out: int = 0) -> bool:
    """The next ordinary step that can be taken here, or a later one; False when none can."""
    _free_the_lead(life)
    done = {event.kind for _, event in life.events}
    for step, by, fields in COURSE.get(life.inspection.stage, ())[leave_out:]:
        row = find(step, life.inspection.stage)
        if row is not None and not (row.dest is None and row.event in done and not _again(life, row.event)):
            try:
                life.do(step, who(life, by), **fields)
            except (Refused, BadInput):
                continue
            return True
    return False


def _free_the_lead(life: InMemoryInspection) -> None:
    """A lead whose connection waits for a decision is allowed; one who was barred since makes room for another."""
    lead = who(life, "LEAD")
    state = life.inspection.connections.get(lead)
    if state == "undecided" and find("decide_connection", life.inspection.stage):
        life.do("decide_connection", "m.okafor", person=lead, allowed=True, **REASON)
    if state == "barred" and find("change_lead", life.inspection.stage):
        life.do("change_lead", "c.marsh", person="i.untied", **REASON)


def _again(life: InMemoryInspection, event: str) -> bool:
    reports = {"draft_submitted": life.inspection.draft, "final_submitted": life.inspection.final}
    approvals = {"draft_approved": life.inspection.draft, "final_approved": life.inspection.final}
    if event in reports:
        return reports[event].submitted is None
    if event in approvals:
        return approvals[event].approved_document is None
    return event in ("late_comments_decided", "deferral_refused", "publication_released")


def to_the_end(life: InMemoryInspection) -> None:
    """Bring it to its end, whatever happened to it so far: by the ordinary course, or cancelled."""
    if find("cancel", life.inspection.stage):
        life.do("cancel", "m.okafor", **REASON)
    for _ in range(40):
        if life.inspection.is_finished:
            return
        if not get_on(life):
            life.until(life.now.date().fromordinal(life.now.date().toordinal() + 20))
    raise AssertionError(f"it never ends: {life.inspection.stage}, {life.inspection}")
