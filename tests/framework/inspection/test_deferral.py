"""Deferral and cancelling (paras 9 and 65): who is notified of what, what waits, and how it resumes."""

from datetime import date

import pytest

from framework.common.errors import BadInput, Refused
from framework.inspection.service_of_notice import outcome_is_awaited, service_command
from framework.lifecycle.due_items import next_due
from framework.messages.delivery import DeliveryOutcome
from tests.framework.in_memory import InMemoryInspection, prepare_cases, up_to_fieldwork
from tests.framework.ordinary_path import REASON
from tests.orders import an_order


def notified() -> InMemoryInspection:
    return InMemoryInspection().until("2010-11-03")


def kinds(scenario: InMemoryInspection) -> list[str]:
    return [letter.kind for _, letter in scenario.letters if letter.kind != "reminder"]


def test_while_planned_a_deferral_is_a_new_day_and_no_letter() -> None:
    scenario = InMemoryInspection()
    scenario.do("defer", "c.marsh", notify="2010-11-10", **REASON)
    assert not scenario.letters
    assert scenario.until("2010-11-09").inspection.stage == "planned"
    assert scenario.until("2010-11-10").inspection.date_of("notification") == date(2010, 11, 10)
    with pytest.raises(BadInput, match="notify"):
        InMemoryInspection().do("defer", "c.marsh", **REASON)
    with pytest.raises(Refused, match="past"):
        InMemoryInspection().do("defer", "c.marsh", notify="2010-10-29", **REASON)


@pytest.mark.parametrize("ground", ["staff_absence", "staff_shortage"])
def test_a_deferral_for_lack_of_staff_is_refused_by_itself_and_a_named_person_may_decide_otherwise(ground: str) -> None:
    scenario = notified()
    scenario.do("request_deferral", "dcs.330", ground=ground, **REASON)
    assert scenario.kinds[-2:] == ["deferral_requested", "deferral_refused"]
    assert kinds(scenario)[-1] == "deferral_refused"
    with pytest.raises(Refused):
        scenario.do("defer", "c.marsh", **REASON)
    scenario.do("defer", "m.okafor", **REASON)
    assert scenario.inspection.stage == "deferred"
    assert scenario.letters_of("deferral_granted")[0].names == {"decided_by": "m.okafor"}


def test_any_other_ground_waits_for_the_manager() -> None:
    scenario = notified()
    decision = scenario.do("request_deferral", "dcs.330", ground="other", **REASON)
    assert [task.key for task in decision.tasks] == ["deferral"]
    assert "deferral_refused" not in kinds(scenario)
    scenario.do("refuse_deferral", "m.okafor", **REASON)
    with pytest.raises(Refused, match="no request"):
        scenario.do("refuse_deferral", "m.okafor", **REASON)


def test_before_the_notification_the_authority_has_no_letter_of_a_planned_inspection() -> None:
    scenario = InMemoryInspection()
    with pytest.raises(Refused):
        scenario.do("request_deferral", "dcs.330", ground="other", **REASON)
    scenario.do("request_deferral", "c.marsh", ground="staff_absence", **REASON)
    scenario.do("request_deferral", "c.marsh", ground="other", **REASON)
    scenario.do("refuse_deferral", "m.okafor", **REASON)
    scenario.do("arrange_fieldwork", "c.marsh", starts="2010-11-17")
    assert [letter.kind for _, letter in scenario.letters] == ["decision_waiting"]


def handed_over_while_mail_was_down() -> tuple[InMemoryInspection, str]:
    """An announcement that mail still has, another way taken meanwhile, a deferral, and a resumption by mail."""
    scenario = InMemoryInspection()
    scenario.accepts_mail = False
    scenario.until("2010-11-03")
    old = scenario.inspection.awaited_letter
    scenario.do("record_service", "c.marsh", method="by_hand", proof="t-p")
    scenario.do("defer", "m.okafor", **REASON)
    scenario.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    return scenario, old


