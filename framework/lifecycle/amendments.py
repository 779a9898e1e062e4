"""The effect of a correction on the limits: whose running time it shortens, and which misses it turns into met limits.

A limit of another person keeps its old due day, and a miss that the correction meets stays recorded."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.lifecycle import misses
from framework.lifecycle.limit_status import LimitStatus, limit_statuses
from framework.lifecycle.matter import Matter
from framework.messages.events import Event, system_event
from framework.vocabulary.roles import Role

RUNNING_OR_OVER = ("open", "met", "met_late", "lapsed")
"""States of a limit whose time has begun to run, or ran."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """The effect of an amendment of the log on the limits."""

    data: dict[str, Any]
    """What its event records beside itself: `keeps` (limit -> due day) and `misses`."""
    met_by_it: tuple[LimitStatus, ...]
    """The limits that are missed before it and not after it, as they are before."""


def correction(event: int, on: date, moment: datetime) -> Event:
    """Returns the event that corrects the day of event number `event`, as far as the state depends on it."""
    return system_event("corrected", moment, {"event": event, "on": str(on)}, cause="amendment")


def amend(matter: Matter, event: Event, calendar: Calendar, today: date, person: str) -> Amendment:
    """Returns what `event`, which amends the log on the London day `today`, does to the limits when `person` makes it."""
    keeps = _shortened_for_others(matter, _after(matter, event), calendar, person)
    data: dict[str, Any] = {"keeps": {key: str(due) for key, due in keeps.items()}} if keeps else {}
    after = _after(matter, replace(event, data={**event.data, **data}))
    still_missed = {(limit.rule.key, limit.round) for limit in misses.missed_limits(after, calendar, today)}
    before = misses.missed_limits(matter, calendar, today)
    met_by_it = tuple(limit for limit in before if (limit.rule.key, limit.round) not in still_missed)
    return Amendment({**data, **misses.as_data(met_by_it)}, met_by_it)


def owes(matter: Matter, person: str, roles: tuple[Role, ...], owner: Role | None) -> bool:
    """Returns whether a limit of `owner` is owed by the person, in this matter now or before, or in one of the roles."""
    return owner is not None and (owner in roles or matter.has_held(person, owner))


def _after(matter: Matter, event: Event) -> Matter:
    return matter.after([(max(matter.events, default=0) + 1, event)])


def _shortened_for_others(matter: Matter, after: Matter, calendar: Calendar, person: str) -> dict[str, date]:
    """Returns the old due day of each limit that another person owes, or no person, and that would be due earlier."""
    due = {(limit.rule.key, limit.round): limit.due for limit in limit_statuses(after, calendar)}
    return {
        limit.rule.key: limit.due
        for limit in limit_statuses(matter, calendar)
        if limit.state in RUNNING_OR_OVER
        and not limit.due_date.projected
        and limit.rule.key != matter.lifecycle.begins_with
        and due.get((limit.rule.key, limit.round), limit.due) < limit.due
        and not (limit.rule.owner and person in matter.people.get(limit.rule.owner, ()))
    }
