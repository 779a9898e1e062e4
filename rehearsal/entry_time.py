"""Computes the moment of an entry of a script from the state of the inspection."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import LONDON
from framework.calendar.working_days import working_days_after, working_days_before
from framework.common.errors import BadInput
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import limit_statuses
from rehearsal.script import Entry
from rehearsal.value_types import USUAL_HOUR, at_london


@dataclass(frozen=True, slots=True)
class Known:
    """The state that a day may be counted from."""

    inspection: Inspection
    calendar: Calendar


def moment_of(entry: Entry, known: Known, now: datetime) -> datetime:
    """Returns the moment of an entry; `now` if it names none. Raises `BadInput` if it has no date yet, or is over."""
    if entry.at is not None:
        return _not_before(entry.at, now)
    day = _anchor(entry, known)
    if day is None:
        return now
    try:
        moment = at_london(_counted(day, entry, known.calendar), entry.time or USUAL_HOUR)
    except ValueError as error:
        raise BadInput(str(error)) from None
    return _not_before(moment, now)


def _anchor(entry: Entry, known: Known) -> date | None:
    if entry.due is not None:
        due_days = {status.rule.key: status.due for status in limit_statuses(known.inspection, known.calendar)}
        if entry.due not in due_days:
            raise BadInput(f"due: {entry.due} cannot be dated yet: nothing it is counted from is known")
        return due_days[entry.due]
    if entry.after is None:
        return None
    day = known.inspection.date_of(entry.after)
    if day is None:
        raise BadInput(f"after: {entry.after} has not happened yet")
    return day


def _counted(day: date, entry: Entry, calendar: Calendar) -> date:
    if entry.working_days < 0:
        return working_days_before(day, -entry.working_days, calendar).due
    return working_days_after(day, entry.working_days, calendar).due + timedelta(days=entry.days)


def _not_before(moment: datetime, now: datetime) -> datetime:
    """Returns the moment, or `now` if it passed a few minutes ago; raises `BadInput` if it is over."""
    if moment >= now:
        return moment
    if now - moment < timedelta(minutes=10):  # the entry before took some real time
        return now
    here = now.astimezone(LONDON)
    raise BadInput(f"{moment:%Y-%m-%d %H:%M} is over: it is {here:%Y-%m-%d %H:%M} by then")
