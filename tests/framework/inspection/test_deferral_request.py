"""A request to defer (para 9): answered in time by the manager, or refused by the rule over no person's name."""

from datetime import date

import pytest

from framework.common.errors import Refused
from framework.inspection.limits import LimitSettings
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection, prepare_cases, up_to_fieldwork
from tests.framework.ordinary_path import REASON
from tests.words import WHY


def requested(on: str = "2010-11-10", by: str = "dcs.330", ground: str = "other") -> InMemoryInspection:
    """Returns an inspection notified on 3 November 2010 with a request to defer on this day."""
    inspection = InMemoryInspection().until("2010-11-03").until(on)
    inspection.do("request_deferral", by, ground=ground, **REASON)
    return inspection


def test_a_request_on_other_grounds_has_a_limit_of_its_own_and_does_not_wait_for_ever() -> None:
    inspection = requested()
    answer = inspection.standing("deferral_answer")
    assert (answer.due, answer.state, answer.rule.owner) == (date(2010, 11, 12), "open", Role.MANAGER)
    assert (answer.rule.policy, answer.rule.paragraph) == (True, 9)
    inspection.until("2010-11-17")
    rungs = [(moment.date(), rung) for moment, limit, rung, _ in inspection.reminders if limit == "deferral_answer"]
    assert (date(2010, 11, 12), 0) in rungs
    assert (date(2010, 11, 15), 1) in rungs


def test_its_limit_is_a_setting_that_the_inspection_keeps() -> None:
    inspection = InMemoryInspection(settings=LimitSettings(deferral_answer_count=5)).until("2010-11-10")
    inspection.do("request_deferral", "dcs.330", ground="other", **REASON)
    assert inspection.standing("deferral_answer").due == date(2010, 11, 17)


@pytest.mark.parametrize("step", ["refuse_deferral", "defer"])
def test_the_decision_meets_it_and_a_late_one_meets_it_late(step: str) -> None:
    inspection = requested()
    inspection.do(step, "m.okafor", **REASON)
    assert inspection.standing("deferral_answer").state == "met"
    late = requested().until("2010-11-15")
    late.do(step, "m.okafor", **REASON)
    assert late.standing("deferral_answer").state == "met_late"


@pytest.mark.parametrize("by", ["dcs.330", "link.330", "c.marsh"])
def test_a_request_that_is_taken_back_waits_for_no_answer(by: str) -> None:
    inspection = requested()
    decision = inspection.do("withdraw_deferral_request", by)
    assert [(task.key, task.closes) for task in decision.tasks] == [("deferral", True)]
    assert (decision.letters, inspection.standing("deferral_answer").state) == ((), "met")
    with pytest.raises(Refused, match="no request to defer waits"):
        inspection.do("refuse_deferral", "m.okafor", **REASON)
    inspection.do("request_deferral", "link.330", ground="other", **REASON)
    assert inspection.standing("deferral_answer").state == "open"


def test_a_request_that_is_taken_back_late_was_not_answered_in_time() -> None:
    inspection = requested().until("2010-11-15")
    inspection.do("withdraw_deferral_request", "dcs.330")
    assert inspection.standing("deferral_answer").state == "met_late"


def test_fieldwork_starts_once_a_request_is_taken_back() -> None:
    inspection = InMemoryInspection().until("2010-11-09")
    inspection.do("hold_set_up_meeting", "i.ashdown", attendees="t-1", decisions="t-2")
    prepare_cases(inspection)
    inspection.do("request_deferral", "dcs.330", ground="other", **REASON)
    inspection.until("2010-11-17").do("withdraw_deferral_request", "link.330")
    inspection.do("start_fieldwork", "i.ashdown")


def test_while_planned_the_coordinator_takes_a_request_back() -> None:
    inspection = InMemoryInspection()
    inspection.do("request_deferral", "c.marsh", ground="other", **REASON)
    with pytest.raises(Refused, match="taken by: Inspection coordinator"):
        inspection.do("withdraw_deferral_request", "dcs.330")
    inspection.do("withdraw_deferral_request", "c.marsh")


def test_where_no_request_waits_there_is_none_to_take_back() -> None:
    with pytest.raises(Refused, match="no request to defer waits"):
        requested(ground="staff_absence").do("withdraw_deferral_request", "dcs.330")


def test_a_second_request_has_its_own_answer() -> None:
    inspection = requested()
    inspection.do("refuse_deferral", "m.okafor", **REASON)
    inspection.until("2010-11-15").do("request_deferral", "link.330", ground="other", **REASON)
    assert inspection.standing("deferral_answer").state == "open"
    assert inspection.standing("deferral_answer").due == date(2010, 11, 17)


def test_a_request_refused_by_the_rule_leaves_nothing_to_answer() -> None:
    inspection = requested(ground="staff_absence")
    with pytest.raises(StopIteration):
        inspection.standing("deferral_answer")


def test_while_a_request_waits_no_other_takes_its_place() -> None:
    inspection = requested()
    with pytest.raises(Refused, match="a request to defer of 2010-11-10 waits"):
        inspection.do("request_deferral", "link.330", ground="staff_absence", **REASON)
    assert inspection.inspection.deferral_ground == "other"


def test_fieldwork_does_not_start_while_a_request_waits() -> None:
    inspection = InMemoryInspection().until("2010-11-09")
    inspection.do("hold_set_up_meeting", "i.ashdown", attendees="t-1", decisions="t-2")
    inspection.do("request_deferral", "dcs.330", ground="other", **REASON)
    with pytest.raises(Refused, match=r"a request to defer of 2010-11-09 waits.*para 9"):
        inspection.until("2010-11-17").do("start_fieldwork", "i.ashdown")
    inspection.do("refuse_deferral", "m.okafor", **REASON)
    prepare_cases(inspection)
    inspection.do("start_fieldwork", "i.ashdown")


def test_a_request_made_while_planned_still_waits_once_the_authority_is_notified() -> None:
    inspection = InMemoryInspection()
    inspection.do("request_deferral", "c.marsh", ground="other", **REASON)
    inspection.until("2010-11-04")
    assert inspection.inspection.stage == "notified"
    assert inspection.standing("deferral_answer").state == "open"
    with pytest.raises(Refused, match="waits"):
        up_to_fieldwork(inspection)


@pytest.mark.parametrize(("by", "to"), [("dcs.330", (Role.DCS,)), ("link.330", (Role.DCS, Role.LINK_OFFICER)), ("c.marsh", (Role.DCS,))])  # fmt: skip
def test_a_refusal_goes_to_the_role_that_made_the_request(by: str, to: tuple[Role, ...]) -> None:
    refused_by_rule = requested(by=by, ground="staff_shortage")
    refused_by_manager = requested(by=by)
    refused_by_manager.do("refuse_deferral", "m.okafor", **REASON)
    for inspection in (refused_by_rule, refused_by_manager):
        (letter,) = inspection.letters_of("deferral_refused")
        assert letter.to == to


def test_a_refusal_by_the_rule_names_no_person_and_gives_no_reason_of_the_authority() -> None:
    (letter,) = requested(ground="staff_absence").letters_of("deferral_refused")
    assert (letter.facts["by_rule"], letter.names, letter.texts) == (True, {}, {})
    inspection = requested()
    inspection.do("refuse_deferral", "m.okafor", **REASON)
    (letter,) = inspection.letters_of("deferral_refused")
    assert (letter.facts["by_rule"], letter.names, letter.texts) == (
        False,
        {"decided_by": "m.okafor"},
        {"reason": WHY},
    )
