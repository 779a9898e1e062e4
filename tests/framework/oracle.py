"""A second opinion on days: working days as a plain sorted list from the `holidays` library, limits as positions in it.

Shares no code with the product, so that the two can only agree by both being right.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import holidays

FIRST, LAST = date(2009, 1, 1), date(2028, 12, 31)


def every_day() -> Iterator[date]:
    """Each day of 2009 to 2028."""
    return (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))


@cache
def bank_holidays() -> frozenset[date]:
    """The bank holidays of England, with room after 2028 for what ends later."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=range(2008, 2031), observed=True))


@cache
def working_days() -> list[date]:
    """Every working day, in order."""
    every = (date(2008, 1, 1) + timedelta(days=number) for number in range(23 * 365))
    return [day for day in every if day.isoweekday() <= 5 and day not in bank_holidays()]


def after(day: date, count: int) -> date:
    """The `count`th working day later than `day`."""
    return working_days()[bisect_right(working_days(), day) + count - 1] if count else day


def before(day: date, count: int) -> date:
    """The `count`th working day earlier than `day`."""
    return working_days()[bisect_left(working_days(), day) - count]


def on_site(first: date, count: int) -> date:
    """The last of `count` working days, `first` or the next working day being one of them."""
    return working_days()[bisect_left(working_days(), first) + count - 1]


def not_worked(later_than: date, up_to: date) -> list[date]:
    """The days between that are no working days."""
    between = (later_than + timedelta(days=number) for number in range(1, (up_to - later_than).days + 1))
    return [day for day in between if day.isoweekday() > 5 or day in bank_holidays()]


def limits(known: dict[str, date]) -> dict[str, date]:
    """The ten milestones, worked out by hand."""
    notified = known["notification"]
    fieldwork = known.get("fieldwork_starts")
    latest = after(notified, 10)
    start = fieldwork or latest
    ends = on_site(start, 10)
    ended = known.get("inspection_ends", ends)
    draft = after(ended, 10)
    publication = after(ended, 25)
    return {
        "notification": notified,
        "set_up_meeting": min(after(notified, 4), start),
        "fieldwork_starts": latest,
        "case_audits": start,
        "inspection_ends": ends,
        "draft_report": draft,
        "factual_comments": after(known.get("draft_report", draft), 5),
        "final_report": after(ended, 20),
        "publication": publication,
        "complaints_close": known.get("publication", publication) + timedelta(days=30),
    }
