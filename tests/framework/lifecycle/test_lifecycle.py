"""Who may take which step where: written by hand from the framework, compared in full with what the code allows."""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from framework.calendar.bank_holidays import england
from framework.common.errors import BadInput, Refused
from framework.editions.registry import begin_inspection
from framework.inspection.stages import MAIN_LINE, Stage
from framework.inspection.state import Inspection
from framework.inspection.steps import OPEN, STEPS
from framework.lifecycle.decide import validate
from framework.messages.commands import Actor, Command
from framework.vocabulary.roles import OFFICE_ROLES, Role
from tests.orders import an_order

EVERYWHERE = "planned notified set_up fieldwork drafting factual_check finalising final_issued published deferred"
WHILE_IT_GOES_ON = EVERYWHERE.removeprefix("planned ")
"""From the notification on: before it, the authority knows of no inspection that a concern could be about."""
THE_AUTHORITY = "dcs link_officer coordinator lead_inspector"
"""What the authority provides: itself, or a person who enters it for the authority."""

WHO_WHERE = [
    # step                         from                                         by                                 para
    ("notify",                     "planned",                                   "coordinator system"),             # 8
    ("record_service",             "planned deferred",                          "coordinator lead_inspector system"),  # 8
    ("record_failed_service",      EVERYWHERE + " cancelled",                   "coordinator manager system"),     # 8
    ("take_back_draft",            "factual_check finalising",                  "system"),                         # 50
    ("arrange_set_up_meeting",     "notified",                                  "coordinator lead_inspector"),     # 32
    ("arrange_fieldwork",          "planned notified set_up",                   "coordinator lead_inspector"),     # 8
    ("receive_case_lists",         "notified set_up fieldwork deferred",        THE_AUTHORITY),                    # 42
    ("receive_documents",          "notified set_up fieldwork deferred",        THE_AUTHORITY),                    # 30
    ("confirm_survey_invitations", "notified set_up fieldwork deferred",        THE_AUTHORITY),                    # 46
    ("choose_first_cases",         "notified set_up fieldwork",                 "lead_inspector"),                 # 41
    ("hold_set_up_meeting",        "notified fieldwork",                        "coordinator lead_inspector"),     # 32
    ("receive_case_audits",        "notified set_up fieldwork deferred",        THE_AUTHORITY),                    # 41
    ("start_fieldwork",            "notified set_up",                           "lead_inspector"),                 # 11
    ("give_oral_feedback",         "fieldwork",                                 "lead_inspector"),                 # 55
    ("end_fieldwork",              "fieldwork",                                 "lead_inspector"),                 # 11
    ("grade",                      "fieldwork drafting finalising",             "lead_inspector"),                 # 27
    ("write_section",              "fieldwork drafting finalising",             "lead_inspector"),                 # 49
    ("submit_draft",               "drafting",                                  "lead_inspector"),                 # 61
    ("approve_draft",              "drafting",                                  "quality_assurance_manager"),      # 61
    ("send_back_draft",            "drafting",                                  "quality_assurance_manager"),      # 61
    ("send_draft",                 "drafting",                                  "coordinator lead_inspector"),     # 50
    ("return_comments",            "factual_check finalising final_issued published", THE_AUTHORITY),              # 51
    ("lapse_comments",             "factual_check",                             "system"),                         # 51
    ("decide_late_comments",       "finalising",                                "lead_inspector"),                 # 51
    ("answer_comment",             "finalising",                                "lead_inspector"),                 # 51
    ("explain_change",             "finalising",                                "lead_inspector"),                 # 51
    ("submit_final",               "finalising",                                "lead_inspector"),                 # 61
    ("approve_final",              "finalising",                                "quality_assurance_manager"),      # 61
    ("send_back_final",            "finalising",                                "quality_assurance_manager"),      # 61
    ("issue_final",                "finalising",                                "coordinator lead_inspector"),     # 52
    ("hold_publication",           "final_issued",                              "manager"),                        # 53
    ("release_publication",        "final_issued",                              "manager"),                        # 53
    ("publish",                    "final_issued",                              "coordinator manager"),            # 53
    ("record_evaluation",          "published",                                 "dcs link_officer coordinator"),   # 60
    ("close_window",               "published cancelled",                       "system"),                         # 65
    ("add_concern",                WHILE_IT_GOES_ON,                            "lead_inspector inspector cqc_inspector quality_assurance_manager coordinator"),  # 64
    ("settle_concern",             WHILE_IT_GOES_ON + " cancelled",             "coordinator lead_inspector"),     # 64
    ("request_deferral",           "planned",                                   "coordinator"),                    # 9
    ("request_deferral",           "notified set_up",                           "dcs link_officer coordinator"),   # 9
    ("withdraw_deferral_request",  "planned",                                   "coordinator"),                    # 9
    ("withdraw_deferral_request",  "notified set_up",                           "dcs link_officer coordinator"),   # 9
    ("refuse_deferral",            "planned notified set_up",                   "manager"),                        # 9
    ("defer",                      "planned",                                   "coordinator manager"),            # 9
    ("defer",                      "notified set_up",                           "manager"),                        # 9
    ("resume",                     "deferred",                                  "coordinator manager"),            # 9
    ("cancel",                     "planned notified set_up fieldwork drafting deferred", "manager"),              # 65
    ("record_cancellation_service", "cancelled",                                "coordinator system"),             # 65
    ("change_lead",                EVERYWHERE,                                  "coordinator manager"),            # 58
    ("change_team",                EVERYWHERE,                                  "coordinator manager"),            # 57
    ("change_contact",             EVERYWHERE,                                  "coordinator manager"),            # 8
    ("decide_connection",          EVERYWHERE,                                  "manager"),                        # 62
    ("acknowledge_conduct",        EVERYWHERE,                                  "cqc_inspector inspector lead_inspector quality_assurance_manager"),  # 62
    ("override",                   EVERYWHERE,                                  "manager"),                        # 8
    ("waive_limit",                EVERYWHERE.replace(" deferred", ""),         "manager"),
    ("send_again",                 EVERYWHERE + " cancelled",                   "coordinator manager"),
    ("correct",                    EVERYWHERE + " cancelled",                   "coordinator manager lead_inspector"),
    ("withdraw",                   EVERYWHERE,                                  "coordinator manager lead_inspector"),
]  # fmt: skip

