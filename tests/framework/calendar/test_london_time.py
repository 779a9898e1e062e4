"""Days and moments in London, around the weekends on which the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from framework.calendar.london_time import at_nine, end_of, london_day, moments_of, say_day, say_moment, start_of

TICK = timedelta(microseconds=1)
SPRING = [date(2010, 3, 28), date(2011, 3, 27), date(2016, 3, 27), date(2027, 3, 28)]
"""The clocks go forward at 01:00: the day has 23 hours."""
AUTUMN = [date(2010, 10, 31), date(2011, 10, 30), date(2016, 10, 30), date(2027, 10, 31)]
"""The clocks go back at 02:00: the day has 25 hours."""


@pytest.mark.parametrize(("day", "hours"), [*((day, 23) for day in SPRING), *((day, 25) for day in AUTUMN)])
def test_the_day_of_a_clock_change_ends_at_its_own_midnight(day: date, hours: int) -> None:
    assert end_of(day) + TICK - start_of(day) == timedelta(hours=hours)
    assert end_of(day) + TICK == start_of(day + timedelta(days=1))


@pytest.mark.parametrize("day", SPRING)
def test_in_spring_a_limit_moves_from_utc_midnight_to_an_hour_before(day: date) -> None:
    eve = day - timedelta(days=1)
    assert end_of(eve) == datetime(eve.year, eve.month, eve.day, 23, 59, 59, 999999, UTC)
    assert end_of(day) == datetime(day.year, day.month, day.day, 22, 59, 59, 999999, UTC)


@pytest.mark.parametrize("day", AUTUMN)
def test_in_autumn_it_moves_back(day: date) -> None:
    eve = day - timedelta(days=1)
    assert end_of(eve) == datetime(eve.year, eve.month, eve.day, 22, 59, 59, 999999, UTC)
    assert end_of(day) == datetime(day.year, day.month, day.day, 23, 59, 59, 999999, UTC)


@pytest.mark.parametrize("day", SPRING + AUTUMN)
def test_nine_in_london_is_another_utc_hour_after_the_change(day: date) -> None:
    eve_hour, hour = (9, 8) if day in SPRING else (8, 9)
    assert (at_nine(day - timedelta(days=1)).hour, at_nine(day).hour) == (eve_hour, hour)
    assert say_moment(at_nine(day)).endswith("09:00")


@pytest.mark.parametrize("day", [day + timedelta(days=near) for day in SPRING + AUTUMN for near in (-1, 0, 1)])
def test_the_first_and_last_instant_of_a_day_belong_to_it_and_their_neighbours_do_not(day: date) -> None:
    assert london_day(start_of(day)) == london_day(at_nine(day)) == london_day(end_of(day)) == day
    assert london_day(start_of(day) - TICK) == day - timedelta(days=1)
    assert london_day(end_of(day) + TICK) == day + timedelta(days=1)


def test_every_day_of_three_years_is_the_day_of_its_own_moments() -> None:
    for number in range(3 * 365):
        day = date(2010, 1, 1) + timedelta(days=number)
        assert london_day(start_of(day)) == london_day(end_of(day)) == day


def test_late_on_a_summer_evening_in_utc_it_is_already_tomorrow_in_london() -> None:
    assert london_day(datetime(2011, 6, 30, 23, 30, tzinfo=UTC)) == date(2011, 7, 1)
    assert london_day(datetime(2011, 1, 31, 23, 30, tzinfo=UTC)) == date(2011, 1, 31)


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="carries no offset"):
        london_day(datetime(2011, 6, 30, 12))  # noqa: DTZ001


def test_a_day_is_written_with_its_weekday() -> None:
    assert say_day(date(2010, 11, 5)) == "Friday 5 November 2010"


@pytest.mark.parametrize("day", SPRING)
def test_the_hour_skipped_in_spring_has_no_moment(day: date) -> None:
    assert moments_of(datetime.fromisoformat(f"{day}T01:30")) == ()
    assert moments_of(datetime.fromisoformat(f"{day}T02:00")) == (start_of(day) + timedelta(hours=1),)


@pytest.mark.parametrize("day", AUTUMN)
def test_the_hour_repeated_in_autumn_has_two_moments(day: date) -> None:
    first, second = moments_of(datetime.fromisoformat(f"{day}T01:30"))
    assert (first - start_of(day), second - first) == (timedelta(hours=1.5), timedelta(hours=1))
