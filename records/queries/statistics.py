"""Limits met, missed and at risk, and working days used by whom: now, or as it was known at any past moment.

Everything comes from what was recorded by then (`standings`, and the events of deferral); what counts as late, who owes a
limit and under which paragraph it stands, `framework` says. Working days are counted with the calendar of then; those of an
inspection that is over with the one it ended with, those of a limit that was met before the calendar changed with the older."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.calendar.working_days import WorkingDays
from framework.inspection.frozen_limits import CHANGED, REDERIVED_AFTER, freeze
from framework.lifecycle.ladders import reminded_after
from framework.lifecycle.limit_status import outcome_of
from framework.lifecycle.limits import BY_KEY, LimitRule
from framework.vocabulary.roles import AUTHORITY_ROLES
from records.inspections.repository import kept_calendar
from records.log.criteria import EventFilter
from records.log.read import history
from records.projections.as_known import Calendars, calendar_at
from records.tables.directory import AUTHORITIES
from records.tables.inspections import EVENTS, INSPECTIONS
from records.tables.projections import LIMIT_HISTORY

GROUPS = ("paragraph", "lead", "authority", "region", "quarter")
OUTCOMES = ("met", "missed", "at_risk", "open", "suspended")
SIDES = ("inspectorate", "authority", "deferred")
DEFERRAL = 9
"""The paragraph of deferrals, under which their days stand."""


@dataclass(slots=True)
class Count:
    """A number, and the inspections behind it."""

    number: int = 0
    inspections: set[str] = field(default_factory=set)

    def add(self, inspection: str, number: int = 1) -> None:
        """Counts so many more of one inspection."""
        if number:
            self.number += number
            self.inspections.add(inspection)


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one paragraph, lead, authority, region or quarter, or of everything."""

    limits: Mapping[str, Count] = field(default_factory=lambda: {name: Count() for name in OUTCOMES})
    """Limits by how they count (`framework.lifecycle.limit_status.outcome_of`)."""
    working_days: Mapping[str, Count] = field(default_factory=lambda: {name: Count() for name in SIDES})
    """By the side that owed: of each limit, from the day it is counted from to the day it was met or lapsed, or to today.

    Limits that run beside each other count each. Deferred: between a deferral and the new notification."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What `statistics` answers."""

    as_of: datetime
    calendar: str
    groups: Mapping[str, Group]
    total: Group


@dataclass(frozen=True, slots=True)
class _Case:
    id: str
    lead: str
    authority: str
    region: str
    calendar: str
    """The version it keeps, where it is over."""


@dataclass(frozen=True, slots=True)
class _Tally:
    """The figures as they are counted."""

    by: str
    today: date
    calendar: Calendar
    working_days: "_WorkingDays"
    first: date | None
    last: date | None
    total: Group = field(default_factory=Group)
    groups: dict[str, Group] = field(default_factory=dict)

    def case(self, case: _Case, limits: Sequence[Sequence[Any]]) -> None:
        """Every limit of one inspection, as `standings.told` tells it."""
        met = {key: date.fromisoformat(day) for key, *_, day in limits if day}
        for key, due, state, anchor, _ in limits:
            self._limit(case, met, key, date.fromisoformat(due), state, anchor)

    def _limit(self, case: _Case, met: Mapping[str, date], key: str, day: date, state: str, anchor: str | None) -> None:
        rule = BY_KEY[key]
        counted = outcome_of(key, state, day, self.today, self.calendar, met.get(reminded_after(key)))
        until = met.get(key) or (day if state == "lapsed" else self.today)
        owed = anchor is not None and state != "suspended" and rule.owner is not None
        counted_with = self.working_days.of(case, key)
        used = self._used(rule, date.fromisoformat(anchor), until, counted_with) if owed and anchor else 0
        side = "authority" if rule.owner in AUTHORITY_ROLES else "inspectorate"
        for group in self._of(case, rule.paragraph, day):
            group.limits[counted].add(case.id)
            group.working_days[side].add(case.id, used)

    def deferral(self, case: _Case, began: date, ended: date | None) -> None:
        """One deferral of one inspection."""
        used = self._days(began, ended or self.today, self.working_days.of(case))
        for group in self._of(case, DEFERRAL, began):
            group.working_days["deferred"].add(case.id, used)

    def _of(self, case: _Case, paragraph: int, day: date) -> tuple[Group, ...]:
        """Where something of this day counts; nowhere outside the days asked for."""
        if (self.first and day < self.first) or (self.last and day > self.last):
            return ()
        name = self._name(case, paragraph, day)
        if name not in self.groups:
            self.groups[name] = Group()
        return self.groups[name], self.total

    def _name(self, case: _Case, paragraph: int, day: date) -> str:
        if self.by == "paragraph":
            return str(paragraph)
        if self.by == "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        return str(getattr(case, self.by))

    def _used(self, rule: LimitRule, anchor: date, until: date, days: WorkingDays) -> int:
        """As the rule counts them: of days on site, the first is day 1."""
        since = anchor - timedelta(days=1) if rule.first_day_counted and anchor <= min(until, self.today) else anchor
        return self._days(since, until, days)

    def _days(self, since: date, until: date, days: WorkingDays) -> int:
        return max(0, days.between(since, min(until, self.today)))


