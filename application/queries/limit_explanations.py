"""Why each limit of one inspection is due when it is: gathered from the records for every entry point that explains a date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import ExplainedDay
from framework.calendar.working_days import explained as days_of
from framework.inspection.parts import Deferral
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import ANCHORS, LimitStatus, due_dates_of, limit_statuses_on
from framework.lifecycle.limits import CALENDAR, DueDate, LimitRule
from records.calendars import versions
from records.inspections import repository
from records.log.criteria import EventFilter
from records.log.read import history


@dataclass(frozen=True, slots=True)
class Explained:
    """One limit, and everything its day follows from."""

    standing: LimitStatus
    milestone: DueDate
    """As it was counted, with `calendar`."""
    calendar: Calendar
    """The one it is counted with: of a limit that was met before the calendar changed, the one it was met under."""
    kept: bool
    """Whether it was met before the calendar changed, and keeps its day."""
    event: int | None
    """The number of the event it is counted from; None where its day is only worked out, or another limit's."""
    corrected_by: int | None
    """The newest event that put that event's day right."""
    deferrals: tuple[Deferral, ...]
    setting: tuple[str, int | str] | None
    """The office's setting behind it, and its value."""

    @property
    def rule(self) -> LimitRule:
        """Its row of the table of limits."""
        return self.standing.rule

    @property
    def days(self) -> tuple[ExplainedDay, ...]:
        """Every day that was looked at, counted or skipped; none where it is due on the day it is counted from."""
        if not self.milestone.count or self.milestone.key == self.milestone.anchor:
            return ()
        first = self.milestone.anchor_date + timedelta(days=0 if self.rule.first_day_counted else 1)
        calendar = None if self.milestone.unit == CALENDAR else self.calendar
        return tuple(days_of(first, self.milestone.due, calendar))


def explained(session: Session, identifier: str, calendar: Calendar, today: date) -> list[Explained]:
    """Every limit that can be dated, soonest first. Raises `BadInput` for an unknown inspection."""
    state = repository.state(session, identifier)
    corrected = history(session, identifier, EventFilter(kind="corrected"))
    right = {int(one.event.data["event"]): one.number for one in corrected}
    found = limit_statuses_on(state, calendar, today)
    return [_explained(session, state, one, calendar, right) for one in found]


def _explained(
    session: Session, state: Inspection, one: LimitStatus, calendar: Calendar, right: Mapping[int, int]
) -> Explained:
    key, kept = one.rule.key, one.rule.key in state.frozen_due_dates
    milestone = one.due_date
    if kept:
        calendar = Calendar(**versions.calendar(session, state.frozen_calendars[key]).model_dump())
        milestone = due_dates_of(state, calendar)[key]
    event = _event(state, one)
    return Explained(
        one,
        milestone,
        calendar,
        kept,
        event,
        right.get(event) if event else None,
        tuple(state.deferrals),
        state.settings.named(key),
    )


def _event(state: Inspection, one: LimitStatus) -> int | None:
    """The event on whose day it is counted from; an agreed first day on site is one until fieldwork begins."""
    anchor = one.due_date.anchor
    if one.due_date.projected or one.rule.anchor_due:
        return None
    kinds = (ANCHORS.get(anchor, ""), "fieldwork_arranged" if anchor == "fieldwork_starts" else "")
    happened = next((state.milestones_reached[kind] for kind in kinds if kind in state.milestones_reached), None)
    return happened.number if happened else None
