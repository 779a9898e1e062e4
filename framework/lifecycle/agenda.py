"""What comes next of itself in an inspection: reminders and automatic steps, soonest first.

Asked again after every command and every due item, so a limit that moved or was met is simply not there any more."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import at_nine, start_of
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.ladders import DueRung
from framework.lifecycle.limit_status import LimitStatus, limit_statuses
from framework.lifecycle.reminder_plan import next_reminders

REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that happens of itself at a moment."""

    at: datetime
    what: str
    """REMINDER, or the name of the automatic step."""
    rungs: tuple[DueRung, ...] = ()
    """What the reminders of that morning carry."""

    def words(self) -> str:
        """Returns it in words, for the engine's screens and the board."""
        if self.what != REMINDER:
            return self.what.replace("_", " ")
        limits = dict.fromkeys(rung.limit.replace("_", " ") for rung in self.rungs)
        return f"{REMINDER}: {', '.join(limits)}"


def next_due(inspection: Inspection, calendar: Calendar, now: datetime) -> Due | None:
    """Returns the next thing due: one whose moment has passed comes at once. None when only people can move it on."""
    limits = limit_statuses(inspection, calendar)
    found = _automatic(inspection, limits, now)
    if reminders := next_reminders(inspection, limits, calendar, now):
        found.append(Due(reminders.at, REMINDER, reminders.rungs))
    return min(found, key=lambda due: (due.at, due.what), default=None)


def _automatic(inspection: Inspection, limits: tuple[LimitStatus, ...], now: datetime) -> list[Due]:
    found = [_notification(inspection, now)] if _waits_for_notification(inspection) else []
    for standing in limits:
        if standing.rule.key == "factual_comments" and inspection.stage is Stage.FACTUAL_CHECK:
            found.append(Due(_after(standing.due), "lapse_comments"))
        if standing.rule.key == "complaints_close" and _window_open(inspection):
            found.append(Due(_after(standing.due), "close_window"))
    return [due for due in found if due.what not in inspection.blocked_steps]


def _waits_for_notification(inspection: Inspection) -> bool:
    by_a_person = inspection.by_hand or inspection.unserved is not None
    return inspection.stage is Stage.PLANNED and not inspection.notification_pending and not by_a_person


def _notification(inspection: Inspection, now: datetime) -> Due:
    return Due(at_nine(inspection.notify_on) if inspection.notify_on else now, "notify")


def _window_open(inspection: Inspection) -> bool:
    served = "cancellation_served" in inspection.milestones_reached
    return inspection.stage is Stage.PUBLISHED or (inspection.stage is Stage.CANCELLED and served)


def _after(day: date) -> datetime:
    return start_of(day + timedelta(days=1))
