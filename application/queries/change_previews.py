"""What would move and clash in open inspections if a day were another one, or with another calendar. Writes nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlmodel import Session

from application.caller import Caller
from application.queries.access_logging import Use
from application.queries.lookups import must_know_person
from application.queries.snapshot import snapshot
from application.runtime.context import AppContext
from framework.calendar.holiday_changes import HolidayChange, changed, check_permitted
from framework.common.errors import Refused
from framework.inspection.limit_changes import LimitChanges, diff_limits
from framework.inspection.state import Inspection
from framework.inspection.what_if import Supposition, with_holiday
from framework.inspection.what_if import what_if as suppose
from records.calendars.versions import calendar_in_force
from records.directory import directory
from records.inspections import repository
from records.inspections.reader import InspectionReader

Preview = Callable[[Inspection], LimitChanges]


@dataclass(frozen=True, slots=True)
class InspectionPreview:
    """What would move in one inspection."""

    inspection: Inspection
    changes: LimitChanges
    note: str = ""
    """Why it was left out, or why nothing moves in it."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a supposition would move."""

    calendar: str
    supposed: Supposition
    inspections: tuple[InspectionPreview, ...]


@dataclass(frozen=True, slots=True)
class CalendarPreview:
    """What a change of the calendar would move."""

    calendar: str
    """The version in force."""
    change: HolidayChange
    open: int
    """Number of open inspections that were looked at."""
    inspections: tuple[InspectionPreview, ...]
    """Those in which something would move or clash."""


def what_if(caller: Caller, context: AppContext, supposition: Supposition, inspection: str = "") -> WhatIf:
    """Returns what would move in one inspection, or in every open one that the caller may see.

    Raises `BadInput` for an unknown inspection or a day outside the calendar, `Refused` where a rule forbids it in the one."""
    with snapshot(caller, context, Use("what-if", inspection, everyday=True)) as view:
        calendar = calendar_in_force(view.session)
        with_holiday(calendar, supposition)

        def preview(state: Inspection) -> LimitChanges:
            return suppose(state, calendar, supposition, view.now)

        if inspection:
            state = InspectionReader(view.session, view.inspection(inspection)).state
            note = f"{state.id} is over: no day of it moves any more" if state.is_finished else ""
            return WhatIf(calendar.version, supposition, (InspectionPreview(state, preview(state), note),))
        names = [name for name in repository.still_open(view.session) if view.visible is None or name in view.visible]
        return WhatIf(calendar.version, supposition, _in_all(view.session, names, preview))


def preview_calendar_change(caller: Caller, context: AppContext, change: HolidayChange) -> CalendarPreview:
    """Returns what a change of the calendar would move. Raises `BadInput`, and `Refused` for a caller who may not change it."""
    with snapshot(caller, context, Use(f"holidays {change.what}", everyday=True)) as view:
        must_know_person(view.session, view.caller.person)
        check_permitted(view.caller.person, directory.posts(view.session, view.caller.person))
        old = calendar_in_force(view.session)
        new = changed(old, change)
        names = repository.still_open(view.session)
        previews = _in_all(view.session, names, lambda state: diff_limits(state, old, state, new))
        return CalendarPreview(old.version, change, len(names), previews)


def _in_all(session: Session, names: Iterable[str], preview: Preview) -> tuple[InspectionPreview, ...]:
    """Returns those in which something would move or clash; one that a rule refuses has the refusal as its note."""
    previews = (_noted(repository.state(session, name), preview) for name in names)
    return tuple(row for row in previews if row.note or not row.changes.is_empty)


def _noted(state: Inspection, preview: Preview) -> InspectionPreview:
    try:
        return InspectionPreview(state, preview(state))
    except Refused as refusal:
        return InspectionPreview(state, LimitChanges(), str(refusal))
