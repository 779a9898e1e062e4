"""Deferral and cancelling (paras 9 and 65): who is told what, what waits, and how it goes on."""

from datetime import date

import pytest

from framework.common.errors import BadInput, Refused
from framework.inspection.service_of_notice import outcome_is_awaited, service_command
from framework.lifecycle.agenda import next_due
from framework.messages.inspection import DeliveryOutcome
from tests.framework.in_memory import InMemoryInspection, prepare_cases, up_to_fieldwork
from tests.framework.ordinary_path import REASON
from tests.orders import an_order


def notified() -> InMemoryInspection:
    return InMemoryInspection().until("2010-11-03")


def kinds(life: InMemoryInspection) -> list[str]:
    return [letter.kind for _, letter in life.letters if letter.kind != "reminder"]


def test_while_planned_a_deferral_is_a_new_day_and_no_letter() -> None:
    life = InMemoryInspection()
    life.do("defer", "c.marsh", notify="2010-11-10", **REASON)
    assert not life.letters
    assert life.until("2010-11-09").inspection.stage == "planned"
    assert life.until("2010-11-10").inspection.date_of("notification") == date(2010, 11, 10)
    with pytest.raises(BadInput, match="notify"):
        InMemoryInspection().do("defer", "c.marsh", **REASON)
    with pytest.raises(Refused, match="past"):
        InMemoryInspection().do("defer", "c.marsh", notify="2010-10-29", **REASON)


@pytest.mark.parametrize("ground", ["staff_absence", "staff_shortage"])
def test_a_deferral_for_lack_of_staff_is_refused_by_itself_and_a_named_person_may_decide_otherwise(ground: str) -> None:
    life = notified()
    life.do("request_deferral", "dcs.330", ground=ground, **REASON)
    assert life.kinds[-2:] == ["deferral_requested", "deferral_refused"]
    assert kinds(life)[-1] == "deferral_refused"
    with pytest.raises(Refused):
        life.do("defer", "c.marsh", **REASON)
    life.do("defer", "m.okafor", **REASON)
    assert life.inspection.stage == "deferred"
    assert life.letters_of("deferral_granted")[0].names == {"decided_by": "m.okafor"}


def test_any_other_ground_waits_for_the_manager() -> None:
    life = notified()
    decision = life.do("request_deferral", "dcs.330", ground="other", **REASON)
    assert [task.key for task in decision.tasks] == ["deferral"]
    assert "deferral_refused" not in kinds(life)
    life.do("refuse_deferral", "m.okafor", **REASON)
    with pytest.raises(Refused, match="no request"):
        life.do("refuse_deferral", "m.okafor", **REASON)


def test_before_it_is_told_the_authority_hears_nothing_of_an_inspection_planned() -> None:
    life = InMemoryInspection()
    with pytest.raises(Refused):
        life.do("request_deferral", "dcs.330", ground="other", **REASON)
    life.do("request_deferral", "c.marsh", ground="staff_absence", **REASON)
    life.do("request_deferral", "c.marsh", ground="other", **REASON)
    life.do("refuse_deferral", "m.okafor", **REASON)
    life.do("arrange_fieldwork", "c.marsh", starts="2010-11-17")
    assert [letter.kind for _, letter in life.letters] == ["decision_waiting"]


def handed_over_while_mail_was_down() -> tuple[InMemoryInspection, str]:
    """An announcement that mail still has, another way taken meanwhile, a deferral, and a resumption by mail."""
    life = InMemoryInspection()
    life.accepts_mail = False
    life.until("2010-11-03")
    old = life.inspection.awaited_letter
    life.do("record_service", "c.marsh", method="by_hand", proof="t-p")
    life.do("defer", "m.okafor", **REASON)
    life.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    return life, old


