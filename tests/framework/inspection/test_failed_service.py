"""B10: a letter on which a clock hangs turns out not to have arrived, also after the mail system accepted it."""

from datetime import date

import pytest

from framework.common.errors import BadInput, Refused
from framework.lifecycle.limit_status import limit_statuses
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_fieldwork
from tests.orders import an_order
from tests.words import WHY

REASON = {"reason": WHY}


def notified() -> InMemoryInspection:
    """Notified by e-mail on 3 November; the set-up meeting is on the 9th."""
    return InMemoryInspection().until("2010-11-03")


def due(scenario: InMemoryInspection) -> dict[str, date]:
    return {limit.rule.key: limit.due for limit in limit_statuses(scenario.inspection, scenario.calendar)}


@pytest.mark.parametrize("by", ["system", "c.marsh", "m.okafor"])
def test_day_0_falls_with_its_limits_and_the_stage_goes_back_to_planned(by: str) -> None:
    scenario = notified()
    assert due(scenario)
    scenario.do("record_failed_service", by, letter=scenario.inspection.served_letter, **REASON)
    assert scenario.inspection.stage == "planned"
    assert scenario.inspection.date_of("notification") is None
    assert due(scenario) == {}
    scenario.until("2010-12-10")
    assert [kind for kind in scenario.kinds if kind in ("notified", "reminder_sent")] == ["notified"], (
        "nothing goes by itself"
    )


def test_all_who_had_dates_get_one_letter_but_the_director_and_the_invitation_is_withdrawn() -> None:
    scenario = notified()
    scenario.do("record_failed_service", letter=scenario.inspection.served_letter)
    (letter,) = scenario.letters_of("notification_failed")
    assert (letter.to, letter.cc) == ((Role.LINK_OFFICER, Role.LEAD_INSPECTOR), (Role.CQC_INSPECTOR,))
    assert letter.not_to == ("dcs.330",)
    assert letter.facts["withdrawn"] == {
        "day": "2010-11-09",
        "time": "10:00",
        "place": "Council House",
        "sequence": 1,
    }


def test_documents_and_a_meeting_held_are_kept_as_by_a_resumption() -> None:
    scenario = notified().until("2010-11-09")
    scenario.do("receive_documents", "link.330")
    scenario.do("hold_set_up_meeting", "i.ashdown", attendees="t-a", decisions="t-d")
    scenario.do("record_failed_service")
    scenario.until("2010-11-15").do("notify", "c.marsh", address_confirmed=True)
    assert (scenario.inspection.stage, scenario.inspection.date_of("notification")) == ("notified", date(2010, 11, 15))
    assert scenario.standing("documents").state == scenario.standing("set_up_meeting").state == "met"
    assert len(scenario.letters_of("set_up_invitation")) == 1, "the meeting was held"
    assert scenario.standing("fieldwork_starts").due == date(2010, 11, 29)
    with pytest.raises(Refused, match="the authority has notice until 2010-11-29"):
        scenario.do("start_fieldwork", "i.ashdown")


def test_a_meeting_not_held_is_invited_to_anew_after_its_withdrawal() -> None:
    scenario = notified()
    scenario.do("record_failed_service")
    scenario.do("notify", "c.marsh", address_confirmed=True)
    first, second = scenario.letters_of("set_up_invitation")
    assert (first.facts["meeting"]["sequence"], second.facts["meeting"]["sequence"]) == (0, 2)


@pytest.mark.parametrize("before_acceptance", [True, False])
def test_notification_is_made_anew_by_a_person_alone_once_the_address_was_changed_or_confirmed(
    before_acceptance: bool,
) -> None:
    scenario = InMemoryInspection()
    scenario.accepts_mail = not before_acceptance
    scenario.until("2010-11-03").do("record_failed_service")
    scenario.accepts_mail = True
    scenario.do("change_contact", "c.marsh", role="link_officer", person="chief.330", **REASON)
    scenario.until("2010-11-10")
    assert len(scenario.letters_of("announcement")) == 1, "never by the system, whatever else changes"
    with pytest.raises(Refused, match="a person notifies anew"):
        scenario.do("notify")
    with pytest.raises(Refused, match="change the Director's address"):
        scenario.do("notify", "c.marsh")
    scenario.do("change_contact", "c.marsh", role="dcs", person="member.330", **REASON)
    scenario.do("notify", "c.marsh")
    assert scenario.inspection.date_of("notification") == date(2010, 11, 10)


def test_a_deferral_that_the_failed_notification_ended_goes_on_until_the_next_one() -> None:
    scenario = notified().until("2010-11-04")
    scenario.do("defer", "m.okafor", **REASON)
    scenario.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    scenario.until("2011-01-12").do("record_failed_service", letter=scenario.inspection.awaited_letter)
    assert (scenario.inspection.stage, scenario.inspection.deferrals[-1].ended) == ("planned", None)
    scenario.do("notify", "c.marsh", address_confirmed=True)
    assert (scenario.inspection.stage, scenario.inspection.deferrals[-1].ended) == ("notified", date(2011, 1, 12))


def test_what_was_handed_over_hangs_on_no_letter() -> None:
    scenario = InMemoryInspection(an_order(service="by_hand")).until("2010-11-03")
    scenario.do("record_service", "c.marsh", method="by_hand", proof="t-p")
    with pytest.raises(Refused, match="no letter of ours is its proof"):
        scenario.do("record_failed_service", "c.marsh", **REASON)


