"""Changes of the calendar of bank holidays, as data: what somebody wants changed, and what two versions differ in.

Nothing here makes a version or knows one's number; that is for the records."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from framework.calendar.bank_holidays import Calendar
from framework.common.errors import BadInput, Refused
from framework.lifecycle.limits import POLICY_WORDS
from framework.vocabulary.roles import TITLES, Role

MADE_BY = (Role.COORDINATOR, Role.MANAGER)
"""Who may change the calendar; policy, not in the source."""

What = Literal["add", "move", "remove"]


@dataclass(frozen=True, slots=True)
class HolidayChange:
    """One bank holiday added, moved to another day under its title, or taken away."""

    what: What
    day: date
    title: str = ""
    """What an added one is called."""
    to: date | None = None
    """Where a moved one goes."""

    def words(self) -> str:
        """«29 April 2011 added», for screens."""
        if self.what == "move":
            return f"{self.day} moved to {self.to}"
        return f"{self.day} {'added' if self.what == 'add' else 'removed'}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version has and another has not: day -> title."""

    added: Mapping[date, str] = field(default_factory=dict)
    removed: Mapping[date, str] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """For letters: each day with its title, as JSON."""
        sides = {"added": self.added, "removed": self.removed}
        return {name: [{"day": str(day), "title": days[day]} for day in sorted(days)] for name, days in sides.items()}


def difference(old: Calendar, new: Calendar) -> Difference:
    """What `new` has and has not, compared with `old`; another title is no difference."""
    return Difference(
        added={day: title for day, title in new.holidays.items() if day not in old.holidays},
        removed={day: title for day, title in old.holidays.items() if day not in new.holidays},
    )


def changed(calendar: Calendar, change: HolidayChange) -> Calendar:
    """The calendar with the change, still under its old version. Raises BadInput for one that cannot be made."""
    holidays = dict(calendar.holidays)
    for day in (change.day, change.to):
        if day is not None:
            calendar.why_not(day)  # raises outside the days it holds
    if change.what == "add":
        _must_be_free(calendar, change.day)
        if not change.title.strip():
            raise BadInput("holidays add: say what the holiday is called (TITLE)")
        holidays[change.day] = change.title.strip()
        return replace(calendar, holidays=holidays)
    if change.day not in holidays:
        raise BadInput(f"{change.day} is no bank holiday in {calendar.version} (`inspections holidays list`)")
    title = holidays.pop(change.day)
    if change.to is not None:
        _must_be_free(calendar, change.to)
        holidays[change.to] = title
    return replace(calendar, holidays=holidays)


def is_change(change: HolidayChange, old: Calendar, new: Calendar) -> bool:
    """Whether this change is what leads from `old` to `new`."""
    found = difference(old, new)
    added, removed = set(found.added), set(found.removed)
    if change.what == "add":
        return (added, removed) == ({change.day}, set()) and found.added[change.day] == change.title.strip()
    return (added, removed) == ({change.to} if change.to else set(), {change.day})


def check_permitted(person: str, posts: tuple[Role, ...]) -> None:
    """Raises Refused for somebody who may not change the calendar."""
    if not set(posts) & set(MADE_BY):
        wanted = " or ".join(TITLES[role] for role in MADE_BY)
        have = ", ".join(TITLES[role] for role in posts) or "neither"
        raise Refused(f"the calendar is changed by: {wanted}; {person} is {have} ({POLICY_WORDS})")


def _must_be_free(calendar: Calendar, day: date) -> None:
    if day in calendar.holidays:
        raise BadInput(f"{day} is a bank holiday already in {calendar.version}: {calendar.holidays[day]}")
