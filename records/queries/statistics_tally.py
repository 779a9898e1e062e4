"""Counts limits and working days into groups: the figures of statistics, without reading the records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import WorkingDays
from framework.inspection.ladders import reminded_after
from framework.inspection.limit_days import outcome_of
from framework.inspection.limits import BY_KEY
from framework.lifecycle.limits import LimitRule
from framework.vocabulary.roles import AUTHORITY_ROLES

OUTCOMES = ("met", "missed", "at_risk", "open", "suspended")
KINDS_OF_MISSED = ("never_done", "met_by_correction")
MISSED_KINDS: Mapping[str, str] = {"never_done": "never_done", "met": "met_by_correction", "open": "met_by_correction"}
"""State of a limit that counts as missed for good -> what it is counted as beside that."""
SIDES = ("inspectorate", "authority", "deferred")
DEFERRAL = 9
"""The paragraph under which working days of deferrals are counted."""


@dataclass(slots=True)
class Count:
    """A number, and the inspections that it was counted from."""

    number: int = 0
    inspections: set[str] = field(default_factory=set)

    def add(self, inspection: str, number: int = 1) -> None:
        """Adds `number` for one inspection."""
        if number:
            self.number += number
            self.inspections.add(inspection)


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one paragraph, lead, authority, region or quarter, or of everything."""

    limits: Mapping[str, Count] = field(default_factory=lambda: {name: Count() for name in OUTCOMES})
    """Number of limits by outcome (`framework.lifecycle.limit_status.outcome_of`)."""
    missed: Mapping[str, Count] = field(default_factory=lambda: {name: Count() for name in KINDS_OF_MISSED})
    """Of the missed ones, those that were never done, and those that a correction has met since."""
    working_days: Mapping[str, Count] = field(default_factory=lambda: {name: Count() for name in SIDES})
    """Working days by the side that owed: of each limit, from its anchor to the day it was met or lapsed, or to today.

    Limits that run at the same time count each. "deferred" counts from a deferral to the new notification."""


@dataclass(frozen=True, slots=True)
class InspectionFacts:
    """What the tally needs of one inspection."""

    id: str
    lead: str
    authority: str
    region: str
    calendar: str
    """The version of the calendar that a finished inspection keeps; empty for one that is not finished."""


class _Limit(NamedTuple):
    """A limit as a row of `limit_history` holds it (`limit_history.limit_row`)."""

    key: str
    due: str
    state: str
    anchor: str
    """Empty or None while it is projected."""
    met_on: str | None
    round: int
    missed: bool
    ended_on: str | None

    @property
    def is_owed(self) -> bool:
        """Returns whether its working days are counted."""
        return bool(self.anchor) and self.state != "suspended"


@dataclass(frozen=True, slots=True)
class Tally:
    """Adds up limits and deferrals, inspection by inspection."""

    by: str
    """One of `statistics.GROUPS`."""
    today: date
    calendar: Calendar
    working_days: Callable[[InspectionFacts, str], WorkingDays]
    """Inspection and limit (empty: of a deferral) -> the calendar its working days are counted with."""
    first: date | None
    last: date | None
    total: Group = field(default_factory=Group)
    groups: dict[str, Group] = field(default_factory=dict)

    def add_limits(self, inspection: InspectionFacts, limits: Sequence[Sequence[Any]]) -> None:
        """Adds the limits of one inspection, as rows of `limit_history` hold them (`limit_history.limit_row`)."""
        met = {key: date.fromisoformat(met_on) for key, _, _, _, met_on, *_ in limits if met_on}
        for limit in limits:
            self._add_limit(inspection, met, _Limit(*limit))

    def add_deferral(self, inspection: InspectionFacts, began: date, ended: date | None) -> None:
        """Adds one deferral of one inspection; it lasts until today where `ended` is None."""
        used = self._days(began, ended or self.today, self.working_days(inspection, ""))
        for group in self._groups_of(inspection, DEFERRAL, began):
            group.working_days["deferred"].add(inspection.id, used)

    def _add_limit(self, inspection: InspectionFacts, met: Mapping[str, date], limit: "_Limit") -> None:
        rule, due = BY_KEY[limit.key], date.fromisoformat(limit.due)
        outcome = outcome_of(limit.key, limit.state, due, self.today, self.calendar, self._chased_from(limit, met))
        outcome = "missed" if limit.missed else outcome
        days = self.working_days(inspection, limit.key)
        used = self._used(rule, date.fromisoformat(limit.anchor), self._until(limit), days) if limit.is_owed else 0
        side = "authority" if rule.owner in AUTHORITY_ROLES else "inspectorate"
        for group in self._groups_of(inspection, rule.paragraph, due):
            group.limits[outcome].add(inspection.id)
            if limit.missed and (kind := MISSED_KINDS.get(limit.state)):
                group.missed[kind].add(inspection.id)
            group.working_days[side].add(inspection.id, used if rule.owner else 0)

    def _chased_from(self, limit: "_Limit", met: Mapping[str, date]) -> date | None:
        """Returns the day from which on the limit is chased: of the limit that starts its reminders, or of its own anchor."""
        started_by = reminded_after(limit.key)
        if started_by in BY_KEY:
            return met.get(started_by)
        return date.fromisoformat(limit.anchor) if limit.anchor else None

    def _until(self, limit: "_Limit") -> date:
        ended = limit.met_on or limit.ended_on or (limit.due if limit.state in ("lapsed", "waived") else None)
        return date.fromisoformat(ended) if ended else self.today

    def _groups_of(self, inspection: InspectionFacts, paragraph: int, day: date) -> tuple[Group, ...]:
        if (self.first and day < self.first) or (self.last and day > self.last):
            return ()
        name = self._name(inspection, paragraph, day)
        if name not in self.groups:
            self.groups[name] = Group()
        return self.groups[name], self.total

    def _name(self, inspection: InspectionFacts, paragraph: int, day: date) -> str:
        if self.by == "paragraph":
            return str(paragraph)
        if self.by == "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        return str(getattr(inspection, self.by))

    def _used(self, rule: LimitRule, anchor: date, until: date, days: WorkingDays) -> int:
        # Where the rule counts the anchor's own day as day 1 (days on site), that day was used too.
        since = anchor - timedelta(days=1) if rule.first_day_counted and anchor <= min(until, self.today) else anchor
        return self._days(since, until, days)

    def _days(self, since: date, until: date, days: WorkingDays) -> int:
        return max(0, days.between(since, min(until, self.today)))