LEADS_TO = {
    ("record_service", "planned"): "notified",
    ("record_service", "deferred"): "notified",
    ("record_failed_service", "notified"): "planned",
    ("record_failed_service", "set_up"): "planned",
    ("take_back_draft", "factual_check"): "drafting",
    ("take_back_draft", "finalising"): "drafting",
    ("hold_set_up_meeting", "notified"): "set_up",
    ("start_fieldwork", "notified"): "fieldwork",
    ("start_fieldwork", "set_up"): "fieldwork",
    ("end_fieldwork", "fieldwork"): "drafting",
    ("send_draft", "drafting"): "factual_check",
    ("return_comments", "factual_check"): "finalising",
    ("lapse_comments", "factual_check"): "finalising",
    ("issue_final", "finalising"): "final_issued",
    ("publish", "final_issued"): "published",
    ("close_window", "published"): "closed",
    ("defer", "notified"): "deferred",
    ("defer", "set_up"): "deferred",
    **{
        ("cancel", stage): "cancelled"
        for stage in ["planned", "notified", "set_up", "fieldwork", "drafting", "deferred"]
    },
}

DEEDS = {
    "notification": {"notified", "notified_anew"},
    "case_lists": {"case_lists_received"},
    "set_up_meeting": {"set_up_meeting_held"},
    "documents": {"documents_received"},
    "survey_invitations": {"survey_invitations_handed_out"},
    "first_cases_choice": {"first_cases_chosen"},
    "fieldwork_starts": {"fieldwork_started"},
    "case_audits": {"case_audits_received"},
    "inspection_ends": {"fieldwork_ended"},
    "oral_feedback": {"oral_feedback_given"},
    "draft_report": {"draft_sent"},
    "factual_comments": {"comments_returned"},
    "final_report": {"final_issued"},
    "publication": {"published"},
    "complaints_close": {"window_closed", "cancelled_window_closed"},
    "evaluation": {"evaluation_returned"},
    "deferral_answer": {"deferral_refused", "deferral_request_withdrawn", "deferred", "notification_postponed"},
}
"""The one thing by which each limit is met; an alert or a complaint answers for the rest."""

