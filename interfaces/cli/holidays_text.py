"""How `inspections holidays list` presents the calendar in force and the versions there were."""

from collections.abc import Iterable

from application.queries.calendars import SHIPPED_BY, CalendarVersion, HolidayList
from application.serializers import wording
from framework.calendar.london_time import say_moment
from interfaces.cli.output import print_text
from interfaces.cli.screen import print_table


def print_holidays(holidays: HolidayList) -> None:
    """Prints the bank holidays, and below them who made the version, when and why."""
    calendar, version = holidays.calendar, holidays.version
    rows = [(wording.day(day), title) for day, title in sorted(calendar.holidays.items())]
    title = f"Calendar {calendar.version}, {calendar.first} to {calendar.last}"
    print_table(("Day", "Holiday"), rows, title=title)
    print_text(f"{calendar.version}: {_who(version)}: {version.reason}")


def print_versions(versions: Iterable[CalendarVersion]) -> None:
    """Prints every version with what it changed in the one before it."""
    rows = [(version.version, _who(version), _changes(version), version.reason) for version in versions]
    print_table(("Version", "Made", "Changed", "Why"), rows)


def _changes(version: CalendarVersion) -> str:
    facts = version.changes.facts()
    added = [f"+ {day['day']} {day['title']}" for day in facts["added"]]
    return "; ".join(added + [f"- {day['day']} {day['title']}" for day in facts["removed"]]) or "-"


def _who(version: CalendarVersion) -> str:
    if version.made_by == SHIPPED_BY:
        return "as shipped"
    return f"by {version.made_by_name}, {say_moment(version.made_at)}"
