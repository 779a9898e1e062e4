"""Limits met, missed and at risk, and working days used by whom: now, or as known at a past moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from application.caller import Caller
from application.queries.access_logging import Use
from application.queries.lookups import known_region
from application.queries.snapshot import snapshot
from application.runtime.context import AppContext
from records.queries import statistics as figures
from records.queries.statistics_tally import Count, Group

GroupedBy = Literal["paragraph", "lead", "authority", "region", "quarter"]


@dataclass(frozen=True, slots=True)
class StatisticsRequest:
    """How to group the limits, and which of them."""

    by: GroupedBy = "paragraph"
    as_of: datetime | None = None
    first: date | None = None
    """Due on this day or later."""
    last: date | None = None
    """Due on this day or earlier."""
    region: str = ""
    """Of inspections of authorities of this region."""
    asked_as_of: str = ""
    """`as_of` as it was given, for the access log."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and the inspections it was counted from."""

    number: int
    inspections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """The figures of one paragraph, lead, authority, region or quarter, or of everything."""

    limits: Mapping[str, Figure]
    """By outcome."""
    missed: Mapping[str, Figure]
    """Of the missed limits, those that were never done, and those that a correction has met since."""
    working_days: Mapping[str, Figure]
    """By the side that owed."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures as known at one moment."""

    as_of: datetime
    calendar: str
    by: GroupedBy
    groups: Mapping[str, FigureGroup]
    total: FigureGroup
    first: date | None
    last: date | None
    region: str | None


def statistics(caller: Caller, context: AppContext, request: StatisticsRequest) -> Statistics:
    """Returns the figures over the inspections that the caller may see. Raises `BadInput` for a moment to come, or
    an unknown region."""
    with snapshot(caller, context, Use("statistics", "", _parameters(request))) as view:
        view.require_past(request.as_of)
        moment = request.as_of or view.now
        region = known_region(view.session, request.region) if request.region else None
        criteria = figures.Filter(request.first, request.last, region, view.visible)
        tally = figures.statistics(view.session, request.by, moment, criteria)
    return Statistics(
        as_of=tally.as_of,
        calendar=tally.calendar,
        by=request.by,
        groups={name: _group(group) for name, group in tally.groups.items()},
        total=_group(tally.total),
        first=request.first,
        last=request.last,
        region=region,
    )


def _parameters(request: StatisticsRequest) -> dict[str, object]:
    days = {"from": request.first, "to": request.last}
    given = {name: day.isoformat() for name, day in days.items() if day}
    return {"by": request.by, "region": request.region, "as_of": request.asked_as_of, **given}


def _group(group: Group) -> FigureGroup:
    return FigureGroup(_figures(group.limits), _figures(group.missed), _figures(group.working_days))


def _figures(counts: Mapping[str, Count]) -> dict[str, Figure]:
    return {name: Figure(count.number, tuple(sorted(count.inspections))) for name, count in counts.items()}
