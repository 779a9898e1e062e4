"""What `inspections holidays list` shows: the days of the calendar in force, and the versions there were."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from framework.calendar import Calendar
from framework.clock import say_moment
from framework.holidays import difference
from interfaces.cli import words
from interfaces.cli.output import print_json, print_table
from records import calendars, directory

if TYPE_CHECKING:
    from sqlmodel import Session


def show_days(session: "Session", json: bool) -> None:
    """The bank holidays, under the version: who made it, when and why."""
    calendar = calendars.calendar_in_force(session)
    days = sorted(calendar.holidays.items())
    if json:
        print_json([{"date": day, "title": title} for day, title in days])
        return
    made = calendars.versions(session)[0]
    print_table(("Day", "Holiday"), [(words.day(day), title) for day, title in days], title=_title(calendar))
    print(f"{calendar.version}: {_who(session, made)}: {made['reason']}")


def show_versions(session: "Session", json: bool) -> None:
    """Every version, newest first, with what it changed in the one before it."""
    found = [_version(session, dict(row)) for row in calendars.versions(session)]
    if json:
        print_json(found)
        return
    rows = [(one["version"], _who(session, one), _changes(one), one["reason"]) for one in found]
    print_table(("Version", "Made", "Changed", "Why"), rows)


def _title(calendar: Calendar) -> str:
    return f"Calendar {calendar.version}, {calendar.first} to {calendar.last}"


def _version(session: "Session", row: dict[str, Any]) -> dict[str, Any]:
    older = calendars.before(session, row["version"])
    newer = Calendar(**calendars.calendar(session, row["version"]).model_dump())
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
