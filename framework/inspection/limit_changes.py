"""Compares the limits of two states or calendars: for letters, previews, «what if» and the calendar rollout.

Limits that are met stay as they were; unmet ones are derived anew. Appointments never move: see `appointments`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.inspection.appointments import Clash, clashes
from framework.inspection.limits import BY_KEY
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import LimitStatus, limit_statuses

UNMET_STATES = ("open", "suspended")
"""States of a limit that is neither met nor lapsed."""


@dataclass(frozen=True, slots=True)
class LimitChange:
    """One limit whose due day changed."""

    limit: str
    was: date | None
    """None if it had no day before."""
    now: date

    @property
    def title(self) -> str:
        """Returns the title of the limit in letters and on screens."""
        return BY_KEY[self.limit].title

    @property
    def paragraph(self) -> int:
        """Returns the paragraph of the limit in the framework."""
        return BY_KEY[self.limit].paragraph

    def facts(self) -> dict[str, str]:
        """Returns it as a letter's facts."""
        return {"limit": self.limit, "title": self.title, "from": str(self.was or ""), "to": str(self.now)}

    def data(self) -> dict[str, Any]:
        """Returns it as the data of an event: identifiers and days."""
        return {"limit": self.limit, "from": str(self.was), "to": str(self.now), "paragraph": self.paragraph}


@dataclass(frozen=True, slots=True)
class LimitChanges:
    """The effect of a change on the limits and appointments of one inspection."""

    moved: tuple[LimitChange, ...] = ()
    frozen: Mapping[str, date] | None = None
    """Limits that are met, and would be due on another day: the day they were, and stay, due on."""
    clashes: tuple[Clash, ...] = ()
    """Appointments that clash now and did not before."""

    @property
    def is_empty(self) -> bool:
        """Returns whether nothing moved and nothing clashes."""
        return not self.moved and not self.clashes


def changed_days(before: Mapping[str, date], after: Mapping[str, date | None]) -> tuple[LimitChange, ...]:
    """Returns each limit that has a day before and another one after."""
    pairs = ((key, was, after.get(key)) for key, was in before.items())
    return tuple(LimitChange(key, was, now) for key, was, now in pairs if now is not None and now != was)


def diff_limits(before: Inspection, old: Calendar, after: Inspection, new: Calendar) -> LimitChanges:
    """Returns the changes of an inspection between one state and calendar and another."""
    had, has = _by_key(before, old), _by_key(after, new)
    days = {key: limit.due for key, limit in has.items() if limit.state in UNMET_STATES and _is_relevant(after, limit)}
    waited = {
        key: limit.due for key, limit in had.items() if limit.state in UNMET_STATES and _is_relevant(before, limit)
    }
    met = {key: limit.due for key, limit in had.items() if limit.state not in UNMET_STATES}
    new_days = tuple(LimitChange(key, None, day) for key, day in days.items() if key not in waited and key not in met)
    known = clashes(before, old)
    return LimitChanges(
        moved=(*changed_days(waited, days), *new_days),
        frozen={key: due for key, due in met.items() if key in has and has[key].due != due},
        clashes=tuple(clash for clash in clashes(after, new) if clash not in known),
    )


def announced_on(inspection: Inspection) -> date | None:
    """Returns the day on which the authority was sent its dates, while the letter that starts the time is not yet served."""
    if not inspection.notification_pending:
        return None
    return inspection.date_of("resumption_issued" if inspection.deferrals else "notification_issued")


def _by_key(inspection: Inspection, calendar: Calendar) -> dict[str, LimitStatus]:
    statuses = limit_statuses(inspection, calendar, as_if_begun=announced_on(inspection))
    return {limit.rule.key: limit for limit in statuses}


def _is_relevant(inspection: Inspection, limit: LimitStatus) -> bool:
    """Returns whether the limit is due: nothing is while deferred, except by a new announcement that is not yet served."""
    return limit.state == "open" or inspection.notification_pending
