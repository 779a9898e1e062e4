"""Working days counted one by one, to hold the calendar's own counting against."""

from datetime import date, timedelta

from framework.calendar.bank_holidays import Calendar


def working_days(first: date | None, last: date, calendar: Calendar) -> int:
    """Working days after `first` up to and with `last`, one by one."""
    assert first
    days = [first + timedelta(days=number) for number in range(1, (last - first).days + 1)]
    return sum(day.weekday() < 5 and day not in calendar.holidays for day in days)


def working_day_after(day: date, count: int, calendar: Calendar) -> date:
    """The `count`th working day after a day, one by one."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in calendar.holidays
    return day