ALLOWED = {
    (stage, step, role) for step, stages, roles in WHO_WHERE for stage in stages.split() for role in roles.split()
}


def _at(stage: Stage) -> Inspection:
    people: dict[Role, tuple[str, ...]] = {
        role: (f"p.{role.value.replace('_', '-')}",) for role in Role if role not in OFFICE_ROLES
    }
    inspection = begin_inspection("SLAC-2010-001", an_order(), people)
    inspection.people = dict(people)
    inspection.stage = stage
    return inspection


def _passes_the_door(inspection: Inspection, step: str, role: Role) -> bool:
    posts = (role,) if role in OFFICE_ROLES or role is Role.SYSTEM else ()
    person = f"p.{role.value.replace('_', '-')}"
    moment = datetime(2010, 11, 3, 12, tzinfo=UTC)
    command = Command(id="c", step=step, actor=Actor(person=person, posts=posts), on=date(2010, 11, 3), received=moment)
    try:
        validate(inspection, command, england(), moment)
    except BadInput:
        return True
    except Refused as refusal:
        return " is taken from " not in str(refusal) and " is taken by: " not in str(refusal)
    return True


@pytest.mark.parametrize("stage", Stage)
def test_each_step_may_be_taken_by_exactly_whom_the_framework_expects(stage: Stage) -> None:
    inspection = _at(stage)
    for step, role in product(STEPS.names, Role):
        allowed = _passes_the_door(inspection, step, role)
        assert allowed is ((stage.value, step, role.value) in ALLOWED), f"{role} takes {step} at {stage}"


@pytest.mark.parametrize("stage", Stage)
def test_the_steps_offered_to_a_person_are_those_they_may_take(stage: Stage) -> None:
    for role in Role:
        offered = {step.name for step in STEPS.open_from(stage) if role in step.by}
        assert offered == {step for where, step, who in ALLOWED if (where, who) == (stage.value, role.value)}


def test_the_table_has_no_step_that_is_not_written_here_and_lacks_none() -> None:
    assert set(STEPS.names) == {step for step, _, _ in WHO_WHERE}


def test_each_step_leads_where_the_programme_goes() -> None:
    leads = {(s.name, stage.value): s.dest.value for s in STEPS if s.dest for stage in s.sources if s.dest != stage}
    assert leads == LEADS_TO


def test_only_the_system_takes_a_step_in_a_closed_inspection() -> None:
    assert not [step for step in STEPS.names if STEPS.find(step, Stage.CLOSED)]


def test_no_step_has_two_rows_for_one_stage() -> None:
    pairs = [(step.name, stage) for step in STEPS for stage in step.sources]
    assert len(pairs) == len(set(pairs))


def test_every_open_stage_but_the_last_can_be_left_by_a_person() -> None:
    for stage in OPEN:
        if stage is not Stage.PUBLISHED:
            assert any(
                step.dest not in (None, stage) and set(step.by) - {Role.SYSTEM}
                for step in STEPS
                if stage in step.sources
            )


def test_the_main_line_is_reached_in_order() -> None:
    steps = {(name, MAIN_LINE.index(Stage(a)), MAIN_LINE.index(Stage(b))) for (name, a), b in LEADS_TO.items()
             if a in MAIN_LINE and b in MAIN_LINE}  # fmt: skip
    back = {name for name, before, after in steps if before >= after}
    assert back == {"record_failed_service", "take_back_draft"}, "only a letter that did not arrive leads back"


def test_each_limit_is_met_by_its_own_deed_alone() -> None:
    assert {key: set(kinds) for key, kinds in STEPS.meeting.items()} == DEEDS


def test_every_step_names_a_paragraph_of_the_framework() -> None:
    assert all(1 <= step.paragraph <= 69 for step in STEPS)
