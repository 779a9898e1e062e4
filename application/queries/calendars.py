"""The calendar of bank holidays: the one in force, and its versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session

from application.caller import Caller
from application.open_context import open_to_read
from application.queries.access_logging import Use
from application.queries.snapshot import snapshot
from application.runtime.context import AppContext
from framework.calendar.bank_holidays import Calendar, england
from framework.calendar.holiday_changes import Difference, difference
from framework.common.errors import Unreachable
from records.calendars import versions
from records.database.connection import reading
from records.directory import directory

SHIPPED_BY = "system"


@dataclass(frozen=True, slots=True)
class CalendarVersion:
    """A version of the calendar: who made it, when and why, and what it changed in the one before."""

    version: str
    made_at: datetime
    made_by: str
    """The identifier of a person, or `SHIPPED_BY`."""
    made_by_name: str
    reason: str
    first: date | None
    last: date | None
    changes: Difference


@dataclass(frozen=True, slots=True)
class HolidayList:
    """The bank holidays of the calendar in force."""

    calendar: Calendar
    version: CalendarVersion


def holidays(caller: Caller, context: AppContext) -> HolidayList:
    """Returns the bank holidays in force. Raises `BadInput` where there is no calendar."""
    with snapshot(caller, context, Use("holidays list", everyday=True)) as view:
        calendar = versions.calendar_in_force(view.session)
        newest = versions.versions(view.session)[0]
        return HolidayList(calendar, _version(view.session, newest, directory.names(view.session)))


def calendar_versions(caller: Caller, context: AppContext) -> tuple[CalendarVersion, ...]:
    """Returns every version, the newest first."""
    with snapshot(caller, context, Use("holidays list", everyday=True)) as view:
        names = directory.names(view.session)
        return tuple(_version(view.session, row, names) for row in versions.versions(view.session))


def known_calendar(data: Path | None) -> Calendar:
    """Returns the calendar in force in a data folder; the shipped one where there are no records, or none to be reached."""
    try:
        with open_to_read(data) as context, reading(context.records) as session:
            return versions.calendar_in_force(session)
    except Unreachable:
        return england()


def _version(session: Session, row: Mapping[str, object], names: Mapping[str, str]) -> CalendarVersion:
    version, made_by, made_at = str(row["version"]), str(row["made_by"]), row["made_at"]
    assert isinstance(made_at, datetime)
    older = versions.version_before(session, version)
    newer = Calendar(**versions.calendar(session, version).model_dump())
    return CalendarVersion(
        version=version,
        made_at=made_at,
        made_by=made_by,
        made_by_name=names.get(made_by, made_by),
        reason=str(row["reason"]),
        first=newer.first,
        last=newer.last,
        changes=difference(older, newer) if older else Difference(),
    )
