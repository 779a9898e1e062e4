"""Agreed days that do not fit become a task, stay where they are, and leave the list once they are corrected."""

from datetime import date

from framework.calendar.holiday_changes import HolidayChange
from framework.inspection.appointments import clashes
from framework.lifecycle.decide import Decision
from tests.framework.calendars import WEDDING, add, take_in, without
from tests.framework.in_memory import InMemoryInspection
from tests.orders import an_order
from tests.words import WHY

SHORT = {"notice": "short", "notice_ground": "serious_concerns", "notice_reason": WHY}


def notified(**changes: str) -> InMemoryInspection:
    """Notified on Monday 18 April 2011, before the wedding was proclaimed."""
    order = an_order(notify="2011-04-18", **changes)
    return InMemoryInspection(order, without(WEDDING), start="2011-04-15T08:00+00:00").until("2011-04-18")


def tasks(decision: Decision) -> list[tuple[str, bool]]:
    return [(task.key, task.closes) for task in decision.tasks if task.kind == "appointment_clash"]


def test_a_first_day_on_a_new_holiday_stays_and_becomes_a_task() -> None:
    scenario = notified(fieldwork="2011-04-29", **SHORT)
    decision = take_in(scenario, add(WEDDING, "Royal wedding"))
    assert tasks(decision) == [("appointment:fieldwork", False)]
    assert "Royal wedding" in decision.tasks[0].facts["why"]
    assert decision.tasks[0].facts["step"] == "arrange_fieldwork"
    assert scenario.inspection.fieldwork == WEDDING
    assert decision.events[0].data["clashes"] == [{"appointment": "fieldwork", "day": "2011-04-29"}]


def test_the_task_ends_when_another_day_is_agreed() -> None:
    scenario = notified(fieldwork="2011-04-29", **SHORT)
    take_in(scenario, add(WEDDING))
    decision = scenario.do("arrange_fieldwork", "i.ashdown", starts="2011-05-04", reason=WHY)
    assert tasks(decision) == [("appointment:fieldwork", True)]
    assert tasks(scenario.do("receive_case_lists", "link.330")) == []


def test_the_task_ends_when_the_holiday_is_taken_back() -> None:
    scenario = notified(fieldwork="2011-04-29", **SHORT)
    take_in(scenario, add(WEDDING))
    assert tasks(take_in(scenario, HolidayChange("remove", WEDDING))) == [("appointment:fieldwork", True)]


def test_a_meeting_on_a_new_holiday_becomes_a_task_which_ends_when_it_is_held() -> None:
    scenario = notified()
    meeting = scenario.inspection.meeting
    assert meeting
    assert tasks(take_in(scenario, add(meeting.day))) == [("appointment:set_up_meeting", False)]
    scenario.until("2011-04-21")
    held = scenario.do("hold_set_up_meeting", "i.ashdown", attendees="t-1", decisions="t-2")
    assert tasks(held) == [("appointment:set_up_meeting", True)]


def test_a_meeting_after_fieldwork_began_becomes_a_task() -> None:
    scenario = notified(**{**SHORT, "notice": "none"}, fieldwork="2011-04-18", service="by_hand")
    scenario.do("record_service", "c.marsh", method="by_hand", proof="t-p")
    scenario.do("arrange_set_up_meeting", "i.ashdown", day="2011-04-20", place="Council House")
    begun = scenario.do("start_fieldwork", "i.ashdown")
    (clash,) = clashes(scenario.inspection, scenario.calendar)
    assert (clash.day, "fieldwork began on 2011-04-18" in clash.why) == (date(2011, 4, 20), True)
    assert tasks(begun) == [("appointment:set_up_meeting", True), ("appointment:set_up_meeting", False)]


def test_a_first_day_agreed_before_the_meeting_makes_the_meeting_a_task() -> None:
    scenario = notified()
    scenario.do("arrange_set_up_meeting", "i.ashdown", day="2011-04-27", place="Council House")
    scenario.do("override", "m.okafor", gate="notice", reason=WHY)
    decision = scenario.do("arrange_fieldwork", "i.ashdown", starts="2011-04-26")
    assert tasks(decision) == [("appointment:set_up_meeting", False)]
    (clash,) = clashes(scenario.inspection, scenario.calendar)
    assert (clash.paragraph, clash.day) == (32, date(2011, 4, 27))
    assert "2011-04-26" in clash.why
    assert tasks(scenario.do("defer", "m.okafor", reason=WHY)) == [("appointment:set_up_meeting", True)]


def test_a_holiday_taken_away_can_make_an_agreed_first_day_too_late() -> None:
    scenario = notified(fieldwork="2011-05-05")
    assert clashes(scenario.inspection, scenario.calendar) == ()
    (task,) = take_in(scenario, HolidayChange("remove", date(2011, 5, 2))).tasks
    assert "11 working days" in task.facts["why"]
    assert task.key == "appointment:fieldwork"
