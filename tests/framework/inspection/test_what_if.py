"""Suppositions are put to the real rules, and leave the inspection as it is."""

from copy import deepcopy
from datetime import date

import pytest

from framework.common.errors import BadInput, Refused
from framework.inspection.limit_changes import LimitChanges
from framework.inspection.what_if import Supposition, what_if
from tests.framework.calendars import WEDDING, add, take_in, without
from tests.framework.in_memory import InMemoryInspection, up_to_fieldwork
from tests.orders import an_order
from tests.words import WHY


def supposed(scenario: InMemoryInspection, **days: str) -> LimitChanges:
    suppose = Supposition(**{name: date.fromisoformat(day) for name, day in days.items()})
    return what_if(scenario.inspection, scenario.calendar, suppose, scenario.now)


def days(moves: LimitChanges) -> dict[str, str]:
    return {change.limit: str(change.now) for change in moves.moved}


def notified(**changes: str) -> InMemoryInspection:
    order = an_order(notify="2011-04-18", **changes)
    return InMemoryInspection(order, without(WEDDING), start="2011-04-15T08:00+00:00").until("2011-04-18")


GIVEN_LATER = ("complaints_close", "evaluation")
"""Limits whose day no letter has given yet: so no letter says that it moved."""


def test_a_holiday_moves_what_it_would_move_once_made() -> None:
    scenario = notified()
    before = deepcopy(scenario.inspection)
    moves = supposed(scenario, holiday="2011-04-29")
    assert scenario.inspection == before
    take_in(scenario, add(WEDDING))
    named = {change["limit"]: change["to"] for change in scenario.letters_of("changed_dates")[-1].facts["moved"]}
    assert {limit: day for limit, day in days(moves).items() if limit not in GIVEN_LATER} == named


def test_another_day_of_notification_moves_every_open_limit() -> None:
    moves = supposed(notified(), notified="2011-04-19")
    assert days(moves)["fieldwork_starts"] == "2011-05-06"
    assert days(supposed(InMemoryInspection(), notified="2010-11-04"))["set_up_meeting"] == "2010-11-10"


def test_a_first_day_on_site_is_agreed_or_once_begun_real() -> None:
    moves = supposed(notified(), fieldwork="2011-05-04")
    assert days(moves)["inspection_ends"] == "2011-05-17"
    scenario = up_to_fieldwork(InMemoryInspection())
    assert days(supposed(scenario, fieldwork="2010-11-18"))["inspection_ends"] == "2010-12-01"


def test_a_first_day_that_is_not_worked_clashes() -> None:
    (clash,) = supposed(notified(), fieldwork="2011-05-07").clashes
    assert (clash.appointment, "Saturday" in clash.why) == ("fieldwork", True)


def test_a_deferral_counts_from_its_new_notification_and_names_what_was_agreed_before_it() -> None:
    moves = supposed(notified(fieldwork="2011-05-05"), defer_to="2011-06-06")
    assert days(moves)["fieldwork_starts"] == "2011-06-20"
    assert {clash.appointment for clash in moves.clashes} == {"fieldwork"}, "the invitation to the meeting is withdrawn"
    assert days(supposed(InMemoryInspection(), defer_to="2010-11-10"))["fieldwork_starts"] == "2010-11-24"


def test_from_fieldwork_on_there_is_no_deferral() -> None:
    with pytest.raises(Refused, match="no deferral") as refusal:
        supposed(up_to_fieldwork(InMemoryInspection()), defer_to="2011-01-05")
    assert refusal.value.paragraph == 9


@pytest.mark.parametrize("name", ["notified", "fieldwork", "holiday", "defer_to"])
def test_a_day_outside_the_calendar_is_wrong(name: str) -> None:
    with pytest.raises(BadInput, match="outside"):
        supposed(notified(), **{name: "2031-02-03"})


def test_a_holiday_that_is_one_already_is_wrong() -> None:
    with pytest.raises(BadInput, match="bank holiday already"):
        supposed(notified(), holiday="2011-05-02")


def test_a_deferred_one_is_notified_anew() -> None:
    scenario = notified()
    scenario.do("defer", "m.okafor", reason=WHY)
    assert days(supposed(scenario, notified="2011-06-06"))["set_up_meeting"] == "2011-06-10"
    assert days(supposed(scenario, defer_to="2011-06-06")) == days(supposed(scenario, notified="2011-06-06"))
