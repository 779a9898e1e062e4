"""When a dated notification goes of itself, and when only with a confirmation (B1). 3 November 2010 is a Wednesday."""

from datetime import UTC, date, datetime

import pytest

from framework.calendar.bank_holidays import england
from framework.inspection.notification_time import needs_confirmation, notified_at

DAY = date(2010, 11, 3)


@pytest.mark.parametrize(
    ("notify", "now", "why"),
    [
        ("2010-11-03", "2010-11-01T10:00", None),
        ("2010-11-03", "2010-11-03T07:59", None),
        ("2010-11-03", "2010-11-03T08:00", "within the hour"),
        ("2010-11-03", "2010-11-03T08:30", "within the hour"),
        ("2010-11-03", "2010-11-03T11:00", "within the hour"),
        ("2010-11-03", "2010-11-03T17:59", "within the hour"),
        ("2010-11-03", "2010-11-03T18:00", "at 18:00, outside office hours"),
        ("2010-11-05", "2010-11-05T22:16", "at 22:16, outside office hours"),
        ("2010-11-06", "2010-11-01T10:00", "2010-11-06, which is not a working day (Saturday)"),
        ("2010-12-27", "2010-11-01T10:00", "2010-12-27, which is not a working day (Christmas"),
        ("2010-11-06", "2010-11-06T22:16", "not a working day"),
    ],
)
def test_a_dated_notification_is_confirmed_at_times_outside_office_hours(
    notify: str, now: str, why: str | None
) -> None:
    reason = needs_confirmation(date.fromisoformat(notify), datetime.fromisoformat(f"{now}+00:00"), england())
    assert (reason is None) if why is None else (reason is not None and why in reason)


def test_hours_are_those_of_london() -> None:
    in_summer = datetime(2010, 7, 1, 17, 30, tzinfo=UTC)  # 18:30 in London
    reason = needs_confirmation(date(2010, 7, 1), in_summer, england())
    assert reason is not None
    assert "at 18:30" in reason


def test_the_moment_is_nine_o_clock_of_the_day_or_now_where_that_is_over() -> None:
    early, late = datetime(2010, 11, 1, 10, tzinfo=UTC), datetime(2010, 11, 3, 15, tzinfo=UTC)
    assert notified_at(DAY, early) == datetime(2010, 11, 3, 9, tzinfo=UTC)
    assert notified_at(DAY, late) == late
    assert notified_at(None, early) == early
