"""Calendars as they were before a holiday was proclaimed or moved, and an inspection to which a newer one is applied."""

from dataclasses import replace
from datetime import date

from framework.calendar.bank_holidays import Calendar, england
from framework.calendar.holiday_changes import HolidayChange, changed
from framework.inspection.calendar_change import apply_calendar
from framework.lifecycle.decide import Decision
from tests.framework.in_memory import InMemoryInspection, prepare_cases
from tests.orders import an_order

WEDDING = date(2011, 4, 29)
FUNERAL = date(2022, 9, 19)
SPRING, JUBILEE = date(2012, 5, 28), date(2012, 6, 4)


def without(*days: date, **more: str) -> Calendar:
    """England's calendar before these days were known to be holidays."""
    holidays = {day: title for day, title in england().holidays.items() if day not in days}
    return replace(england(), version="before.1", holidays=holidays)


def next_version(calendar: Calendar, change: HolidayChange) -> Calendar:
    """The change as a new version."""
    stem, _, number = calendar.version.rpartition(".")
    return replace(changed(calendar, change), version=f"{stem}.{int(number) + 1}")


def add(day: date, title: str = "Proclaimed") -> HolidayChange:
    return HolidayChange("add", day, title)


def take_in(scenario: InMemoryInspection, *changes: HolidayChange) -> Decision:
    """Applies the calendar after these changes, as the workflow would."""
    new = scenario.calendar
    for change in changes:
        new = next_version(new, change)
    decision = scenario.commit(apply_calendar(scenario.inspection, scenario.calendar, new, scenario.now, scenario.head))
    scenario.calendar = new
    return decision


def ended_on_14_april_2011(calendar: Calendar, service: str = "email") -> InMemoryInspection:
    """On site from Friday 1 to Thursday 14 April 2011, every step on its last day."""
    scenario = InMemoryInspection(
        an_order(notify="2011-03-18", service=service), calendar, start="2011-03-17T08:00+00:00"
    )
    if service == "by_hand":
        scenario.until("2011-03-18").do("record_service", "c.marsh", method="by_hand", proof="t-p")
    prepare_cases(scenario.until("2011-03-22"))
    scenario.until("2011-03-24").do("hold_set_up_meeting", "i.ashdown", attendees="t-1", decisions="t-2")
    scenario.until("2011-04-01").do("receive_case_audits", "link.330")
    scenario.do("start_fieldwork", "i.ashdown")
    scenario.until("2011-04-14").do("give_oral_feedback", "i.ashdown", headings="t-3")
    scenario.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    return scenario
