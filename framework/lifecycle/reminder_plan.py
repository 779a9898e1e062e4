"""The next morning on which reminders are sent, and the rungs of the limits they are for.

Reminders are sent at 09:00 London of a working day and at no other time: what falls due in between waits for the next
morning, so that one letter holds all of it. Those of a morning that a worker missed, because it did not run or took a command
first, are sent as soon as one runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import at_nine, london_day
from framework.calendar.working_days import next_working_morning, working_days_after
from framework.lifecycle.duties import Duty, open_duty
from framework.lifecycle.ladders import DueRung, rung_days
from framework.lifecycle.limit_status import LimitStatus, limit_statuses
from framework.lifecycle.matter import Matter


@dataclass(frozen=True, slots=True)
class PlannedReminders:
    """The next morning on which reminders are sent, with every rung sent then."""

    at: datetime
    rungs: tuple[DueRung, ...]


@dataclass(frozen=True, slots=True)
class _OpenLadder:
    """The rungs of a limit's ladder that are still to come: (morning's day, rung, the day it counts from)."""

    limit: str
    rungs: tuple[tuple[date, int, date], ...]


def next_reminders(
    matter: Matter, limits: tuple[LimitStatus, ...], calendar: Calendar, now: datetime
) -> PlannedReminders | None:
    """Returns the next morning with reminders; None where no limit that can be met now has a rung left."""
    today = at_nine(london_day(now))
    if today <= now and (rungs := _not_sent_today(matter, limits, calendar, today)):
        return PlannedReminders(today, rungs)
    morning = next_working_morning(now if today > now else now + timedelta(microseconds=1), calendar)
    ladders = _open_ladders(matter, limits, calendar, morning)
    first = min((day for ladder in ladders for day, _, _ in ladder.rungs), default=None)
    if first is None:
        return None
    at = max(morning, at_nine(first))
    return PlannedReminders(at, tuple(rung for ladder in ladders for rung in _highest(ladder, at)))


def _not_sent_today(
    matter: Matter, limits: tuple[LimitStatus, ...], calendar: Calendar, today: datetime
) -> tuple[DueRung, ...]:
    """Returns the rungs that were due at 09:00 `today`, are due still, and were not sent."""
    if not calendar.is_working_day(london_day(today)):
        return ()
    rungs = _due_rungs(matter, limits, calendar, today)
    if not rungs or not matter.changed_since(today):
        return rungs
    if not matter.is_exact_before(today):
        return ()
    # What became due after nine, by a step or a correction of today, waits for the next morning.
    at_nine_today = matter.before(today)
    due_then = _due_rungs(at_nine_today, limit_statuses(at_nine_today, calendar), calendar, today)
    known = {(rung.limit, rung.due, rung.rung) for rung in due_then}
    return tuple(rung for rung in rungs if (rung.limit, rung.due, rung.rung) in known)


def _due_rungs(
    matter: Matter, limits: tuple[LimitStatus, ...], calendar: Calendar, morning: datetime
) -> tuple[DueRung, ...]:
    """Returns the highest rung of each limit that has come by this morning."""
    ladders = _open_ladders(matter, limits, calendar, morning)
    return tuple(rung for ladder in ladders for rung in _highest(ladder, morning))


def _open_ladders(
    matter: Matter, limits: tuple[LimitStatus, ...], calendar: Calendar, morning: datetime
) -> list[_OpenLadder]:
    today = london_day(morning)
    return [ladder for limit in limits if (ladder := _open_ladder(matter, limit, calendar, today))]


def armed_on(matter: Matter, limit: LimitStatus) -> date | None:
    """Returns the day after which a limit is asked for; None while that has not come."""
    return matter.date_of(matter.lifecycle.arming_event(limit.rule.key))


def _open_ladder(matter: Matter, limit: LimitStatus, calendar: Calendar, today: date) -> _OpenLadder | None:
    armed = armed_on(matter, limit)
    if limit.state != "open" or armed is None:
        return None
    duty = open_duty(matter, limit.rule, today, calendar)
    rungs = tuple(_rungs(matter, limit, duty, armed, calendar, today)) if duty else ()
    return _OpenLadder(limit.rule.key, rungs) if rungs else None


def _rungs(
    matter: Matter, limit: LimitStatus, duty: Duty, armed: date, calendar: Calendar, today: date
) -> Iterator[tuple[date, int, date]]:
    key, appointment = limit.rule.key, matter.lifecycle.agreed_day(matter, limit)
    quiet_until = working_days_after(duty.asked_on, 1, calendar).due if duty.asked_on else armed
    for day, rung in rung_days(matter.lifecycle.ladder(limit.rule), limit.due, armed, calendar, appointment):
        counts_from = appointment if appointment and rung.days < 0 else limit.due
        is_over = rung.days < 0 and appointment is not None and appointment <= today
        gone = [sent for name, due, sent in matter.sent_reminders if (name, due) == (key, counts_from)]
        climbed = any(sent >= rung.days for sent in gone)
        may_go = can_be_late(matter, key) or (rung.days <= 0 and limit.due >= today)
        if day > quiet_until and not is_over and not climbed and may_go:
            yield day, rung.days, counts_from


def can_be_late(matter: Matter, key: str) -> bool:
    """Returns whether a limit whose day is over may be called late: not one that moves with an event that has not happened."""
    waits_for = matter.lifecycle.overdue_after.get(key)
    return waits_for is None or waits_for in matter.milestones_reached


def _highest(ladder: _OpenLadder, at: datetime) -> Iterator[DueRung]:
    """Yields the highest rung whose morning has come, with those below it passed over."""
    come = [(number, due) for day, number, due in ladder.rungs if at_nine(day) <= at]
    if come:
        number, due = come[-1]
        below = tuple(number for number, day in come[:-1] if day == due)
        yield DueRung(ladder.limit, due, number, below)
