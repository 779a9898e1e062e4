"""What moves when days or the calendar change: the one comparison behind letters, previews, «what if» and the calendar.

Limits that are met stay as they were; those that wait are derived anew. Appointments never move: see `appointments`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.inspection.appointments import Clash, clashes
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import LimitStatus, limit_statuses
from framework.lifecycle.limits import BY_KEY

UNMET_STATES = ("open", "suspended")
"""States of a limit that is neither met nor lapsed."""


@dataclass(frozen=True, slots=True)
class LimitChange:
    """One limit whose day is another one now."""

    limit: str
    was: date | None
    """None where it had no day before."""
    now: date

    @property
    def title(self) -> str:
        """What letters and screens call the limit."""
        return BY_KEY[self.limit].title

    @property
    def paragraph(self) -> int:
        """Where the limit stands in the framework."""
        return BY_KEY[self.limit].paragraph

    def facts(self) -> dict[str, str]:
        """As letters tell it."""
        return {"limit": self.limit, "title": self.title, "from": str(self.was or ""), "to": str(self.now)}

    def data(self) -> dict[str, Any]:
        """As an event keeps it: identifiers and days."""
        return {"limit": self.limit, "from": str(self.was), "to": str(self.now), "paragraph": self.paragraph}


@dataclass(frozen=True, slots=True)
class LimitChanges:
    """What a change brings to one inspection."""

    moved: tuple[LimitChange, ...] = ()
    frozen: Mapping[str, date] | None = None
    """Limits that are met, and would be due on another day: the day they were, and stay, due on."""
    clashes: tuple[Clash, ...] = ()
    """Appointments that fitted before and do not fit now."""

    @property
    def is_empty(self) -> bool:
        """Whether nobody need be told."""
        return not self.moved and not self.clashes


def changed_days(before: Mapping[str, date], after: Mapping[str, date | None]) -> tuple[LimitChange, ...]:
    """Each limit that has a day before and another one after."""
    pairs = ((key, was, after.get(key)) for key, was in before.items())
    return tuple(LimitChange(key, was, now) for key, was, now in pairs if now is not None and now != was)


def diff_limits(before: Inspection, old: Calendar, after: Inspection, new: Calendar) -> LimitChanges:
    """What is different for an inspection between one state and calendar and another."""
    had, has = _by_key(before, old), _by_key(after, new)
    days = {key: one.due for key, one in has.items() if one.state in UNMET_STATES and _is_relevant(after, one)}
    waited = {key: one.due for key, one in had.items() if one.state in UNMET_STATES and _is_relevant(before, one)}
    met = {key: one.due for key, one in had.items() if one.state not in UNMET_STATES}
    new_days = tuple(LimitChange(key, None, day) for key, day in days.items() if key not in waited and key not in met)
    known = clashes(before, old)
    return LimitChanges(
        moved=(*changed_days(waited, days), *new_days),
        frozen={key: due for key, due in met.items() if key in has and has[key].due != due},
        clashes=tuple(clash for clash in clashes(after, new) if clash not in known),
    )


def announced_on(inspection: Inspection) -> date | None:
    """The day on which the authority was told of days, while the letter that starts the clock is on its way."""
    if not inspection.notification_pending:
        return None
    return inspection.date_of("resumption_issued" if inspection.deferrals else "notification_issued")


def _by_key(inspection: Inspection, calendar: Calendar) -> dict[str, LimitStatus]:
    found = limit_statuses(inspection, calendar, as_if_notified=announced_on(inspection))
    return {one.rule.key: one for one in found}


def _is_relevant(inspection: Inspection, one: LimitStatus) -> bool:
    """While deferred nothing is due, but for what a new announcement says that is on its way."""
    return one.state == "open" or inspection.notification_pending
