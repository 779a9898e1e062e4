"""Counts days one by one: working days of a given calendar, and calendar days. The limits that use it are in `limits`.

The day counted from is day 0, on whatever day it falls: from a Saturday, the next working day is day 1.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import at_nine, london_day
from framework.common.errors import BadInput

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was not counted, and why: "Saturday", "Sunday" or the holiday's title."""

    date: datetime.date
    why: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The day on which a count ended, and the days that were not counted on the way, in order."""

    due: date
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """One day of a count: its `number`, or `why` it was skipped."""

    date: datetime.date
    number: int | None
    why: str | None


def working_days_after(anchor: date, count: int, calendar: Calendar) -> Counted:
    """Returns the `count`th working day after `anchor`; `anchor` itself when `count` is 0.

    Raises `BadInput` outside the calendar."""
    return _counted(_moved(anchor, 1), count, calendar, 1) if count else Counted(anchor)


def working_days_counting_first(day: date, count: int, calendar: Calendar) -> Counted:
    """Returns the `count`th working day from `day` on, which is the first if it is one: 10 from a Monday end on a Friday.

    Raises `BadInput` outside the calendar."""
    return _counted(day, count, calendar, 1) if count else Counted(day)


def working_days_before(day: date, count: int, calendar: Calendar) -> Counted:
    """Returns the `count`th working day before `day`, as reminders count; `day` itself when `count` is 0.

    Raises `BadInput` outside the calendar."""
    return _counted(_moved(day, -1), count, calendar, -1) if count else Counted(day)


def calendar_days_after(anchor: date, count: int) -> Counted:
    """Returns the day `count` calendar days after `anchor`: every day counts."""
    return Counted(_moved(anchor, count))


def working_days_between(earlier: date, later: date, calendar: Calendar) -> int:
    """Returns the number of working days after `earlier` up to and including `later`; negative if `later` is earlier.

    Raises `BadInput` outside the calendar."""
    if later < earlier:
        return -working_days_between(later, earlier, calendar)
    days = (later - earlier).days
    return sum(calendar.is_working_day(earlier + timedelta(days=number)) for number in range(1, days + 1))


def next_working_morning(moment: datetime.datetime, calendar: Calendar) -> datetime.datetime:
    """Returns the first 09:00 London of a working day that is not before `moment`, in UTC: when letters go that wait."""
    day = london_day(moment)
    while at_nine(day) < moment or not calendar.is_working_day(day):
        day = _moved(day, 1)
    return at_nine(day)


class WorkingDays:
    """Computes `working_days_between` for many pairs of days, looking up each day once."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._before: dict[int, int] = {}
        """Ordinal of a day -> working days from the first day looked up, up to and including it."""
        self._least = self._most = 0

    def between(self, earlier: date, later: date) -> int:
        """Returns the number of working days after `earlier` up to and including `later`; negative if `later` is earlier."""
        return self._count(later.toordinal()) - self._count(earlier.toordinal())

    def _count(self, day: int) -> int:
        if not self._before:
            self._before, self._least, self._most = {day: 0}, day, day
        while self._most < day:
            self._before[self._most + 1] = self._before[self._most] + self._is_worked(self._most + 1)
            self._most += 1
        while self._least > day:
            self._before[self._least - 1] = self._before[self._least] - self._is_worked(self._least)
            self._least -= 1
        return self._before[day]

    def _is_worked(self, day: int) -> bool:
        return self._calendar.is_working_day(date.fromordinal(day))


def explained(first: date, due: date, calendar: Calendar | None) -> Iterator[ExplainedDay]:
    """Returns every day from `first` to `due`, counted or skipped; without a calendar every day counts."""
    number = 0
    for ordinal in range(first.toordinal(), due.toordinal() + 1):
        day = date.fromordinal(ordinal)
        why = calendar.why_not(day) if calendar else None
        number += why is None
        yield ExplainedDay(day, number if why is None else None, why)


def _counted(day: date, count: int, calendar: Calendar, step: int) -> Counted:
    if count < 0:
        raise ValueError(f"a count of days is 0 or more, not {count}")
    skipped: list[Skipped] = []
    while True:
        why = calendar.why_not(day)
        if why is not None:
            skipped.append(Skipped(day, why))
        elif count == 1:
            return Counted(day, tuple(skipped))
        else:
            count -= 1
        day = _moved(day, step)


def _moved(day: date, days: int) -> date:
    try:
        return day + (_ONE if days == 1 else timedelta(days=days))
    except OverflowError as error:
        raise BadInput(f"counting from {day} leaves the years a calendar has (1 to 9999)") from error
