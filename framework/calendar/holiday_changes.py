"""Changes of the calendar of bank holidays as data: one requested change, and the difference between two versions.

Versions are numbered and stored by `records.calendars`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from framework.calendar.bank_holidays import Calendar
from framework.common.errors import BadInput, Remedy
from framework.common.plain_text import fault_of
from framework.vocabulary.office import require_office_post
from framework.vocabulary.roles import Role

What = Literal["add", "move", "remove"]


@dataclass(frozen=True, slots=True)
class HolidayChange:
    """One bank holiday to be added, moved to another day under its title, or removed."""

    what: What
    day: date
    title: str = ""
    """The title of an added holiday."""
    to: date | None = None
    """The new day of a moved holiday."""

    def words(self) -> str:
        """Returns the change for screens: «2011-04-29 added»."""
        if self.what == "move":
            return f"{self.day} moved to {self.to}"
        return f"{self.day} {'added' if self.what == 'add' else 'removed'}"


@dataclass(frozen=True, slots=True)
class Difference:
    """The days that differ between two versions: day -> title."""

    added: Mapping[date, str] = field(default_factory=dict)
    removed: Mapping[date, str] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """Returns each day with its title, as JSON for letters."""
        sides = {"added": self.added, "removed": self.removed}
        return {name: [{"day": str(day), "title": days[day]} for day in sorted(days)] for name, days in sides.items()}


def difference(old: Calendar, new: Calendar) -> Difference:
    """Returns the days that `new` has added to `old` and removed from it; another title of a day is no difference."""
    return Difference(
        added={day: title for day, title in new.holidays.items() if day not in old.holidays},
        removed={day: title for day, title in old.holidays.items() if day not in new.holidays},
    )


def changed(calendar: Calendar, change: HolidayChange) -> Calendar:
    """Returns the calendar with the change, under its old version. Raises `BadInput` for a change that cannot be made."""
    holidays = dict(calendar.holidays)
    for day in (change.day, change.to):
        if day is not None:
            calendar.why_not(day)  # raises BadInput outside the days the calendar covers
    if change.what == "add":
        _must_be_free(calendar, change.day)
        if not change.title.strip():
            raise BadInput("no title is given: say what the holiday is called")
        if fault := fault_of(change.title):
            raise BadInput(f"the title {fault}")
        holidays[change.day] = change.title.strip()
        return replace(calendar, holidays=holidays)
    if change.day not in holidays:
        raise BadInput(f"{change.day} is no bank holiday in {calendar.version}", remedy=Remedy.LIST_HOLIDAYS)
    title = holidays.pop(change.day)
    if change.to is not None:
        _must_be_free(calendar, change.to)
        holidays[change.to] = title
    return replace(calendar, holidays=holidays)


def is_change(change: HolidayChange, old: Calendar, new: Calendar) -> bool:
    """Returns whether `change`, and nothing else, makes `new` of `old`."""
    actual = difference(old, new)
    added, removed = set(actual.added), set(actual.removed)
    if change.what == "add":
        return (added, removed) == ({change.day}, set()) and actual.added[change.day] == change.title.strip()
    return (added, removed) == ({change.to} if change.to else set(), {change.day})


def check_permitted(person: str, posts: tuple[Role, ...]) -> None:
    """Raises `Refused` for a person whose posts do not permit changing the calendar."""
    require_office_post(person, posts, "the calendar")


def _must_be_free(calendar: Calendar, day: date) -> None:
    if day in calendar.holidays:
        raise BadInput(f"{day} is a bank holiday already in {calendar.version}: {calendar.holidays[day]}")
