"""The ladder of reminders: before, on and after each limit, to whom, and copied to whom.

Rungs are working days from the due day. They go at 09:00 London time. Policy, not in the source."""

from dataclasses import dataclass
from datetime import date

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import working_days_after, working_days_before
from framework.lifecycle.limits import LimitRule
from framework.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder."""

    days: int
    """Working days from the due day; negative before it."""
    cc: tuple[Role, ...] = ()
    """Who else hears of it, beside the person who owes it."""
    to_manager: bool = False
    """True where it has risen to the manager, and the person who owes it has a copy."""


LADDER: tuple[Rung, ...] = (
    Rung(-3),
    Rung(-1),
    Rung(0),
    Rung(+1, cc=(Role.COORDINATOR,)),
    Rung(+3, cc=(Role.COORDINATOR,), to_manager=True),
)
REMINDED_ONCE: tuple[Rung, ...] = (Rung(+1, cc=(Role.COORDINATOR,)),)
BEFORE_AND_ON: tuple[Rung, ...] = LADDER[:3]

LADDERS: dict[str, tuple[Rung, ...]] = {
    "factual_comments": BEFORE_AND_ON,  # at the end of its day the comments lapse: nothing is left to chase
    "evaluation": REMINDED_ONCE,  # Q3: chased once
}
"""Limits whose ladder is not the ordinary one."""


REMINDED_AFTER: dict[str, str] = {
    "inspection_ends": "fieldwork_starts",
    "oral_feedback": "fieldwork_starts",
    "draft_report": "inspection_ends",
    "factual_comments": "draft_report",
    "final_report": "inspection_ends",
    "publication": "inspection_ends",
    "evaluation": "publication",
    "deferral_answer": "deferral_requested",
}
"""Limit -> the limit, or the event, from which on it is chased, where that is not the notification."""


def reminded_after(key: str) -> str:
    """Returns the limit that, once met, starts the reminders of this one, or the event that does."""
    return REMINDED_AFTER.get(key, "notification")


def ladder(rule: LimitRule) -> tuple[Rung, ...]:
    """The rungs of a limit; none where nobody owes anything (notification, the complaint window)."""
    return () if rule.owner is None else LADDERS.get(rule.key, LADDER)


def rung_day(due: date, rung: Rung, calendar: Calendar) -> date:
    """The day a rung falls on."""
    if rung.days < 0:
        return working_days_before(due, -rung.days, calendar).due
    return working_days_after(due, rung.days, calendar).due if rung.days else due


def recipients(rule: LimitRule, rung: Rung) -> tuple[tuple[Role, ...], tuple[Role, ...]]:
    """To and copies of a rung's letter."""
    assert rule.owner is not None, "a limit nobody owes has no ladder"
    owner = rule.owner
    if rung.to_manager:
        return (Role.MANAGER,), tuple(role for role in dict.fromkeys((owner, *rung.cc)) if role is not Role.MANAGER)
    return (owner,), tuple(role for role in rung.cc if role is not owner)
