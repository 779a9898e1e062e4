"""The ladder of reminders: on which days before, on and after its due day a limit is asked for, and who has a copy.

Rungs are counted in working days from the due day. Policy, not in the source. Whom a limit is asked of and whether it can be
done stands in `framework.inspection.duties`; on which morning rungs go, in `framework.lifecycle.reminder_plan`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import working_days_after, working_days_before, working_days_between
from framework.lifecycle.limits import LimitRule
from framework.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder."""

    days: int
    """Working days from the due day; negative before it."""
    cc: tuple[Role, ...] = ()
    """Who has a copy."""


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


COORDINATOR, MANAGER = Role.COORDINATOR, Role.MANAGER

LADDER: tuple[Rung, ...] = (
    Rung(-3),
    Rung(-1),
    Rung(0),
    Rung(+1, cc=(COORDINATOR,)),
    Rung(+3, cc=(COORDINATOR, MANAGER)),
    Rung(+5, cc=(COORDINATOR, MANAGER)),
)
BEFORE_AND_ON: tuple[Rung, ...] = LADDER[:3]
NOTE_AND_AFTER: tuple[Rung, ...] = (LADDER[1], *LADDER[3:])
"""An appointment: one note on the working day before it, and the late rungs of any limit."""
ONCE: tuple[Rung, ...] = (Rung(+1, cc=(COORDINATOR,)),)

LADDERS: Mapping[str, tuple[Rung, ...]] = {
    "set_up_meeting": NOTE_AND_AFTER,
    "fieldwork_starts": NOTE_AND_AFTER,
    "factual_comments": BEFORE_AND_ON,  # at the end of its day the comments lapse: nothing is left to ask for
    "evaluation": ONCE,  # Q3: asked for once more
}
"""Limits whose ladder is not the ordinary one."""

SHORT_TIME = 5
"""Working days: a limit that leaves no more than these has no rung three days before it."""

REMINDED_AFTER: Mapping[str, str] = {
    "inspection_ends": "fieldwork_starts",
    "oral_feedback": "fieldwork_starts",
    "draft_report": "inspection_ends",
    "factual_comments": "draft_report",
    "final_report": "inspection_ends",
    "publication": "inspection_ends",
    "evaluation": "publication",
    "deferral_answer": "deferral_requested",
}
"""Limit -> the limit, or the event, after which it is reminded of, if that is not the notification."""


def reminded_after(key: str) -> str:
    """Returns the limit after whose being met this one is asked for, or the event: the notification, unless the table names another."""
    return REMINDED_AFTER.get(key, "notification")


def ladder(rule: LimitRule) -> tuple[Rung, ...]:
    """Returns the rungs of a limit; none where it is owed by no role (notification, the complaint window)."""
    return () if rule.owner is None else LADDERS.get(rule.key, LADDER)


def rung_days(
    rule: LimitRule, due: date, armed: date, calendar: Calendar, appointment: date | None = None
) -> tuple[tuple[date, Rung], ...]:
    """Returns the working days on which a limit is asked for, each with its rung, lowest first.

    `armed` is the day after which it is asked for at all. `appointment` is the agreed day of what is an appointment: its
    note goes before that day, and late rungs only after it."""
    days = []
    for rung in ladder(rule):
        if rung.days <= -3 and working_days_between(armed, due, calendar) <= SHORT_TIME:
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
