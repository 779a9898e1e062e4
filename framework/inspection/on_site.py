"""The days of the team on site: at most ten (para 11), with oral feedback on the last two of them (para 55)."""

from datetime import date, timedelta

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import working_days_before, working_days_between
from framework.inspection.limits import BY_KEY
from framework.inspection.state import Inspection

MOST_DAYS_ON_SITE = BY_KEY["inspection_ends"].count
"""Working days on site without a reason, the first counted (para 11)."""
DAYS_OF_FEEDBACK = 2
"""Of the working days on site, so many at the end are «at the end» for oral feedback; policy, not in the source (para 55)."""


def days_on_site(first: date, last: date, calendar: Calendar) -> int:
    """Returns the number of working days from `first` up to and including `last`."""
    return working_days_between(first - timedelta(days=1), last, calendar)


def first_feedback_day(last: date, calendar: Calendar) -> date:
    """Returns the first day on which oral feedback counts where `last` is the last day on site."""
    return working_days_before(last, DAYS_OF_FEEDBACK - 1, calendar).due


def counts_as_feedback(inspection: Inspection, earliest: date) -> bool:
    """Returns whether oral feedback was given on `earliest` or later, or before it with a reason."""
    return bool(feedback_days(inspection, earliest))


def feedback_days(inspection: Inspection, earliest: date) -> dict[int, date]:
    """Returns event and day of the oral feedback that counts: on `earliest` or later, or before it with a reason."""
    given = {number: day for number, (kind, day) in inspection.log.items() if kind == "oral_feedback_given"}
    return {number: day for number, day in given.items() if day >= earliest or inspection.events[number].reason}
