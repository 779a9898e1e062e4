"""A ladder of reminders: on which days before, on and after its due day a limit is asked for, and who has a copy.

Rungs are counted in working days from the due day. Which limit has which ladder is a table of its lifecycle; on which morning
rungs go is in `framework.lifecycle.reminder_plan`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import working_days_after, working_days_before, working_days_between
from framework.vocabulary.roles import Role

EARLIEST = -3
SHORT_TIME = 5
"""Working days: a limit that leaves no more than these has no rung on its earliest day, three days before it."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder."""

    days: int
    """Working days from the due day; negative before it."""
    cc: tuple[Role, ...] = ()
    """Who has a copy."""


Ladder = tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class DueRung:
    """One rung of one limit whose morning has come."""

    limit: str
    due: date
    """The day the limit is due on; of an appointment's note, the day of the appointment."""
    rung: int
    passed_over: tuple[int, ...] = ()
    """Lower rungs whose morning came and went while nothing ran."""

    def data(self) -> dict[str, Any]:
        """Returns it as the data of an event."""
        return {"limit": self.limit, "rung": self.rung, "due": str(self.due), "passed_over": list(self.passed_over)}


def rung_days(
    ladder: Ladder, due: date, armed: date, calendar: Calendar, appointment: date | None = None
) -> tuple[tuple[date, Rung], ...]:
    """Returns the working days on which a limit is asked for, each with its rung, lowest first.

    `armed` is the day after which it is asked for at all. `appointment` is the agreed day of what is an appointment: its
    note goes before that day, and late rungs only after it."""
    days = []
    for rung in ladder:
        if rung.days <= EARLIEST and working_days_between(armed, due, calendar) <= SHORT_TIME:
            continue
        day = _rung_day(appointment if appointment and rung.days < 0 else due, rung, calendar)
        after_appointment = rung.days < 0 or appointment is None or day > appointment
        if day > armed and after_appointment and calendar.is_working_day(day):
            days.append((day, rung))
    return tuple(days)


def _rung_day(due: date, rung: Rung, calendar: Calendar) -> date:
    if rung.days < 0:
        return working_days_before(due, -rung.days, calendar).due
    return working_days_after(due, rung.days, calendar).due if rung.days else due
