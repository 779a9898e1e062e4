"""A corrected day: what derives from it follows, the order is kept, no day that the system proved moves, no person meets a
limit of their own by it, and no time of another person is shortened."""

from datetime import date

import pytest

from framework.common.errors import BadInput, Refused
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_published
from tests.framework.inspection.correction_scenarios import (
    correct,
    days,
    ended_on_30_november,
    lists_received_late,
    on_site,
)
from tests.framework.ordinary_path import REASON
from tests.orders import an_order
from tests.words import WHY


def test_a_correction_is_an_event_of_its_own_that_keeps_what_was_and_what_is() -> None:
    scenario = on_site()
    number = scenario.number_of("set_up_meeting_held")
    correct(scenario, "set_up_meeting_held", "2010-11-10")
    _, event = scenario.events[-1]
    assert (event.kind, event.data["event"], event.data["was"], event.data["on"]) == (
        "corrected", number, "2010-11-09", "2010-11-10"
    )  # fmt: skip
    assert event.reason == WHY
    assert next(e for n, e in scenario.events if n == number).on == date(2010, 11, 9)


AFTER_FIELDWORK = ("draft_report", "final_report", "publication")


def test_a_later_end_of_fieldwork_moves_every_day_after_it_and_leaves_the_stage() -> None:
    scenario = ended_on_30_november().until("2010-12-01")
    correct(scenario, "fieldwork_ended", "2010-12-01")
    assert days(scenario, *AFTER_FIELDWORK) == ["2010-12-15", "2010-12-31", "2011-01-10"]
    assert scenario.inspection.stage == "drafting"


def test_an_earlier_end_shortens_the_time_of_the_lead_who_corrects_it_and_of_no_other_person() -> None:
    scenario = ended_on_30_november()
    correct(scenario, "fieldwork_ended", "2010-11-26", by="i.ashdown")
    assert days(scenario, *AFTER_FIELDWORK) == ["2010-12-10", "2010-12-24", "2011-01-07"]
    assert scenario.standing("publication").due_date.counted_due == date(2011, 1, 5)
    assert scenario.events[-1][1].data["keeps"] == {"publication": "2011-01-07"}


def test_corrected_by_the_coordinator_it_is_the_lead_s_time_that_stays() -> None:
    scenario = ended_on_30_november()
    correct(scenario, "fieldwork_ended", "2010-11-26", by="c.marsh")
    assert days(scenario, *AFTER_FIELDWORK) == ["2010-12-14", "2010-12-30", "2011-01-05"]
    assert scenario.inspection.date_of("fieldwork_ended") == date(2010, 11, 26)
    (letter,) = scenario.letters_of("correction")
    assert [change["limit"] for change in letter.facts["moved"]] == ["publication"]


def test_those_copied_in_with_the_draft_get_the_correction_of_a_day_that_it_named() -> None:
    scenario = up_to_draft_sent(on_site())
    correct(scenario, "fieldwork_ended", "2010-12-01")
    (letter,) = scenario.letters_of("correction")
    assert {change["limit"] for change in letter.facts["moved"]} == {"final_report", "publication"}
    assert letter.cc == (Role.LINK_OFFICER, Role.LEAD_INSPECTOR, Role.PCT_CHIEF_EXECUTIVE)


def test_what_keeps_its_day_moves_on_with_a_later_correction() -> None:
    scenario = ended_on_30_november()
    correct(scenario, "fieldwork_ended", "2010-11-26")
    scenario.until("2010-12-01")
    correct(scenario, "fieldwork_ended", "2010-12-01")
    assert days(scenario, *AFTER_FIELDWORK) == ["2010-12-15", "2010-12-31", "2011-01-10"]
    assert scenario.standing("draft_report").due_date.counted_due is None


def test_a_limit_that_another_person_met_on_its_last_day_is_not_late_by_a_correction_of_the_day_it_is_counted_from() -> (
    None
):
    scenario = InMemoryInspection(an_order(service="by_hand")).until("2010-11-03")
    scenario.do("record_service", "c.marsh", method="by_hand", proof="t-p")
    scenario.until("2010-11-05").do("receive_case_lists", "link.330")
    correct(scenario, "notified", "2010-11-02")
    assert scenario.inspection.date_of("notification") == date(2010, 11, 2)
    assert (scenario.standing("case_lists").state, days(scenario, "case_lists", "set_up_meeting")) == (
        "met",
        ["2010-11-05", "2010-11-09"],
    )


def test_one_letter_says_what_moved_from_which_day_to_which() -> None:
    scenario = on_site().until("2010-11-30")
    scenario.do("give_oral_feedback", "i.ashdown", headings="t-h")
    scenario.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    scenario.until("2010-12-01")
    correct(scenario, "fieldwork_ended", "2010-12-01")
    (letter,) = scenario.letters_of("correction")
    moved = {change["limit"]: (change["from"], change["to"]) for change in letter.facts["moved"]}
    assert moved["draft_report"] == ("2010-12-14", "2010-12-15")
    assert moved["final_report"] == ("2010-12-30", "2010-12-31")
    assert "set_up_meeting" not in moved
    assert (letter.facts["event"], letter.facts["was"], letter.facts["now"]) == (
        "fieldwork ended",
        "2010-11-30",
        "2010-12-01",
    )
    assert letter.dates["draft_report"] == date(2010, 12, 15)


