"""When a team is bound, and where two teams share people at the same time."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

import pytest

from framework.inspection.bookings import BoundTeam, bookings, people_clashes
from framework.messages.orders import Booking
from tests.framework.in_memory import InMemoryInspection, up_to_fieldwork
from tests.framework.ordinary_path import REASON

LEAD, CQC = {"lead_inspector": ("i.ashdown",)}, {"cqc_inspector": ("h.dunmore",)}


def days(scenario: InMemoryInspection) -> list[tuple[str, date, date]]:
    return [(booking.kind, booking.first, booking.last) for booking in bookings(scenario.inspection, scenario.calendar)]


def meeting(day: int, at: str) -> Booking:
    return Booking(
        kind="set_up_meeting", first=date(2010, 11, day), last=date(2010, 11, day), at=time.fromisoformat(at)
    )


def on_site(first: int, last: int) -> Booking:
    return Booking(kind="fieldwork", first=date(2010, 11, first), last=date(2010, 11, last))


def clashes(bookings: Any, other: Any, people: Mapping[str, tuple[str, ...]] = LEAD) -> list[tuple[str, int, int, str]]:
    clashing = people_clashes(BoundTeam(people, bookings), BoundTeam(people, other))
    return [(clash.person, clash.first.day, clash.last.day, clash.at) for clash in clashing]


def test_a_team_is_bound_for_the_meeting_and_the_days_on_site_until_each_is_over() -> None:
    scenario = InMemoryInspection()
    on_site_as_planned = ("fieldwork", date(2010, 11, 17), date(2010, 11, 30))
    assert days(scenario) == [("set_up_meeting", date(2010, 11, 9), date(2010, 11, 9)), on_site_as_planned]
    up_to_fieldwork(scenario)
    assert days(scenario) == [on_site_as_planned]
    scenario.do("cancel", "m.okafor", **REASON)
    assert days(scenario) == []


def test_a_team_of_a_deferred_inspection_is_not_bound() -> None:
    scenario = InMemoryInspection().until("2010-11-04")
    scenario.do("defer", "m.okafor", **REASON)
    assert days(scenario) == []


@pytest.mark.parametrize(("at", "expected"), [("10:00", "10:00"), ("11:59", "11:59"), ("08:30", "10:00")])
def test_two_meetings_within_two_hours_clash(at: str, expected: str) -> None:
    assert clashes([meeting(9, "10:00")], [meeting(9, at)]) == [("i.ashdown", 9, 9, expected)]


@pytest.mark.parametrize("other", [meeting(9, "12:00"), meeting(9, "08:00"), meeting(10, "10:00")])
def test_meetings_at_other_hours_or_on_other_days_do_not(other: Booking) -> None:
    assert clashes([meeting(9, "10:00")], [other]) == []


def test_days_on_site_clash_where_they_overlap_and_with_a_meeting_on_one_of_them() -> None:
    assert clashes([on_site(17, 30)], [on_site(29, 30)]) == [("i.ashdown", 29, 30, "")]
    assert clashes([on_site(17, 26)], [on_site(29, 30)]) == []
    assert clashes([on_site(17, 30)], [meeting(18, "10:00")]) == [("i.ashdown", 18, 18, "")]


def test_an_inspector_is_bound_on_site_and_not_by_the_meeting() -> None:
    inspector = {"inspector": ("i.bellamy",)}
    assert clashes([meeting(9, "10:00")], [meeting(9, "10:00")], inspector) == []
    assert clashes([on_site(17, 30)], [on_site(17, 18)], inspector) == [("i.bellamy", 17, 18, "")]
    assert clashes([meeting(9, "10:00")], [meeting(9, "10:00")], CQC) == [("h.dunmore", 9, 9, "10:00")]


def test_a_day_is_agreed_once_people_have_named_it() -> None:
    scenario = InMemoryInspection()
    assert [booking.agreed for booking in bookings(scenario.inspection, scenario.calendar)] == [False, False]
    up_to_fieldwork(scenario)
    assert [booking.agreed for booking in bookings(scenario.inspection, scenario.calendar)] == [True]


def test_a_booking_binds_the_lead_first_and_no_person_twice() -> None:
    people = {"inspector": ("i.bellamy", "i.ashdown"), **LEAD, **CQC}
    team = BoundTeam(people, [on_site(17, 30), meeting(9, "10:00")])
    assert team.bound_by(team.bookings[0]) == ("i.ashdown", "i.bellamy", "h.dunmore")
    assert team.bound_by(team.bookings[1]) == ("i.ashdown", "h.dunmore")