def test_the_late_acceptance_of_an_earlier_announcement_is_not_day_0_of_the_resumption() -> None:
    scenario, old = handed_over_while_mail_was_down()
    for step, fields in (("record_service", {"method": "email"}), ("record_failed_service", {})):
        with pytest.raises(Refused, match="is not the notification that is awaited"):
            scenario.do(step, letter=old, **fields)
        late = service_command(
            DeliveryOutcome(letter_id=old, kind="announcement", at=scenario.now, accepted="method" in fields)
        )
        assert late is not None
        assert not outcome_is_awaited(scenario.inspection, late), "nobody is told of what nothing waits for"
    assert (scenario.inspection.stage, scenario.inspection.notification_pending) == ("deferred", True)
    scenario.until("2011-01-11").do("record_service", method="email", letter=scenario.inspection.awaited_letter)
    assert scenario.inspection.date_of("notification") == date(2011, 1, 11)


def test_a_resumption_that_mail_refuses_is_not_served_though_the_old_announcement_was_accepted_since() -> None:
    scenario, _ = handed_over_while_mail_was_down()
    scenario.do("record_failed_service", letter=scenario.inspection.awaited_letter)
    assert not scenario.inspection.notification_pending


def test_resuming_notifies_anew_with_day_0_anew_and_keeps_documents_and_the_meeting_held() -> None:
    scenario = notified().until("2010-11-09")
    scenario.do("receive_documents", "link.330")
    scenario.do("hold_set_up_meeting", "i.ashdown", attendees="t-a", decisions="t-d")
    scenario.do("defer", "m.okafor", **REASON)
    with pytest.raises(Refused, match="resume"):
        scenario.do("record_service", "c.marsh", method="by_hand", proof="t-p")
    scenario.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    assert scenario.inspection.stage == "notified"
    assert [kind for kind in kinds(scenario) if kind != "assignment"][-1] == "resumption"
    assert scenario.inspection.date_of("notification") == date(2011, 1, 10)
    assert {scenario.standing(key).state for key in ("documents", "set_up_meeting")} == {"met"}
    assert scenario.standing("case_lists").due == date(2011, 1, 12)
    prepare_cases(scenario)
    scenario.until("2011-01-24").do("start_fieldwork", "i.ashdown")
    assert scenario.standing("fieldwork_starts").state == "met"


def test_a_meeting_not_held_is_invited_to_again() -> None:
    scenario = notified()
    scenario.do("defer", "m.okafor", **REASON)
    scenario.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    assert [kind for kind in kinds(scenario) if kind != "assignment"][-2:] == ["resumption", "set_up_invitation"]
    assert scenario.inspection.meeting is not None
    assert (scenario.inspection.meeting.day, scenario.inspection.meeting.sequence) == (date(2011, 1, 14), 2), (
        "its withdrawal took a number"
    )


@pytest.mark.parametrize(
    ("fieldwork", "why"),
    [
        ("2011-01-25", "more than ten"),
        ("2011-01-21", "less than ten"),
        ("2011-01-23", "Sunday"),
        ("2011-01-07", "past"),
    ],
)
def test_a_resumption_gives_the_same_notice_as_a_notification(fieldwork: str, why: str) -> None:
    scenario = notified()
    scenario.do("defer", "m.okafor", **REASON)
    scenario.until("2011-01-10")
    with pytest.raises(Refused, match=why):
        scenario.do("resume", "c.marsh", fieldwork=fieldwork)


def test_a_resumption_whose_letter_bounced_starts_nothing_and_can_be_tried_again() -> None:
    scenario = notified()
    scenario.do("defer", "m.okafor", **REASON)
    scenario.until("2011-01-10").accepts_mail = False
    scenario.do("resume", "c.marsh", fieldwork="2011-01-24")
    scenario.do("record_failed_service")
    assert scenario.inspection.stage == "deferred"
    scenario.accepts_mail = True
    scenario.do("resume", "c.marsh", fieldwork="2011-01-24")
    assert scenario.inspection.stage == "notified"


def test_a_service_is_never_recorded_before_the_deferral_it_ends() -> None:
    scenario = notified().until("2010-11-08")
    scenario.do("defer", "m.okafor", **REASON)
    scenario.accepts_mail = False
    scenario.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    with pytest.raises(BadInput, match="before 2010-11-08"):
        scenario.do("record_service", "c.marsh", "2010-11-05", method="by_hand", proof="t-p")


