"""Why each limit of one inspection is due when it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from application.caller import Caller
from application.queries.access_logging import Use
from application.queries.lookups import known_limit
from application.queries.snapshot import snapshot
from application.runtime.context import AppContext
from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import ExplainedDay
from framework.calendar.working_days import explained as days_of
from framework.common.errors import BadInput
from framework.inspection.limit_days import ANCHORS, limit_statuses_on
from framework.inspection.limits import BY_KEY
from framework.inspection.parts import Deferral
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import LimitStatus, due_dates_of, earlier_misses
from framework.lifecycle.limits import CALENDAR, DueDate, LimitRule
from records.inspections.reader import InspectionReader


@dataclass(frozen=True, slots=True)
class ExplainedLimit:
    """One limit, and everything its day follows from."""

    status: LimitStatus
    due_date: DueDate
    """The due date as computed with `calendar`."""
    calendar: Calendar
    """The calendar of the computation: for a frozen limit, the version at the time it was met."""
    is_frozen: bool
    """Whether it was met before the calendar changed, and keeps its due day."""
    event: int | None
    """The number of the event it is counted from; None where that day is derived, or another limit's."""
    corrected_by: int | None
    """The newest event that corrected the day of that event."""
    deferrals: tuple[Deferral, ...]
    setting: tuple[str, int | str] | None
    """The office's setting behind it, and its value."""
    kept_by: int | None
    """The correction after which it keeps its day, since that would have shortened another person's time."""
    earlier: tuple[LimitStatus, ...]
    """The same limit in earlier rounds, where it was missed."""

    @property
    def rule(self) -> LimitRule:
        """Its row of the table of limits."""
        return self.status.rule

    @property
    def days(self) -> tuple[ExplainedDay, ...]:
        """Returns every day that is counted or skipped; none where it is due on the day it is counted from."""
        if not self.due_date.count or self.due_date.key == self.due_date.anchor:
            return ()
        first = self.due_date.anchor_date + timedelta(days=0 if self.rule.first_day_counted else 1)
        calendar = None if self.due_date.unit == CALENDAR else self.calendar
        return tuple(days_of(first, self.due_date.counted_due or self.due_date.due, calendar))


@dataclass(frozen=True, slots=True)
class Explanation:
    """The limits of one inspection, soonest first."""

    calendar: str
    """The version of the calendar they are counted with."""
    limits: tuple[ExplainedLimit, ...]


def explain(caller: Caller, context: AppContext, inspection: str, limit: str = "") -> Explanation:
    """Explains every limit that can be dated, or one. Raises `BadInput` for an unknown inspection or limit, and for a limit
    that is not counted from anything yet."""
    if limit:
        known_limit(limit)
    with snapshot(caller, context, Use("explain", inspection, {"limit": limit})) as view:
        reader = InspectionReader(view.session, view.inspection(inspection))
        calendar = reader.calendar_at(None)
        statuses = limit_statuses_on(reader.state, calendar, view.today)
        corrections, earlier = _corrections(reader), earlier_misses(reader.state, statuses)
        limits = [_explained(reader, status, calendar, corrections, earlier) for status in statuses]
        chosen = tuple(row for row in limits if limit in ("", row.rule.key))
    if limit and not chosen:
        raise BadInput(f"{BY_KEY[limit].title}: what it is counted from has not happened in {inspection}")
    return Explanation(calendar.version, chosen)


def _corrections(reader: InspectionReader) -> dict[int, int]:
    corrected = [stored for stored in reader.events if stored.event.kind == "corrected"]
    return {int(stored.event.data["event"]): stored.number for stored in corrected}


def _explained(
    reader: InspectionReader,
    status: LimitStatus,
    calendar: Calendar,
    corrections: Mapping[int, int],
    earlier: Sequence[LimitStatus],
) -> ExplainedLimit:
    state, key = reader.state, status.rule.key
    is_frozen, due_date = key in state.frozen_due_dates, status.due_date
    if is_frozen and (frozen := reader.calendars.version(state.frozen_calendars[key])) is not None:
        calendar = frozen
        due_date = due_dates_of(state, calendar)[key]
    event = _event(state, status)
    return ExplainedLimit(
        status=status,
        due_date=due_date,
        calendar=calendar,
        is_frozen=is_frozen,
        event=event,
        corrected_by=corrections.get(event) if event else None,
        deferrals=tuple(state.deferrals),
        setting=state.settings.named(key),
        kept_by=state.kept_due_dates[key].number if due_date.counted_due else None,
        earlier=tuple(missed for missed in earlier if missed.rule.key == key),
    )


def _event(state: Inspection, status: LimitStatus) -> int | None:
    """Returns the event from whose day a limit is counted; an agreed first day on site is one until fieldwork begins."""
    anchor = status.due_date.anchor
    if status.due_date.projected or status.rule.anchor_due:
        return None
    kinds = (ANCHORS.get(anchor, ""), "fieldwork_arranged" if anchor == "fieldwork_starts" else "")
    milestone = next((state.milestones_reached[kind] for kind in kinds if kind in state.milestones_reached), None)
    return milestone.number if milestone else None