def test_a_correction_that_moves_no_day_sends_no_letter() -> None:
    scenario = on_site()
    correct(scenario, "case_lists_received", "2010-11-04", proof="t-p")
    assert not scenario.letters_of("correction")


def test_what_was_entered_late_by_mistake_is_met_by_a_correction_and_the_other_way_round() -> None:
    scenario = lists_received_late()
    assert scenario.standing("case_lists").state == "met_late"
    correct(scenario, "case_lists_received", "2010-11-05", proof="t-p")
    assert scenario.standing("case_lists").state == "met"
    correct(scenario, "case_lists_received", "2010-11-08", proof="t-p")
    assert scenario.standing("case_lists").state == "met_late"


def test_a_miss_that_a_correction_meets_stays_recorded_with_the_day_of_the_correction() -> None:
    scenario = lists_received_late().until("2010-11-11")
    correct(scenario, "case_lists_received", "2010-11-05", proof="t-p")
    lists = scenario.standing("case_lists")
    assert lists.miss is not None
    assert (lists.state, lists.is_missed_for_good) == ("met", True)
    assert (lists.miss.state, lists.miss.met_on, lists.miss.recorded_on) == (
        "met_late",
        date(2010, 11, 9),
        date(2010, 11, 11),
    )
    assert lists.settled_by == scenario.number_of("case_lists_received")


@pytest.mark.parametrize(
    ("kind", "on", "why"),
    [
        ("fieldwork_started", "2010-11-02", "notified was on"),
        ("case_lists_received", "2010-11-02", "notified was on"),
        ("set_up_meeting_held", "2010-11-01", "notified was on"),
        ("fieldwork_started", "2010-11-20", "not a working day"),
        ("fieldwork_started", "2010-11-17", "already"),
    ],
)
def test_a_corrected_day_keeps_the_order_of_things(kind: str, on: str, why: str) -> None:
    scenario = on_site().until("2010-11-22")
    with pytest.raises(Refused, match=why):
        correct(scenario, kind, on)


def test_the_day_after_a_later_step_is_refused_too() -> None:
    scenario = up_to_published(up_to_draft_sent(on_site())).until("2011-01-20")
    for kind, on in (
        ("comments_returned", "2010-12-31"),
        ("oral_feedback_given", "2010-12-01"),
        ("fieldwork_ended", "2010-11-29"),
    ):
        with pytest.raises(Refused, match="does not fit"):
            correct(scenario, kind, on)


def test_a_day_in_the_future_is_wrong_input() -> None:
    scenario = on_site()
    with pytest.raises(BadInput, match="future"):
        correct(scenario, "fieldwork_started", "2010-11-18")


def test_only_an_event_of_this_inspection_can_be_corrected_and_never_a_correction() -> None:
    scenario = on_site()
    with pytest.raises(Refused, match="not one whose day can be corrected"):
        scenario.do("correct", "c.marsh", event=999, **REASON)
    reminder = scenario.number_of("reminder_sent")
    with pytest.raises(Refused, match="not one whose day can be corrected"):
        scenario.do("correct", "c.marsh", event=reminder, **REASON)
    correct(scenario, "set_up_meeting_held", "2010-11-10")
    with pytest.raises(Refused, match="itself a correction"):
        correct(scenario, "corrected", "2010-11-10")


def test_the_same_event_may_be_corrected_again() -> None:
    scenario = on_site()
    correct(scenario, "set_up_meeting_held", "2010-11-10")
    correct(scenario, "set_up_meeting_held", "2010-11-08")
    assert scenario.inspection.date_of("set_up_meeting_held") == date(2010, 11, 8)


def test_a_service_of_the_cancellation_is_never_before_it() -> None:
    scenario = InMemoryInspection().until("2010-11-05")
    scenario.accepts_mail = False
    scenario.do("cancel", "m.okafor", **REASON)
    scenario.until("2010-11-08").do("record_cancellation_service", "c.marsh", method="post", proof="t-p")
    with pytest.raises(Refused, match="cancelled was on"):
        correct(scenario, "cancellation_served", "2010-11-04")
    correct(scenario, "cancellation_served", "2010-11-05")
    assert not scenario.letters_of("correction"), "the time for complaints is the public's, and is not shortened"
    scenario.until("2010-12-31")
    assert next(e for _, e in scenario.events if e.kind == "cancelled_window_closed").on == date(2010, 12, 9)


def test_a_cancelled_or_deferred_inspection_sends_no_letter_about_days_that_no_longer_matter() -> None:
    for step, by in (("cancel", "m.okafor"), ("defer", "m.okafor")):
        scenario = InMemoryInspection(an_order(service="by_hand")).until("2010-11-03")
        scenario.do("record_service", "c.marsh", method="by_hand", proof="t-p")
        scenario.until("2010-11-05").do(step, by, **REASON)
        correct(scenario, "notified", "2010-11-04")
        (letter,) = scenario.letters_of("correction")
        assert letter.facts["moved"] == []
