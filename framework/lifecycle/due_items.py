"""The next reminder or automatic step of an inspection.

Derived anew after every command and every due item, so that a limit that moved or was met is no longer on it."""

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
    """A reminder or an automatic step, and the moment it is due."""

    at: datetime
    what: str
    """REMINDER, or the name of the automatic step."""
    rungs: tuple[DueRung, ...] = ()
    """The rungs that the reminders of that morning are for."""

    def words(self) -> str:
        """Returns its name in words, for the engine's screens and the board."""
        if self.what != REMINDER:
            return self.what.replace("_", " ")
        limits = dict.fromkeys(rung.limit.replace("_", " ") for rung in self.rungs)
        return f"{REMINDER}: {', '.join(limits)}"


def next_due(inspection: Inspection, calendar: Calendar, now: datetime) -> Due | None:
    """Returns the next item that is due; one whose moment has passed is due at once. None if only a person can act next."""
    limits = limit_statuses(inspection, calendar)
    items = _automatic(inspection, limits, now)
    if reminders := next_reminders(inspection, limits, calendar, now):
        items.append(Due(reminders.at, REMINDER, reminders.rungs))
    return min(items, key=lambda due: (due.at, due.what), default=None)


def _automatic(inspection: Inspection, limits: tuple[LimitStatus, ...], now: datetime) -> list[Due]:
    items = [_notification(inspection, now)] if _waits_for_notification(inspection) else []
    for limit in limits:
        if limit.rule.key == "factual_comments" and inspection.stage is Stage.FACTUAL_CHECK:
            items.append(Due(_after(limit.due), "lapse_comments"))
        if limit.rule.key == "complaints_close" and _window_open(inspection):
            items.append(Due(_after(limit.due), "close_window"))
    return [due for due in items if due.what not in inspection.blocked_steps]


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
