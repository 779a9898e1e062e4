"""What `inspections holidays list` shows: the days of the calendar in force, and the versions there were."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from application.serializers import wording
from framework.calendar.bank_holidays import Calendar
from framework.calendar.holiday_changes import difference
from framework.calendar.london_time import say_moment
from interfaces.cli.output import print_json, print_table, print_text
from records.calendars import versions
from records.directory import directory

if TYPE_CHECKING:
    from sqlmodel import Session


def show_days(session: "Session", json: bool) -> None:
    """The bank holidays, under the version: who made it, when and why."""
    calendar = versions.calendar_in_force(session)
    days = sorted(calendar.holidays.items())
    if json:
        print_json([{"date": day, "title": title} for day, title in days])
        return
    made = versions.versions(session)[0]
    print_table(("Day", "Holiday"), [(wording.day(day), title) for day, title in days], title=_title(calendar))
    print_text(f"{calendar.version}: {_who(session, made)}: {made['reason']}")


def show_versions(session: "Session", json: bool) -> None:
    """Every version, newest first, with what it changed in the one before it."""
    found = [_version(session, dict(row)) for row in versions.versions(session)]
    if json:
        print_json(found)
        return
    rows = [(one["version"], _who(session, one), _changes(one), one["reason"]) for one in found]
    print_table(("Version", "Made", "Changed", "Why"), rows)


def _title(calendar: Calendar) -> str:
    return f"Calendar {calendar.version}, {calendar.first} to {calendar.last}"


def _version(session: "Session", row: dict[str, Any]) -> dict[str, Any]:
    older = versions.version_before(session, row["version"])
    newer = Calendar(**versions.calendar(session, row["version"]).model_dump())
    changes = difference(older, newer).facts() if older else {"added": [], "removed": []}
    names = ("version", "made_at", "made_by", "reason", "first", "last")
    return {**{name: row[name] for name in names}, **changes}


def _changes(one: dict[str, Any]) -> str:
    added = [f"+ {day['day']} {day['title']}" for day in one["added"]]
    return "; ".join(added + [f"- {day['day']} {day['title']}" for day in one["removed"]]) or "-"


def _who(session: "Session", row: dict[str, Any]) -> str:
    made: datetime = row["made_at"]
    if row["made_by"] == "system":
        return "as shipped"
    return f"by {directory.names(session).get(row['made_by'], row['made_by'])}, {say_moment(made)}"
