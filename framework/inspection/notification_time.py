"""The moment of the notification that an order asks for, and the times that must be confirmed (para 8)."""

from datetime import date, datetime, time, timedelta

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import LONDON, at_nine, london_day

SOON = timedelta(hours=1)
"""A notification this soon leaves no time to withdraw the order. Policy, not in the source."""
OFFICE_OPENS, OFFICE_CLOSES = time(8), time(18)
"""Office hours on working days, London time. Policy, not in the source."""


def notified_at(notify: date | None, now: datetime) -> datetime:
    """Returns the moment of a notification ordered for the day `notify` (None: at once): 09:00 London on it, never in the past."""
    return now if notify is None else max(at_nine(notify), now)


def needs_confirmation(notify: date, now: datetime, calendar: Calendar) -> str | None:
    """Returns why a notification ordered at `now` for the day `notify` must be confirmed; None if it need not be."""
    moment = notified_at(notify, now)
    if why := calendar.why_not(london_day(moment)):
        return f"the authority would be notified on {london_day(moment)}, which is not a working day ({why})"
    local = moment.astimezone(LONDON).time()
    if not OFFICE_OPENS <= local < OFFICE_CLOSES:
        return f"the authority would be notified at {local:%H:%M}, outside office hours"
    if moment - now <= SOON:
        return "the authority would be notified within the hour"
    return None
