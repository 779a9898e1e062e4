"""What an inspection waits for at each stage, and what can be done no more."""

import pytest

from framework.inspection.holding import is_waited_for, limits_before_the_end
from framework.inspection.stages import Stage
from framework.inspection.steps import STEPS
from tests.framework.in_memory import InMemoryInspection, up_to_fieldwork
from tests.framework.ordinary_path import REASON
from tests.orders import an_order
from tests.words import WHY

NO_NOTICE = {"notice": "none", "notice_reason": WHY, "service": "by_hand", "fieldwork": "2010-11-03"}
FROM_FIELDWORK_ON = tuple(Stage)[3:10]


def test_before_the_notification_every_limit_can_still_be_met() -> None:
    assert all(STEPS.can_be_met(key, Stage.PLANNED) for key, kinds in STEPS.meeting.items() if kinds)


@pytest.mark.parametrize("key", ["documents", "survey_invitations", "case_lists", "case_audits"])
def test_what_is_handed_in_up_to_the_end_of_fieldwork_can_be_met_no_more_afterwards(key: str) -> None:
    assert [stage for stage in FROM_FIELDWORK_ON if STEPS.can_be_met(key, stage)] == [Stage.FIELDWORK]


def test_a_deferral_leads_back_so_that_everything_can_still_be_met() -> None:
    assert STEPS.can_be_met("set_up_meeting", Stage.DEFERRED)
    assert STEPS.can_be_met("case_lists", Stage.DEFERRED)


def test_on_site_a_late_document_holds_nothing_and_a_missing_audit_holds_the_end() -> None:
    scenario = InMemoryInspection()
    up_to_fieldwork(scenario)
    gates = limits_before_the_end(scenario.inspection)
    assert not is_waited_for("documents", Stage.FIELDWORK, True, gates)
    assert is_waited_for("documents", Stage.SET_UP, True, gates)
    assert is_waited_for("inspection_ends", Stage.FIELDWORK, True, gates)


def test_without_notice_lists_cases_and_audits_hold_the_end_until_they_are_in_or_a_manager_goes_on_without() -> None:
    scenario = InMemoryInspection(an_order(**NO_NOTICE), start="2010-11-03T08:00+00:00")
    scenario.do("record_service", "i.ashdown", method="by_hand", proof="t-p")
    scenario.do("start_fieldwork", "i.ashdown")
    assert limits_before_the_end(scenario.inspection) == {"case_lists", "first_cases_choice", "case_audits"}
    assert is_waited_for("case_lists", Stage.FIELDWORK, True, limits_before_the_end(scenario.inspection))
    scenario.do("receive_case_lists", "link.330")
    scenario.do("override", "m.okafor", gate="cases", **REASON)
    assert limits_before_the_end(scenario.inspection) == {"case_audits"}
    assert not is_waited_for("first_cases_choice", Stage.FIELDWORK, True, limits_before_the_end(scenario.inspection))