def test_the_late_acceptance_of_an_earlier_announcement_is_not_day_0_of_the_resumption() -> None:
    life, old = handed_over_while_mail_was_down()
    for step, fields in (("record_service", {"method": "email"}), ("record_failed_service", {})):
        with pytest.raises(Refused, match="is not the notification that is awaited"):
            life.do(step, letter=old, **fields)
        late = service_command(
            DeliveryOutcome(letter_id=old, kind="announcement", at=life.now, accepted="method" in fields)
        )
        assert late is not None
        assert not outcome_is_awaited(life.inspection, late), "nobody is told of what nothing waits for"
    assert (life.inspection.stage, life.inspection.notification_pending) == ("deferred", True)
    life.until("2011-01-11").do("record_service", method="email", letter=life.inspection.awaited_letter)
    assert life.inspection.date_of("notification") == date(2011, 1, 11)


def test_a_resumption_that_mail_refuses_is_not_served_though_the_old_announcement_was_accepted_since() -> None:
    life, _ = handed_over_while_mail_was_down()
    life.do("record_failed_service", letter=life.inspection.awaited_letter)
    assert not life.inspection.notification_pending


def test_resuming_notifies_anew_with_day_0_anew_and_keeps_documents_and_the_meeting_held() -> None:
    life = notified().until("2010-11-09")
    life.do("receive_documents", "link.330")
    life.do("hold_set_up_meeting", "i.ashdown", attendees="t-a", decisions="t-d")
    life.do("defer", "m.okafor", **REASON)
    with pytest.raises(Refused, match="resume"):
        life.do("record_service", "c.marsh", method="by_hand", proof="t-p")
    life.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    assert life.inspection.stage == "notified"
    assert [kind for kind in kinds(life) if kind != "assignment"][-1] == "resumption"
    assert life.inspection.date_of("notification") == date(2011, 1, 10)
    assert {life.standing(key).state for key in ("documents", "set_up_meeting")} == {"met"}
    assert life.standing("case_lists").due == date(2011, 1, 12)
    prepare_cases(life)
    life.until("2011-01-24").do("start_fieldwork", "i.ashdown")
    assert life.standing("fieldwork_starts").state == "met"


