"""The next reminder or automatic step of a matter.

Derived anew after every command and every due item, so that a limit that moved or was met is no longer on it."""

from dataclasses import dataclass
from datetime import datetime

from framework.calendar.bank_holidays import Calendar
from framework.lifecycle.ladders import DueRung
from framework.lifecycle.limit_status import limit_statuses
from framework.lifecycle.matter import Matter
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


def next_due(matter: Matter, calendar: Calendar, now: datetime) -> Due | None:
    """Returns the next item that is due; one whose moment has passed is due at once. None if only a person can act next."""
    limits = limit_statuses(matter, calendar)
    automatic = matter.lifecycle.automatic_items(matter, limits, now)
    items = [due for due in automatic if due.what not in matter.blocked_steps]
    if reminders := next_reminders(matter, limits, calendar, now):
        items.append(Due(reminders.at, REMINDER, reminders.rungs))
    return min(items, key=lambda due: (due.at, due.what), default=None)