def test_from_fieldwork_on_there_is_no_deferral_and_from_the_draft_on_no_cancelling() -> None:
    scenario = up_to_fieldwork(notified())
    for step, by in (("request_deferral", "dcs.330"), ("defer", "m.okafor")):
        with pytest.raises(Refused, match="taken from"):
            scenario.do(step, by, ground="other", **REASON)
    scenario.do("cancel", "m.okafor", **REASON)
    assert scenario.inspection.stage == "cancelled"


def test_a_cancelled_inspection_takes_complaints_for_thirty_days_from_its_letter() -> None:
    scenario = notified().until("2010-11-10")
    scenario.do("cancel", "m.okafor", on="2010-11-08", **REASON)
    (letter,) = scenario.letters_of("cancellation")
    assert letter.facts["complaints_until"] == "2010-12-10"
    assert scenario.standing("complaints_close").due == date(2010, 12, 10)
    assert not scenario.until("2010-12-10").inspection.is_finished
    assert scenario.until("2010-12-11").inspection.is_finished
    assert kinds(scenario)[-1] == "window_closed"


def test_one_cancelled_before_any_notification_is_over_at_once_and_sends_no_letter() -> None:
    scenario = InMemoryInspection()
    scenario.do("cancel", "m.okafor", **REASON)
    assert scenario.inspection.is_finished
    assert not scenario.letters


def test_a_cancellation_that_bounced_is_served_by_hand_once_and_never_dated_before_it() -> None:
    scenario = notified().until("2010-11-10")
    scenario.accepts_mail = False
    scenario.do("cancel", "m.okafor", **REASON)
    assert scenario.standing("complaints_close").state == "suspended"
    assert next_due(scenario.inspection, scenario.calendar, scenario.now) is None
    with pytest.raises(BadInput, match="before 2010-11-10"):
        scenario.do("record_cancellation_service", "c.marsh", "2010-11-09", method="post", proof="t-p")
    with pytest.raises(Refused, match="proved by the mail system"):
        scenario.do("record_cancellation_service", "c.marsh", method="email")
    scenario.until("2010-11-12").do("record_cancellation_service", "c.marsh", method="post", proof="t-p")
    assert scenario.standing("complaints_close").due == date(2010, 12, 12)
    with pytest.raises(Refused, match="already"):
        scenario.do("record_cancellation_service", "c.marsh", method="post", proof="t-p")


def test_one_cancelled_before_its_announcement_arrived_comes_to_its_end_too() -> None:
    scenario = InMemoryInspection(an_order(notify="now"))
    scenario.accepts_mail = False
    scenario.until(scenario.now).do("cancel", "m.okafor", **REASON)
    scenario.do("record_cancellation_service", "c.marsh", method="post", proof="t-p")
    assert scenario.until("2010-12-05").inspection.is_finished


HANDED_IN = {
    "receive_case_lists": "case_lists",
    "receive_documents": "documents",
    "confirm_survey_invitations": "survey_invitations",
    "receive_case_audits": "case_audits",
}


@pytest.mark.parametrize(("step", "limit"), HANDED_IN.items())
def test_what_is_handed_in_while_it_is_deferred_is_taken_in_time_and_counts_after_it(step: str, limit: str) -> None:
    scenario = InMemoryInspection().until("2010-11-04")
    scenario.do("defer", "m.okafor", **REASON)
    scenario.until("2010-12-01").do(step, "link.330")
    assert scenario.standing(limit).state == "met"
    scenario.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    before = len(scenario.reminders)
    scenario.until("2011-01-31")
    assert scenario.standing(limit).state == "met"
    assert limit not in {name for _, name, _, _ in scenario.reminders[before:]}


def test_what_was_late_before_the_deferral_stays_late() -> None:
    scenario = InMemoryInspection().until("2010-11-09")
    scenario.do("defer", "m.okafor", **REASON)
    scenario.do("receive_case_lists", "link.330")
    assert scenario.standing("case_lists").state == "met_late"


def test_what_was_handed_in_while_it_was_deferred_is_not_late_when_it_is_cancelled_then() -> None:
    scenario = InMemoryInspection().until("2010-11-04")
    scenario.do("defer", "m.okafor", **REASON)
    scenario.until("2010-12-01").do("receive_case_lists", "link.330")
    scenario.do("cancel", "m.okafor", **REASON)
    assert scenario.standing("case_lists").state == "met"
