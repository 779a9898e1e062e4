"""Counting days: against a second opinion for every start day, and the mistakes others have made."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import dates, lists, tuples

from framework.calendar.bank_holidays import Calendar, england
from framework.calendar.working_days import (
    ExplainedDay,
    Skipped,
    WorkingDays,
    calendar_days_after,
    explained,
    next_working_morning,
    working_days_after,
    working_days_before,
    working_days_between,
    working_days_counting_first,
)
from framework.common.errors import BadInput
from tests.framework import oracle

COUNTS = (1, 2, 4, 5, 10, 20, 25)
FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2010, 11, day) for day in (5, 6, 7, 8))


@pytest.mark.parametrize("count", COUNTS)
def test_working_days_after_every_day_of_twenty_years(count: int) -> None:
    calendar = england()
    wrong = [
        day for day in oracle.every_day() if working_days_after(day, count, calendar).due != oracle.after(day, count)
    ]
    assert wrong == []


def test_skipped_days_after_every_day_of_twenty_years() -> None:
    calendar = england()
    for day in oracle.every_day():
        counted = working_days_after(day, 10, calendar)
        assert [skipped.date for skipped in counted.skipped] == oracle.not_worked(day, counted.due)
        assert all(skipped.why == calendar.why_not(skipped.date) for skipped in counted.skipped)


def test_ten_on_site_from_every_day_of_twenty_years() -> None:
    calendar = england()
    for day in oracle.every_day():
        counted = working_days_counting_first(day, 10, calendar)
        assert counted.due == oracle.on_site(day, 10)
        assert [skipped.date for skipped in counted.skipped] == oracle.not_worked(day - timedelta(days=1), counted.due)


@pytest.mark.parametrize("count", [1, 3])
def test_working_days_before_every_day_of_twenty_years(count: int) -> None:
    calendar = england()
    days = list(oracle.every_day())[10:]
    assert [day for day in days if working_days_before(day, count, calendar).due != oracle.before(day, count)] == []


def test_working_days_between_undoes_every_count_of_twenty_years() -> None:
    calendar = england()
    for day in oracle.every_day():
        due = oracle.after(day, 6)
        assert working_days_between(day, due, calendar) == 6
        assert working_days_between(due, day, calendar) == -6


@pytest.mark.parametrize("anchor", [FRIDAY, SATURDAY, SUNDAY])
def test_from_friday_or_the_weekend_monday_is_day_one(anchor: date) -> None:
    assert working_days_after(anchor, 1, england()).due == MONDAY


def test_from_a_holiday_the_next_working_day_is_day_one() -> None:
    good_friday = date(2011, 4, 22)
    assert working_days_after(good_friday, 1, england()).due == date(2011, 4, 26)


def test_counting_the_first_day_from_a_weekend_begins_on_monday() -> None:
    assert working_days_counting_first(SATURDAY, 1, england()).due == MONDAY
    assert working_days_counting_first(MONDAY, 1, england()).due == MONDAY
    assert working_days_counting_first(MONDAY, 5, england()).due == date(2010, 11, 12)


def test_a_count_of_none_stays_where_it_is_even_on_a_sunday() -> None:
    for count in (working_days_after, working_days_before, working_days_counting_first):
        assert count(SUNDAY, 0, england()).due == SUNDAY
        assert count(SUNDAY, 0, england()).skipped == ()


def test_a_count_below_none_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="0 or more, not -1"):
        working_days_after(MONDAY, -1, england())


def test_the_days_a_count_adds_are_looked_at_too() -> None:
    """Two systems counted the holidays in the range, added as many days, and never looked at those."""
    assert working_days_after(date(2010, 12, 17), 10, england()).due == date(2011, 1, 5)
    assert working_days_after(date(2011, 4, 14), 10, england()).due == date(2011, 5, 4)


def test_a_proclaimed_holiday_moves_the_count_by_a_day() -> None:
    without = {day: title for day, title in england().holidays.items() if title != "Royal wedding"}
    assert working_days_after(date(2011, 4, 14), 10, Calendar("before", without)).due == date(2011, 5, 3)


def test_skipped_days_stand_in_the_order_they_were_met() -> None:
    assert working_days_after(date(2010, 12, 23), 2, england()).skipped == (
        Skipped(date(2010, 12, 25), "Saturday"),
        Skipped(date(2010, 12, 26), "Sunday"),
        Skipped(date(2010, 12, 27), "Christmas Day"),
        Skipped(date(2010, 12, 28), "Boxing Day"),
    )


def test_calendar_days_count_weekends_and_holidays() -> None:
    assert calendar_days_after(date(2011, 11, 18), 30).due == date(2011, 12, 18)
    assert calendar_days_after(date(2012, 2, 1), 30).due == date(2012, 3, 2)
    assert calendar_days_after(date(2011, 11, 18), 30).skipped == ()


def test_no_working_days_lie_between_a_day_and_itself_or_in_a_weekend() -> None:
    assert working_days_between(MONDAY, MONDAY, england()) == 0
    assert working_days_between(FRIDAY, SUNDAY, england()) == 0
    assert working_days_between(SUNDAY, MONDAY, england()) == 1


def test_every_day_of_a_count_is_explained() -> None:
    assert list(explained(FRIDAY, MONDAY, england())) == [
        ExplainedDay(FRIDAY, 1, None),
        ExplainedDay(SATURDAY, None, "Saturday"),
        ExplainedDay(SUNDAY, None, "Sunday"),
        ExplainedDay(MONDAY, 2, None),
    ]
    assert [day.number for day in explained(FRIDAY, MONDAY, None)] == [1, 2, 3, 4]


def test_an_explained_count_ends_on_its_number() -> None:
    for day in list(oracle.every_day())[::7]:
        due = working_days_after(day, 10, england()).due
        assert list(explained(day + timedelta(days=1), due, england()))[-1].number == 10


def test_a_count_that_leaves_the_calendar_is_bad_input() -> None:
    with pytest.raises(BadInput, match="2031-01-01 is outside"):
        working_days_after(date(2030, 12, 30), 2, england())
    with pytest.raises(BadInput, match="2008-12-31 is outside"):
        working_days_before(date(2009, 1, 2), 1, england())


def test_a_count_past_the_last_year_there_is_is_bad_input() -> None:
    endless = Calendar("endless", {})
    with pytest.raises(BadInput, match="leaves the years"):
        working_days_after(date.max, 1, endless)
    with pytest.raises(BadInput, match="leaves the years"):
        working_days_before(date.min, 1, endless)
    with pytest.raises(BadInput, match="leaves the years"):
        calendar_days_after(date.max, 30)


@given(lists(tuples(dates(date(2009, 1, 1), date(2012, 12, 31)), dates(date(2009, 1, 1), date(2012, 12, 31)))))
def test_many_pairs_of_days_are_counted_as_each_is(pairs: list[tuple[date, date]]) -> None:
    many = WorkingDays(england())
    assert [many.between(*pair) for pair in pairs] == [working_days_between(*pair, england()) for pair in pairs]


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        ("2010-11-05T00:00+00:00", "2010-11-05T09:00+00:00"),
        ("2010-11-05T09:00+00:00", "2010-11-05T09:00+00:00"),
        ("2010-11-05T09:00:01+00:00", "2010-11-08T09:00+00:00"),  # from Friday morning over the weekend
        ("2010-12-24T12:00+00:00", "2010-12-29T09:00+00:00"),  # over Christmas
        ("2011-03-25T23:00+00:00", "2011-03-28T08:00+00:00"),  # the clocks go forward on the Sunday
        ("2011-03-27T23:30+00:00", "2011-03-28T08:00+00:00"),  # already Monday in London
    ],
)
def test_the_next_working_morning_is_the_first_nine_o_clock_in_london_on_a_working_day(
    moment: str, morning: str
) -> None:
    assert next_working_morning(datetime.fromisoformat(moment), england()) == datetime.fromisoformat(morning)
