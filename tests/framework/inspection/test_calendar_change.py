"""A holiday that is proclaimed, moved or taken away while an inspection runs: what moves, what stays, who is notified."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.calendar.bank_holidays import england
from framework.calendar.holiday_changes import HolidayChange
from framework.common.errors import Refused
from framework.inspection.calendar_change import apply_calendar, apply_calendar_unannounced
from framework.inspection.limit_changes import UNMET_STATES
from framework.inspection.limit_days import ANCHORS
from framework.inspection.limits import derive_due_dates
from framework.lifecycle.due_items import next_due
from framework.lifecycle.limit_status import limit_statuses
from framework.vocabulary.roles import Role
from tests.framework.calendars import (
    FUNERAL,
    JUBILEE,
    SPRING,
    WEDDING,
    add,
    ended_on_14_april_2011,
    next_version,
    take_in,
    without,
)
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_fieldwork, up_to_published
from tests.orders import an_order
from tests.words import WHY

AFTER_THE_END = ("draft_report", "factual_comments", "final_report", "publication")


def due(scenario: InMemoryInspection, *keys: str) -> list[str]:
    return [str(scenario.standing(key).due) for key in keys]


def moved(scenario: InMemoryInspection) -> dict[str, tuple[str, str]]:
    """What the newest letter says moved."""
    return {
        change["limit"]: (change["from"], change["to"])
        for change in scenario.letters_of("changed_dates")[-1].facts["moved"]
    }


def test_the_wedding_of_29_april_2011_moves_what_follows_the_end_by_a_day() -> None:
    scenario = ended_on_14_april_2011(without(WEDDING))
    assert due(scenario, *AFTER_THE_END) == ["2011-05-03", "2011-05-10", "2011-05-17", "2011-05-24"]
    decision = take_in(scenario, add(WEDDING, "Royal wedding"))
    assert due(scenario, *AFTER_THE_END) == ["2011-05-04", "2011-05-11", "2011-05-18", "2011-05-25"]
    assert due(scenario, "complaints_close") == ["2011-06-24"]
    (event,) = decision.events
    assert (event.kind, event.paragraph) == ("calendar_changed", 50)
    assert (event.data["was"], event.data["calendar"], event.data["added"]) == ("before.1", "before.2", ["2011-04-29"])
    assert {"limit": "draft_report", "from": "2011-05-03", "to": "2011-05-04", "paragraph": 50} in event.data["moved"]
    (letter,) = decision.letters
    assert (letter.kind, letter.to, letter.cc) == (
        "changed_dates",
        (Role.DCS,),
        (Role.LINK_OFFICER, Role.LEAD_INSPECTOR),
    )
    assert moved(scenario)["publication"] == ("2011-05-24", "2011-05-25")
    assert letter.facts["calendar"]["added"] == [{"day": "2011-04-29", "title": "Royal wedding"}]


@pytest.mark.parametrize("agreed", [None, "2010-11-15"])
def test_a_letter_names_the_latest_day_of_fieldwork_only_where_no_first_day_is_agreed(agreed: str | None) -> None:
    scenario = InMemoryInspection(an_order(fieldwork=agreed)).until("2010-11-03")
    take_in(scenario, add(date(2010, 11, 12)))
    assert scenario.standing("fieldwork_starts").due == date(2010, 11, 18)
    letters = scenario.letters_of("changed_dates")
    named = {change["limit"] for letter in letters for change in letter.facts["moved"]}
    assert ("fieldwork_starts" in named) is (agreed is None)


@pytest.mark.parametrize("with_final", [False, True], ids=["before the final report", "after it"])
def test_a_letter_names_the_last_day_for_a_complaint_only_after_the_letter_that_gave_it(with_final: bool) -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(InMemoryInspection()))
    if with_final:
        scenario.until("2010-12-20").do("return_comments", "dcs.330", comments=[{"where": "para 12", "text": "t-4"}])
        scenario.do("submit_final", "i.ashdown")
        scenario.do("approve_final", "q.lindqvist")
        scenario.do("issue_final", "i.ashdown")
    take_in(scenario, add(date(2010, 12, 30)))
    assert moved(scenario)["publication"] == ("2011-01-07", "2011-01-10")
    assert ("complaints_close" in moved(scenario)) is with_final
    assert "evaluation" not in moved(scenario), "the request to evaluate, which gives it, comes with publication"


def test_those_copied_in_with_a_letter_that_named_the_day_are_notified_as_well() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(InMemoryInspection()))
    (checked,) = take_in(scenario, add(date(2010, 12, 17))).letters
    assert checked.cc == (Role.LINK_OFFICER, Role.LEAD_INSPECTOR, Role.PCT_CHIEF_EXECUTIVE)
    scenario.until("2010-12-21").do("return_comments", "dcs.330", comments=[])
    scenario.until("2010-12-29").do("submit_final", "i.ashdown")
    scenario.do("approve_final", "q.lindqvist")
    scenario.until("2010-12-30").do("issue_final", "i.ashdown")
    (issued,) = take_in(scenario, add(date(2011, 1, 5))).letters
    with_the_report = {Role.LEAD_MEMBER, Role.LSCB_CHAIR, Role.CHIEF_EXECUTIVE}
    assert set(issued.cc) - set(checked.cc) == with_the_report


def test_limits_that_are_met_stay_and_are_in_no_letter() -> None:
    scenario = ended_on_14_april_2011(without(WEDDING))
    before = {
        key: scenario.standing(key) for key in ("set_up_meeting", "case_lists", "fieldwork_starts", "inspection_ends")
    }
    take_in(scenario, HolidayChange("add", date(2011, 3, 21), "Entered late"), add(WEDDING))
    for key, due in before.items():
        now = scenario.standing(key)
        assert (now.due, now.state, now.met_on) == (due.due, "met", due.met_on), key
    assert not set(before) & set(moved(scenario))


def test_what_was_missed_is_not_healed_by_a_holiday_entered_late() -> None:
    scenario = InMemoryInspection(an_order(notify="2011-03-18"), without(WEDDING), start="2011-03-17T08:00+00:00")
    scenario.until("2011-03-25").do("hold_set_up_meeting", "i.ashdown", attendees="t-1", decisions="t-2")
    assert scenario.standing("set_up_meeting").state == "met_late"
    take_in(scenario, add(date(2011, 3, 21)))
    assert (scenario.standing("set_up_meeting").state, due(scenario, "set_up_meeting")) == ("met_late", ["2011-03-24"])


def test_a_correction_of_the_anchor_derives_even_met_limits_anew() -> None:
    scenario = ended_on_14_april_2011(without(WEDDING), service="by_hand")
    take_in(scenario, add(date(2011, 3, 21)))
    assert due(scenario, "set_up_meeting") == ["2011-03-24"]
    scenario.do("correct", "c.marsh", on="2011-03-17", event=scenario.number_of("notified"), reason=WHY)
    assert due(scenario, "set_up_meeting") == ["2011-03-24"], "four working days from the 17th, without the 21st"
    scenario.do("correct", "c.marsh", on="2011-03-18", event=scenario.number_of("notified"), reason=WHY)
    assert due(scenario, "set_up_meeting") == ["2011-03-25"]


def test_the_funeral_of_19_september_2022_was_proclaimed_ten_days_before() -> None:
    scenario = InMemoryInspection(
        an_order(notify="2022-09-09"), without(FUNERAL), start="2022-09-09T07:00+00:00"
    ).until("2022-09-10")
    assert due(scenario, "set_up_meeting", "fieldwork_starts") == ["2022-09-15", "2022-09-23"]
    take_in(scenario, add(FUNERAL, "State funeral"))
    assert due(scenario, "set_up_meeting", "fieldwork_starts") == ["2022-09-15", "2022-09-26"]
    assert "set_up_meeting" not in moved(scenario)


def test_the_spring_holiday_of_2012_moved_to_4_june() -> None:
    then = without(JUBILEE)
    then = replace(then, holidays={**then.holidays, SPRING: "Spring bank holiday"})
    scenario = InMemoryInspection(an_order(notify="2012-05-18"), then, start="2012-05-17T08:00+00:00").until(
        "2012-05-21"
    )
    assert due(scenario, "set_up_meeting", "fieldwork_starts") == ["2012-05-24", "2012-06-04"]
    decision = take_in(scenario, HolidayChange("move", SPRING, to=JUBILEE))
    assert due(scenario, "set_up_meeting", "fieldwork_starts") == ["2012-05-24", "2012-06-01"], (
        "28 May counts, 4 June does not"
    )
    assert scenario.calendar.holidays == {**england().holidays, JUBILEE: "Spring bank holiday"}
    assert decision.events[0].data["added"] == ["2012-06-04"]
    assert decision.events[0].data["removed"] == ["2012-05-28"]


def test_the_reminders_go_to_the_new_day() -> None:
    scenario = ended_on_14_april_2011(without(WEDDING))
    take_in(scenario, add(WEDDING))
    scenario.reminders.clear()
    scenario.until("2011-05-04")
    days = {rung: str(moment.date()) for moment, limit, rung, _ in scenario.reminders if limit == "draft_report"}
    assert days == {-3: "2011-04-27", -1: "2011-05-03", 0: "2011-05-04"}, "without 29 April and the May holiday"


def test_where_nothing_moves_no_letter_is_sent_and_the_event_records_it() -> None:
    scenario = ended_on_14_april_2011(without(WEDDING))
    decision = take_in(scenario, add(date(2028, 3, 3)))
    assert (decision.letters, decision.events[0].data["moved"], decision.events[0].paragraph) == ((), [], None)


def test_before_the_notification_the_limits_move_without_a_letter() -> None:
    scenario = InMemoryInspection(an_order(notify="2011-04-21"), without(WEDDING), start="2011-04-01T08:00+00:00")
    decision = take_in(scenario, add(WEDDING))
    assert decision.letters == ()
    assert {change["limit"] for change in decision.events[0].data["moved"]} >= {"set_up_meeting", "draft_report"}


def test_while_the_announcement_is_on_its_way_its_days_are_corrected() -> None:
    scenario = InMemoryInspection(an_order(notify="2011-04-20"), without(WEDDING), start="2011-04-20T07:00+00:00")
    scenario.accepts_mail = False
    scenario.until("2011-04-20")
    assert scenario.inspection.notification_pending
    take_in(scenario, add(WEDDING))
    assert moved(scenario)["fieldwork_starts"] == ("2011-05-09", "2011-05-10")


def test_while_deferred_nothing_is_due_and_no_letter_is_sent() -> None:
    scenario = InMemoryInspection(
        an_order(notify="2011-04-18"), without(WEDDING), start="2011-04-15T08:00+00:00"
    ).until("2011-04-19")
    scenario.do("defer", "m.okafor", reason=WHY)
    decision = take_in(scenario, add(WEDDING))
    assert (decision.letters, decision.events[0].data["moved"]) == ((), [])


def test_a_letter_without_a_recipient_leaves_a_task_and_the_limits_move() -> None:
    scenario = ended_on_14_april_2011(without(WEDDING))
    new = next_version(scenario.calendar, add(WEDDING))
    refusal = Refused("finds nobody to go to")
    decision = apply_calendar_unannounced(
        scenario.inspection, scenario.calendar, new, scenario.now, scenario.head, refusal
    )
    assert decision.letters == ()
    assert [task.kind for task in decision.tasks] == ["dates_untold"]
    assert decision.events[0].data["moved"]


def test_two_versions_at_once_are_one_letter_with_the_days_of_the_letter_before() -> None:
    scenario = ended_on_14_april_2011(without(WEDDING))
    take_in(scenario, add(WEDDING), add(date(2011, 5, 6), "Another"))
    assert moved(scenario)["publication"] == ("2011-05-24", "2011-05-26")
    assert len(scenario.letters_of("changed_dates")) == 1


def test_a_holiday_taken_back_brings_every_day_back() -> None:
    scenario = ended_on_14_april_2011(without(WEDDING))
    before = due(scenario, *AFTER_THE_END)
    take_in(scenario, add(WEDDING))
    take_in(scenario, HolidayChange("remove", WEDDING))
    assert due(scenario, *AFTER_THE_END) == before
    assert moved(scenario)["draft_report"] == ("2011-05-04", "2011-05-03")


STAGES = [lambda scenario: scenario.until("2010-11-05"), up_to_fieldwork, lambda scenario: up_to_draft_sent(up_to_fieldwork(scenario)),
          lambda scenario: up_to_published(up_to_draft_sent(up_to_fieldwork(scenario)))]  # fmt: skip
DAYS = st.dates(date(2010, 10, 25), date(2011, 3, 31))


@given(st.sampled_from(STAGES), st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=6))
def test_after_any_changes_open_limits_are_those_derived_from_scratch_and_met_ones_stay(
    advance: Any, days: list[tuple[date, date]]
) -> None:
    scenario = advance(InMemoryInspection())
    met = {
        limit.rule.key: (limit.due, limit.state)
        for limit in limit_statuses(scenario.inspection, scenario.calendar)
        if limit.state not in UNMET_STATES
    }
    for day, to in days:
        take_in(scenario, _some_change(scenario, day, to))
    days_reached = {anchor: scenario.inspection.date_of(kind) for anchor, kind in ANCHORS.items()}
    known = {anchor: day for anchor, day in days_reached.items() if day}
    scratch = derive_due_dates(known, scenario.calendar, fieldwork_agreed=scenario.inspection.fieldwork)
    for limit in limit_statuses(scenario.inspection, scenario.calendar):
        if limit.state in UNMET_STATES:
            assert limit.due == scratch[limit.rule.key].due, limit.rule.key
        else:
            assert (limit.due, limit.state) == met[limit.rule.key]
    again = apply_calendar(
        scenario.inspection,
        scenario.calendar,
        replace(scenario.calendar, version="same.1"),
        scenario.now,
        scenario.head,
    )
    assert (again.letters, again.events[0].data["moved"]) == ((), [])
    assert next_due(scenario.inspection, scenario.calendar, scenario.now) == next_due(
        scenario.born.after(scenario.events), scenario.calendar, scenario.now
    )


def _some_change(scenario: InMemoryInspection, day: date, to: date) -> HolidayChange:
    holidays = scenario.calendar.holidays
    if day not in holidays:
        return add(day)
    return HolidayChange("remove", day) if to in holidays else HolidayChange("move", day, to=to)


@pytest.mark.parametrize("advance", STAGES)
def test_an_inspection_applied_again_from_its_events_is_the_same(advance: Any) -> None:
    scenario = advance(InMemoryInspection())
    take_in(scenario, add(date(2010, 11, 8)), add(date(2010, 12, 15)))
    assert scenario.born.after(scenario.events) == scenario.inspection