class _WorkingDays:
    """The working days of each case's own calendar, each version counted through once."""

    def __init__(self, session: Session, moment: datetime) -> None:
        self._calendars, self._moment = Calendars(session), moment
        self._stood = _stood_under(session, moment)
        self._known: dict[str, WorkingDays] = {}

    def of(self, case: _Case, limit: str = "") -> WorkingDays:
        """Those by which this limit of the case is counted; without one, the case's own."""
        kept = self._stood.get(case.id, {}).get(limit, case.calendar)
        if kept not in self._known:
            found = self._calendars.older(kept, self._moment)
            assert found is not None, "statistics were asked for with a calendar in force"
            self._known[kept] = WorkingDays(found)
        return self._known[kept]


def statistics(
    session: Session, by: str, moment: datetime, first: date | None = None, last: date | None = None
) -> Statistics:
    """The figures by one of `GROUPS`, as they were known at `moment`, of the limits due from `first` to `last`."""
    calendar = calendar_at(session, moment)
    tally = _Tally(by, london_day(moment), calendar, _WorkingDays(session, moment), first, last)
    cases = {}
    for case, limits in _cases(session, moment):
        cases[case.id] = case
        tally.case(case, limits)
    for inspection in _deferred(session, moment):
        if inspection in cases:
            for began, ended in _deferrals(session, inspection, moment):
                tally.deferral(cases[inspection], began, ended)
    return Statistics(moment, tally.calendar.version, dict(sorted(tally.groups.items(), key=_place)), tally.total)


def _place(item: tuple[str, Group]) -> tuple[int, str]:
    """Paragraphs by their number, all else by name."""
    return (int(item[0]) if item[0].isdecimal() else 0, item[0])


def _cases(session: Session, moment: datetime) -> Iterator[tuple[_Case, list[list[Any]]]]:
    """Every inspection known then, with its limits as they stood."""
    then = LIMIT_HISTORY.alias("then")
    newest = (
        select(then.c.number)
        .where(then.c.inspection_id == INSPECTIONS.c.id, then.c.recorded_at <= moment)
        .order_by(then.c.number.desc())
        .limit(1)
        .correlate(INSPECTIONS)
        .scalar_subquery()
    )
    here = (LIMIT_HISTORY.c.inspection_id == INSPECTIONS.c.id) & (LIMIT_HISTORY.c.number == newest)
    kept = (INSPECTIONS.c.closed_at, INSPECTIONS.c.next_due, INSPECTIONS.c.calendar_version)
    shown = (LIMIT_HISTORY.c.lead, AUTHORITIES.c.code, AUTHORITIES.c.region, LIMIT_HISTORY.c.limits_json)
    query = (
        select(INSPECTIONS.c.id, *shown, *kept)
        .select_from(INSPECTIONS)
        .join(LIMIT_HISTORY, here)
        .join(AUTHORITIES, AUTHORITIES.c.code == INSPECTIONS.c.authority_code)
    )
    for row in session.connection().execute(query).mappings():
        case = _Case(row["id"], row["lead"], row["code"], row["region"], kept_calendar(row))
        yield case, row["limits_json"]


def _stood_under(session: Session, moment: datetime) -> dict[str, dict[str, str]]:
    """Inspection -> its limits that were met when the calendar changed, by then -> the version each was counted with."""
    if not (changed := history(session, None, EventFilter(kind=CHANGED, as_of=moment))):
        return {}
    anew = [one for kind in REDERIVED_AFTER for one in history(session, None, EventFilter(kind=kind, as_of=moment))]
    found: dict[str, dict[str, str]] = {}
    for one in sorted([*changed, *anew], key=lambda one: (one.inspection, one.number)):
        freeze(found.setdefault(one.inspection, {}), one.event)
    return found


def _deferred(session: Session, moment: datetime) -> list[str]:
    """Every inspection that had been deferred by then."""
    asked = (EVENTS.c.kind == "deferred", EVENTS.c.recorded_at <= moment)
    query = select(EVENTS.c.inspection_id).where(*asked).distinct().order_by(EVENTS.c.inspection_id)
    return list(session.connection().execute(query).scalars())


def _deferrals(session: Session, inspection: str, moment: datetime) -> Iterator[tuple[date, date | None]]:
    """The day it was deferred, and the day it was notified anew or cancelled: as corrected by then."""
    events = history(session, inspection, EventFilter(as_of=moment))
    days = {one.number: one.event.on for one in events}
    for one in events:
        if one.event.kind == "corrected":
            days[int(one.event.data["event"])] = date.fromisoformat(one.event.data["on"])
    began: date | None = None
    for one in events:
        if one.event.kind == "deferred":
            began = days[one.number]
        elif began and one.event.kind in ("notified_anew", "cancelled"):
            yield began, days[one.number]
            began = None
    if began:
        yield began, None
