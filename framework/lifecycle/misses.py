"""Misses that an event records for good: limits whose round, or whose matter, ended undone, and those that a correction met."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.lifecycle.limit_status import LimitStatus, is_missed, limit_statuses
from framework.lifecycle.matter import Matter
from framework.messages.events import Event


def missed_limits(matter: Matter, calendar: Calendar, today: date) -> list[LimitStatus]:
    """Returns the limits of the present round that are missed on the London day `today`, by their state alone.

    Only what a role owes can be, and no limit whose anchor has not happened: before the authority was notified, only an
    answer to a request to defer."""
    lifecycle = matter.lifecycle
    has_begun = lifecycle.anchors[lifecycle.begins_with] in matter.milestones_reached
    statuses = (
        limit
        for limit in limit_statuses(matter, calendar)
        if limit.rule.owner is not None and not limit.due_date.projected
    )
    begun = (limit for limit in statuses if has_begun or limit.rule.key in lifecycle.owed_before)
    return [limit for limit in begun if is_missed(limit.state, limit.due, today)]


def unmet_limits(matter: Matter, calendar: Calendar, today: date) -> list[LimitStatus]:
    """Returns those of the missed limits that nothing has met, and whose time did not lapse."""
    return [limit for limit in missed_limits(matter, calendar, today) if limit.state == "open"]


def with_misses_it_meets(matter: Matter, events: Sequence[Event], after: Matter, calendar: Calendar) -> list[Event]:
    """Returns the events of one decision, the first of which records what was missed for good and would not be `after` them.

    A day on site that is agreed upon anew, for example, moves the day of what was late by the day agreed before."""
    before = [limit for limit in limit_statuses(matter, calendar) if limit.is_missed_for_good]
    if not before or not events:
        return list(events)
    missed_after = {
        (limit.rule.key, limit.round) for limit in limit_statuses(after, calendar) if limit.is_missed_for_good
    }
    lost = [limit for limit in before if (limit.rule.key, limit.round) not in missed_after | after.misses.keys()]
    if not lost:
        return list(events)
    first, *others = events
    data = {**first.data, "misses": [*first.data.get("misses", ()), *as_data(lost)["misses"]]}
    return [replace(first, data=data), *others]


def as_data(limits: Iterable[LimitStatus]) -> dict[str, Any]:
    """Returns the misses as the event that records them holds them; nothing where there are none."""
    misses = [_as_data(limit) for limit in limits]
    return {"misses": misses} if misses else {}


def _as_data(limit: LimitStatus) -> dict[str, Any]:
    anchor_date = None if limit.due_date.projected else limit.due_date.anchor_date
    return {
        "limit": limit.rule.key,
        "round": limit.round,
        "due": str(limit.due),
        "state": limit.state,
        "met_on": str(limit.met_on) if limit.met_on else None,
        "anchor_date": str(anchor_date) if anchor_date else None,
        "settled_by": limit.settled_by,
    }
