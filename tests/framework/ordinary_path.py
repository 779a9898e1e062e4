"""The ordinary course of an inspection, one step after another: how an inspection proceeds, and how it can always end."""

from typing import Any

from framework.common.errors import BadInput, Refused
from framework.inspection.stages import Stage
from framework.inspection.steps import STEPS
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


def who(scenario: InMemoryInspection, name: str) -> str:
    """Returns the present holder of a role."""
    return scenario.inspection.people[ROLES[name]][0] if name in ROLES else name


def get_on(scenario: InMemoryInspection, leave_out: int = 0) -> bool:
    """The next ordinary step that can be taken here, or a later one; False when none can."""
    _free_the_lead(scenario)
    done = {event.kind for _, event in scenario.events}
    for step, by, fields in COURSE.get(scenario.inspection.stage, ())[leave_out:]:
        row = STEPS.find(step, scenario.inspection.stage)
        if row is not None and not (row.dest is None and row.event in done and not _again(scenario, row.event)):
            try:
                scenario.do(step, who(scenario, by), **fields)
            except (Refused, BadInput):
                continue
            return True
    return False


def _free_the_lead(scenario: InMemoryInspection) -> None:
    """A lead whose connection waits for a decision is allowed; one who was barred since makes room for another."""
    lead = who(scenario, "LEAD")
    state = scenario.inspection.connections.get(lead)
    if state == "undecided" and STEPS.find("decide_connection", scenario.inspection.stage):
        scenario.do("decide_connection", "m.okafor", person=lead, allowed=True, **REASON)
    if state == "barred" and STEPS.find("change_lead", scenario.inspection.stage):
        scenario.do("change_lead", "c.marsh", person="i.untied", **REASON)


def _again(scenario: InMemoryInspection, event: str) -> bool:
    reports = {"draft_submitted": scenario.inspection.draft, "final_submitted": scenario.inspection.final}
    approvals = {"draft_approved": scenario.inspection.draft, "final_approved": scenario.inspection.final}
    if event in reports:
        return reports[event].submitted is None
    if event in approvals:
        return approvals[event].approved_document is None
    if event == "cancellation_served":  # its letter may come back, and then it is served anew
        return event not in scenario.inspection.milestones_reached
    return event in ("late_comments_decided", "deferral_refused", "publication_released")


def to_the_end(scenario: InMemoryInspection) -> None:
    """Bring it to its end, whatever happened to it so far: by the ordinary course, or cancelled."""
    if STEPS.find("cancel", scenario.inspection.stage):
        scenario.do("cancel", "m.okafor", **REASON)
    for _ in range(40):
        if scenario.inspection.is_finished:
            return
        if not get_on(scenario):
            scenario.until(scenario.now.date().fromordinal(scenario.now.date().toordinal() + 20))
    raise AssertionError(f"it never ends: {scenario.inspection.stage}, {scenario.inspection}")