def test_a_meeting_not_held_is_invited_to_again() -> None:
    life = notified()
    life.do("defer", "m.okafor", **REASON)
    life.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    assert [kind for kind in kinds(life) if kind != "assignment"][-2:] == ["resumption", "set_up_invitation"]
    assert life.inspection.meeting is not None
    assert (life.inspection.meeting.day, life.inspection.meeting.sequence) == (date(2011, 1, 14), 2), (
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
    life = notified()
    life.do("defer", "m.okafor", **REASON)
    life.until("2011-01-10")
    with pytest.raises(Refused, match=why):
        life.do("resume", "c.marsh", fieldwork=fieldwork)


def test_a_resumption_whose_letter_bounced_starts_nothing_and_can_be_tried_again() -> None:
    life = notified()
    life.do("defer", "m.okafor", **REASON)
    life.until("2011-01-10").accepts_mail = False
    life.do("resume", "c.marsh", fieldwork="2011-01-24")
    life.do("record_failed_service")
    assert life.inspection.stage == "deferred"
    life.accepts_mail = True
    life.do("resume", "c.marsh", fieldwork="2011-01-24")
    assert life.inspection.stage == "notified"


def test_a_service_is_never_recorded_before_the_deferral_it_ends() -> None:
    life = notified().until("2010-11-08")
    life.do("defer", "m.okafor", **REASON)
    life.accepts_mail = False
    life.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    with pytest.raises(BadInput, match="before 2010-11-08"):
        life.do("record_service", "c.marsh", "2010-11-05", method="by_hand", proof="t-p")


def test_from_fieldwork_on_there_is_no_deferral_and_from_the_draft_on_no_cancelling() -> None:
    life = up_to_fieldwork(notified())
    for step, by in (("request_deferral", "dcs.330"), ("defer", "m.okafor")):
        with pytest.raises(Refused, match="taken from"):
            life.do(step, by, ground="other", **REASON)
    life.do("cancel", "m.okafor", **REASON)
    assert life.inspection.stage == "cancelled"


def test_a_cancelled_inspection_takes_complaints_for_thirty_days_from_its_letter() -> None:
    life = notified().until("2010-11-10")
    life.do("cancel", "m.okafor", on="2010-11-08", **REASON)
    (letter,) = life.letters_of("cancellation")
    assert letter.facts["complaints_until"] == "2010-12-10"
    assert life.standing("complaints_close").due == date(2010, 12, 10)
    assert not life.until("2010-12-10").inspection.is_finished
    assert life.until("2010-12-11").inspection.is_finished
    assert kinds(life)[-1] == "window_closed"


def test_one_nobody_was_told_of_is_over_at_once_and_writes_to_nobody() -> None:
    life = InMemoryInspection()
    life.do("cancel", "m.okafor", **REASON)
    assert life.inspection.is_finished
    assert not life.letters


def test_a_cancellation_that_bounced_is_served_by_hand_once_and_never_dated_before_it() -> None:
    life = notified().until("2010-11-10")
    life.accepts_mail = False
    life.do("cancel", "m.okafor", **REASON)
    assert life.standing("complaints_close").state == "suspended"
    assert next_due(life.inspection, life.calendar, life.now) is None
    with pytest.raises(BadInput, match="before 2010-11-10"):
        life.do("record_cancellation_service", "c.marsh", "2010-11-09", method="post", proof="t-p")
    with pytest.raises(Refused, match="proved by the mail system"):
        life.do("record_cancellation_service", "c.marsh", method="email")
    life.until("2010-11-12").do("record_cancellation_service", "c.marsh", method="post", proof="t-p")
    assert life.standing("complaints_close").due == date(2010, 12, 12)
    with pytest.raises(Refused, match="already"):
        life.do("record_cancellation_service", "c.marsh", method="post", proof="t-p")


def test_one_cancelled_before_its_announcement_arrived_comes_to_its_end_too() -> None:
    life = InMemoryInspection(an_order(notify="now"))
    life.accepts_mail = False
    life.until(life.now).do("cancel", "m.okafor", **REASON)
    life.do("record_cancellation_service", "c.marsh", method="post", proof="t-p")
    assert life.until("2010-12-05").inspection.is_finished


HANDED_IN = {
    "receive_case_lists": "case_lists",
    "receive_documents": "documents",
    "confirm_survey_invitations": "survey_invitations",
    "receive_case_audits": "case_audits",
}


@pytest.mark.parametrize(("step", "limit"), HANDED_IN.items())
def test_what_is_handed_in_while_it_is_deferred_is_taken_in_time_and_counts_after_it(step: str, limit: str) -> None:
    life = InMemoryInspection().until("2010-11-04")
    life.do("defer", "m.okafor", **REASON)
    life.until("2010-12-01").do(step, "link.330")
    assert life.standing(limit).state == "met"
    life.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    before = len(life.reminders)
    life.until("2011-01-31")
    assert life.standing(limit).state == "met"
    assert limit not in {name for _, name, _, _ in life.reminders[before:]}


def test_what_was_late_before_the_deferral_stays_late() -> None:
    life = InMemoryInspection().until("2010-11-09")
    life.do("defer", "m.okafor", **REASON)
    life.do("receive_case_lists", "link.330")
    assert life.standing("case_lists").state == "met_late"


def test_what_was_handed_in_while_it_was_deferred_is_not_late_when_it_is_cancelled_then() -> None:
    life = InMemoryInspection().until("2010-11-04")
    life.do("defer", "m.okafor", **REASON)
    life.until("2010-12-01").do("receive_case_lists", "link.330")
    life.do("cancel", "m.okafor", **REASON)
    assert life.standing("case_lists").state == "met"
