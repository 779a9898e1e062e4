"""Statistics: limits met, missed and at risk, and working days used by each side, as known now or at a past moment.

They read what was recorded by that moment (`limit_history`, and the events of deferrals); the framework decides what is
late, who owes a limit and its paragraph. Working days are counted with the calendar of that moment; those of a finished
inspection with the calendar it ended with, and those of a limit that was met before the calendar changed with the older."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from framework.calendar.london_time import london_day
from framework.calendar.working_days import WorkingDays
from framework.inspection.frozen_limits import REDERIVED_AFTER, freeze
from framework.lifecycle.evolve import CALENDAR_CHANGE
from records.inspections.repository import kept_calendar, state
from records.log.criteria import EventFilter
from records.log.read import history
from records.projections.as_known import Calendars, calendar_at
from records.queries.statistics_tally import Group, InspectionFacts, Tally
from records.tables.directory import AUTHORITIES
from records.tables.inspections import EVENTS, INSPECTIONS
from records.tables.projections import LIMIT_HISTORY

GROUPS = ("paragraph", "lead", "authority", "region", "quarter")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which limits to count; None is no criterion."""

    first: date | None = None
    """Due on this day or later."""
    last: date | None = None
    """Due on this day or earlier."""
    region: str | None = None
    """Of an inspection of an authority of this region."""
    among: frozenset[str] | None = None
    """Of one of these inspections."""


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Statistics:
    """The result of `statistics`."""

    as_of: datetime
    calendar: str
    """The version in force at that moment."""
    groups: Mapping[str, Group]
    total: Group


def statistics(session: Session, by: str, moment: datetime, criteria: Filter = EVERYTHING) -> Statistics:
    """Returns the figures grouped by one of `GROUPS`, as known at `moment`, of the limits that match."""
    calendar = calendar_at(session, moment)
    working_days = _WorkingDaysByCalendar(session, moment).of
    tally = Tally(by, london_day(moment), calendar, working_days, criteria.first, criteria.last)
    inspections = {}
    for inspection, limits in _inspections(session, moment, criteria.region):
        if criteria.among is not None and inspection.id not in criteria.among:
            continue
        inspections[inspection.id] = inspection
        tally.add_limits(inspection, limits)
    for identifier in _deferred(session, moment):
        if identifier in inspections:
            for began, ended in _deferrals(session, identifier, moment):
                tally.add_deferral(inspections[identifier], began, ended)
    groups = dict(sorted(tally.groups.items(), key=_order))
    return Statistics(moment, calendar.version, groups, tally.total)


class _WorkingDaysByCalendar:
    """The working days of each version of the calendar, each version read once."""

    def __init__(self, session: Session, moment: datetime) -> None:
        self._calendars, self._moment = Calendars(session), moment
        self._frozen = _frozen_calendars(session, moment)
        self._days: dict[str, WorkingDays] = {}

    def of(self, inspection: InspectionFacts, limit: str) -> WorkingDays:
        """Returns those with which the limit is counted; with an empty `limit`, those of the inspection."""
        version = self._frozen.get(inspection.id, {}).get(limit, inspection.calendar)
        if version not in self._days:
            calendar = self._calendars.older(version, self._moment)
            assert calendar is not None, "`statistics` has read the calendar in force already"
            self._days[version] = WorkingDays(calendar)
        return self._days[version]


def _order(group: tuple[str, Group]) -> tuple[int, str]:
    """Sorts paragraphs by number, other groups by name."""
    return (int(group[0]) if group[0].isdecimal() else 0, group[0])


def _inspections(
    session: Session, moment: datetime, region: str | None
) -> Iterator[tuple[InspectionFacts, list[list[Any]]]]:
    """Returns every inspection recorded by `moment`, with its limits as they were then."""
    then = LIMIT_HISTORY.alias("then")
    newest = (
        select(then.c.number)
        .where(then.c.inspection_id == INSPECTIONS.c.id, then.c.recorded_at <= moment)
        .order_by(then.c.number.desc())
        .limit(1)
        .correlate(INSPECTIONS)
        .scalar_subquery()
    )
    at_moment = (LIMIT_HISTORY.c.inspection_id == INSPECTIONS.c.id) & (LIMIT_HISTORY.c.number == newest)
    of_calendar = (INSPECTIONS.c.closed_at, INSPECTIONS.c.next_due, INSPECTIONS.c.calendar_version)
    shown = (LIMIT_HISTORY.c.lead, AUTHORITIES.c.code, AUTHORITIES.c.region, LIMIT_HISTORY.c.limits_json)
    query = (
        select(INSPECTIONS.c.id, *shown, *of_calendar)
        .select_from(INSPECTIONS)
        .join(LIMIT_HISTORY, at_moment)
        .join(AUTHORITIES, AUTHORITIES.c.code == INSPECTIONS.c.authority_code)
    )
    if region is not None:
        query = query.where(AUTHORITIES.c.region == region)
    for row in session.connection().execute(query).mappings():
        inspection = InspectionFacts(row["id"], row["lead"], row["code"], row["region"], kept_calendar(row))
        yield inspection, row["limits_json"]


def _frozen_calendars(session: Session, moment: datetime) -> dict[str, dict[str, str]]:
    """Returns inspection -> limit -> version, for the limits that had been met when the calendar changed."""
    if not (changes := history(session, None, EventFilter(kind=CALENDAR_CHANGE, as_of=moment))):
        return {}
    later = [
        event for kind in REDERIVED_AFTER for event in history(session, None, EventFilter(kind=kind, as_of=moment))
    ]
    frozen: dict[str, dict[str, str]] = {}
    for stored in sorted([*changes, *later], key=lambda stored: (stored.inspection, stored.number)):
        freeze(frozen.setdefault(stored.inspection, {}), stored.event)
    return frozen


def _deferred(session: Session, moment: datetime) -> list[str]:
    """Returns every inspection that had been deferred by `moment`."""
    clauses = (EVENTS.c.kind == "deferred", EVENTS.c.recorded_at <= moment)
    query = select(EVENTS.c.inspection_id).where(*clauses).distinct().order_by(EVENTS.c.inspection_id)
    return list(session.connection().execute(query).scalars())


def _deferrals(session: Session, inspection: str, moment: datetime) -> Iterator[tuple[date, date | None]]:
    """Returns each deferral as (day it began, day of the new notification or cancelling), with corrections by `moment`."""
    inspection_then = state(session, inspection, moment)
    for deferral in inspection_then.deferrals:
        yield deferral.began, deferral.ended or inspection_then.date_of("cancelled")
