"""The limits that would move and the appointments that would clash if a day were another one. Nothing is recorded.

The supposition is applied to a copy of the inspection as events, so that the same rules apply."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.calendar.holiday_changes import HolidayChange, changed
from framework.common.errors import Refused
from framework.inspection.appointments import clashes
from framework.inspection.limit_changes import LimitChanges, diff_limits
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.messages.events import Event, system_event

SUPPOSED = "supposed holiday"
_BEFORE_FIELDWORK = (Stage.NOTIFIED, Stage.SET_UP)
_NOT_YET_NOTIFIED = (Stage.PLANNED, Stage.DEFERRED)


@dataclass(frozen=True, slots=True)
class Supposition:
    """The days supposed; None for no supposition."""

    notified: date | None = None
    """Day 0."""
    fieldwork: date | None = None
    """The first day on site, agreed or (once begun) actual."""
    holiday: date | None = None
    """A day that would be a bank holiday."""
    defer_to: date | None = None
    """The day of the (new) notification after a deferral."""


def what_if(inspection: Inspection, calendar: Calendar, suppose: Supposition, moment: datetime) -> LimitChanges:
    """Returns what would change. Raises BadInput for a day outside the calendar or a day that is a holiday already, and
    Refused for a deferral from fieldwork on (para 9)."""
    new = with_holiday(calendar, suppose)
    after = inspection.after(enumerate(_events(inspection, suppose, moment), start=max(inspection.log, default=0) + 1))
    fitting = clashes(inspection, calendar)
    clashing = tuple(clash for clash in clashes(after, new) if clash not in fitting)
    notified = after.date_of("notification") or after.notify_on
    if after.fieldwork and notified and after.fieldwork < notified:
        after.fieldwork = None  # it clashes, and another will be agreed: until then the latest days hold
    return replace(diff_limits(inspection, calendar, after, new), clashes=clashing)


def with_holiday(calendar: Calendar, suppose: Supposition) -> Calendar:
    """Returns the calendar with the supposed holiday. Raises BadInput as `what_if` does."""
    for day in (suppose.notified, suppose.fieldwork, suppose.defer_to):
        if day is not None:
            calendar.why_not(day)  # raises outside the days it holds
    if suppose.holiday is None:
        return calendar
    return changed(calendar, HolidayChange("add", suppose.holiday, SUPPOSED))


def _events(inspection: Inspection, suppose: Supposition, moment: datetime) -> list[Event]:
    events = []
    if suppose.defer_to is not None:
        events += _deferral(inspection, suppose.defer_to, moment)
    if suppose.notified is not None:
        events.append(_notification(inspection, suppose.notified, moment))
    if suppose.fieldwork is not None:
        events.append(_first_day(inspection, suppose.fieldwork, moment))
    return events


def _deferral(inspection: Inspection, day: date, moment: datetime) -> list[Event]:
    if inspection.stage is Stage.PLANNED:
        return [_event("notification_postponed", moment, day, notify=str(day))]
    if inspection.stage is Stage.DEFERRED:
        return [_event("notified_anew", moment, day)]
    if inspection.stage in _BEFORE_FIELDWORK:
        return [_event("deferred", moment, day), _event("notified_anew", moment, day)]
    raise Refused(f"{inspection.id} is at {inspection.stage}: from fieldwork on there is no deferral", 9)


def _notification(inspection: Inspection, day: date, moment: datetime) -> Event:
    if inspection.stage in _NOT_YET_NOTIFIED:
        return _event("notified" if inspection.stage is Stage.PLANNED else "notified_anew", moment, day)
    return _corrected(inspection, "notification", day, moment)


def _first_day(inspection: Inspection, day: date, moment: datetime) -> Event:
    if "fieldwork_started" in inspection.milestones_reached:
        return _corrected(inspection, "fieldwork_started", day, moment)
    return _event("fieldwork_arranged", moment, day, starts=str(day))


def _corrected(inspection: Inspection, what: str, day: date, moment: datetime) -> Event:
    milestone = inspection.milestones_reached.get(what)
    if milestone is None:
        raise Refused(f"{inspection.id} was cancelled before its {what.replace('_', ' ')}")
    return _event("corrected", moment, day, event=milestone.number, on=str(day))


def _event(kind: str, moment: datetime, day: date, **data: Any) -> Event:
    return replace(system_event(kind, moment, data, cause="supposed"), on=day)
