"""What comes next of itself in an inspection: reminders and automatic steps, soonest first.

Asked again after every command and every due thing, so a limit that moved or was met is simply not there any more."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import at_nine, start_of
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.ladders import Rung, ladder, reminded_after, rung_day
from framework.lifecycle.limit_status import ANCHORS, LimitStatus, limit_statuses
from framework.lifecycle.limits import LimitRule

OVERDUE_AFTER: dict[str, str] = {"case_audits": "fieldwork_started"}
"""Limit -> the event it is counted from that is only agreed until it happens: nobody is told before that they are late."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something that happens of itself at a moment."""

    at: datetime
    what: str
    """"reminder", or the name of the automatic step."""
    limit: str = ""
    due: date | None = None
    rung: int = 0
    passed_over: tuple[int, ...] = ()
    """Lower rungs that came and went while nothing ran."""

    def words(self) -> str:
        """For the engine's screens and the board."""
        if self.what != "reminder":
            return self.what.replace("_", " ")
        return f"reminder: {self.limit.replace('_', ' ')}"


def next_due(inspection: Inspection, calendar: Calendar, now: datetime) -> Due | None:
    """The next thing due: one whose moment has passed comes at once. None when only people can move it on."""
    limits = limit_statuses(inspection, calendar)
    found = [*_automatic(inspection, limits, now), *_reminders(inspection, limits, calendar, now)]
    return min(found, key=lambda due: (due.at, due.what, due.limit), default=None)


def _automatic(inspection: Inspection, limits: tuple[LimitStatus, ...], now: datetime) -> list[Due]:
    found = [_notification(inspection, now)] if _waits_for_notification(inspection) else []
    for standing in limits:
        if standing.rule.key == "factual_comments" and inspection.stage is Stage.FACTUAL_CHECK:
            found.append(Due(_after(standing.due), "lapse_comments"))
        if standing.rule.key == "complaints_close" and _window_open(inspection):
            found.append(Due(_after(standing.due), "close_window"))
    return [due for due in found if due.what not in inspection.blocked_steps]


def _waits_for_notification(inspection: Inspection) -> bool:
    return inspection.stage is Stage.PLANNED and not inspection.notification_pending and not inspection.by_hand


def _notification(inspection: Inspection, now: datetime) -> Due:
    return Due(at_nine(inspection.notify_on) if inspection.notify_on else now, "notify")


def _window_open(inspection: Inspection) -> bool:
    served = "cancellation_served" in inspection.milestones_reached
    return inspection.stage is Stage.PUBLISHED or (inspection.stage is Stage.CANCELLED and served)


def _after(day: date) -> datetime:
    return start_of(day + timedelta(days=1))


def _reminders(inspection: Inspection, limits: tuple[LimitStatus, ...], calendar: Calendar, now: datetime) -> list[Due]:
    found = []
    for standing in limits:
        armed = inspection.date_of(ANCHORS[reminded_after(standing.rule.key)])
        if standing.state != "open" or armed is None:
            continue
        due = _rung_of(inspection, standing, calendar, armed, now)
        if due is not None:
            found.append(due)
    return found


def _rungs(inspection: Inspection, rule: LimitRule) -> tuple[Rung, ...]:
    """The ladder as far as it may be climbed now: one that moves with a late start is not climbed twice beyond its day."""
    waits_for = OVERDUE_AFTER.get(rule.key)
    to_come = waits_for is not None and waits_for not in inspection.milestones_reached
    return tuple(rung for rung in ladder(rule) if rung.days <= 0 or not to_come)


def _rung_of(
    inspection: Inspection, standing: LimitStatus, calendar: Calendar, armed: date, now: datetime
) -> Due | None:
    """The highest rung whose moment has come, with those below it passed over; otherwise the next one to come."""
    key, due = standing.rule.key, standing.due
    days = [(rung_day(due, rung, calendar), rung.days) for rung in _rungs(inspection, standing.rule)]
    gone = [days_ for limit, day, days_ in inspection.sent_reminders if (limit, day) == (key, due)]
    least = max(gone, default=-99)
    open_rungs = [(day, number) for day, number in days if day > armed and number > least]
    past = [number for day, number in open_rungs if at_nine(day) <= now]
    if past:
        moment = max(at_nine(day) for day, number in open_rungs if number in past)
        return Due(moment, "reminder", key, due, past[-1], tuple(past[:-1]))
    return Due(at_nine(open_rungs[0][0]), "reminder", key, due, open_rungs[0][1]) if open_rungs else None