def test_another_letter_takes_no_day_back_and_a_person_says_what_shows_it() -> None:
    scenario = notified()
    with pytest.raises(Refused, match="no limit counts from the letter"):
        scenario.do("record_failed_service", letter="another")
    with pytest.raises(BadInput, match="what shows that the letter did not arrive"):
        scenario.do("record_failed_service", "c.marsh")
    with pytest.raises(Refused, match="is taken by"):
        scenario.do("record_failed_service", "i.ashdown", **REASON)


def test_from_fieldwork_on_the_letter_is_named_so_that_no_other_one_makes_the_notification_fail() -> None:
    scenario = up_to_fieldwork(notified())
    with pytest.raises(BadInput, match="say in the field «letter» which letter did not arrive"):
        scenario.do("record_failed_service", "c.marsh", **REASON)
    with pytest.raises(Refused, match="sent again by «send_again»"):
        scenario.do("record_failed_service", "c.marsh", letter="that-of-the-final-report", **REASON)


def test_from_fieldwork_on_it_is_an_event_and_a_task() -> None:
    scenario = up_to_fieldwork(notified())
    before = due(scenario)
    decision = scenario.do("record_failed_service", letter=scenario.inspection.served_letter)
    assert [event.kind for event in decision.events] == ["failed_service_noted"]
    assert [task.kind for task in decision.tasks if not task.closes] == ["notification_late"]
    assert (scenario.inspection.stage, due(scenario), decision.letters) == ("fieldwork", before, ())


def test_for_a_draft_the_five_days_run_anew_from_the_sending_that_arrives() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(notified()))
    assert scenario.standing("factual_comments").due == date(2010, 12, 21)
    decision = scenario.until("2010-12-17").do("record_failed_service", letter=scenario.inspection.draft_letter)
    assert [event.kind for event in decision.events] == ["failed_service_noted", "draft_not_served"]
    assert [task.kind for task in decision.tasks if not task.closes] == ["draft_not_served"]
    assert (scenario.inspection.stage, scenario.standing("draft_report").state) == ("drafting", "open")
    scenario.until("2010-12-23")
    assert "comments_lapsed" not in scenario.kinds
    decision = scenario.do("send_draft", "i.ashdown")
    assert [(task.kind, task.closes) for task in decision.tasks] == [("draft_not_served", True)]
    assert scenario.standing("draft_report").state == "met_late"
    assert scenario.standing("factual_comments").due == date(2011, 1, 4)


def test_a_draft_that_came_back_after_the_time_for_comments_lapsed_gives_the_time_back() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(notified())).until("2010-12-29")
    scenario.do("submit_final", "i.ashdown")
    scenario.do("approve_final", "q.lindqvist")
    decision = scenario.do("record_failed_service", "c.marsh", letter=scenario.inspection.draft_letter, **REASON)
    assert [event.kind for event in decision.events] == [
        "failed_service_noted",
        "approval_withdrawn",
        "draft_not_served",
    ]
    assert scenario.inspection.stage == "drafting"
    scenario.until("2010-12-30").do("send_draft", "i.ashdown")
    assert scenario.standing("factual_comments").state == "open"
    scenario.until("2011-01-07").do("return_comments", "dcs.330", comments=[{"where": "1", "text": "t-c"}])
    assert scenario.standing("factual_comments").state == "met"


def test_comments_that_came_show_that_the_draft_arrived() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(notified()))
    letter = scenario.inspection.draft_letter
    scenario.until("2010-12-17").do("return_comments", "dcs.330", comments=[{"where": "1", "text": "t-c"}])
    decision = scenario.do("record_failed_service", letter=letter)
    assert [event.kind for event in decision.events] == ["failed_service_noted"]
    assert scenario.inspection.stage == "finalising"


def test_the_time_for_complaints_about_a_cancelled_inspection_runs_from_the_letter_that_arrives() -> None:
    scenario = notified().until("2010-11-04")
    scenario.do("cancel", "m.okafor", **REASON)
    assert scenario.standing("complaints_close").state == "open"
    scenario.do("record_failed_service", letter=scenario.inspection.cancellation_letter)
    scenario.until("2010-12-10")
    assert (scenario.standing("complaints_close").state, scenario.inspection.is_finished) == ("suspended", False)
    scenario.do("record_cancellation_service", "c.marsh", method="post", proof="t-p")
    assert scenario.standing("complaints_close").due == date(2011, 1, 9)


def test_folding_the_events_gives_the_state_after_a_failed_service() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(notified()))
    scenario.do("record_failed_service", letter=scenario.inspection.draft_letter)
    assert scenario.born.after(scenario.events) == scenario.inspection


def test_late_comments_show_that_the_draft_arrived_though_the_time_for_them_lapsed() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(notified())).until("2010-12-29")
    scenario.do("return_comments", "dcs.330", comments=[{"where": "1", "text": "t-c"}])
    assert "comments_lapsed" in scenario.kinds
    decision = scenario.do("record_failed_service", letter=scenario.inspection.draft_letter)
    assert [event.kind for event in decision.events] == ["failed_service_noted"]


def test_what_was_missed_before_day_0_fell_stays_recorded() -> None:
    scenario = notified().until("2010-11-08")
    scenario.do("record_failed_service", letter=scenario.inspection.served_letter)
    _, event = scenario.events[-1]
    assert [miss["limit"] for miss in event.data["misses"]] == ["case_lists"]
