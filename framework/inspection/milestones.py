"""The ten milestones of an inspection as the entry points show them, and the check of days that a person gives."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.calendar.working_days import working_days_counting_first
from framework.common.errors import BadInput
from framework.inspection.limits import AS_SHIPPED, BY_KEY, LimitSettings, derive_due_dates
from framework.lifecycle.limits import DueDate

KEYS = (
    "notification",
    "set_up_meeting",
    "fieldwork_starts",
    "case_audits",
    "inspection_ends",
    "draft_report",
    "factual_comments",
    "final_report",
    "publication",
    "complaints_close",
)
"""The milestones, in the order of display."""

IN_ORDER = ("notification", "fieldwork_starts", "inspection_ends", "draft_report", "publication")
"""The days that can be known of an inspection; none lies before the one named before it."""

ON_SITE = ("fieldwork_starts", "inspection_ends")
"""The first and last day on site: working days."""


def milestones(
    known: Mapping[str, date],
    calendar: Calendar,
    settings: LimitSettings = AS_SHIPPED,
    explain: bool = False,
    *,
    fieldwork_agreed: date | None = None,
) -> dict[str, Any]:
    """Returns the calendar's version and the milestones that follow from `known` (as in `derive_due_dates`), ready for JSON.

    With `explain` each lists the days it skipped. Raises BadInput for a day outside the calendar.
    """
    derived = derive_due_dates(known, calendar, settings, fieldwork_agreed=fieldwork_agreed, only=KEYS)
    shown = [as_json(derived[key], explain) for key in KEYS if key in derived]
    return {"calendar": calendar.version, "milestones": shown}


def as_json(milestone: DueDate, explain: bool = False) -> dict[str, Any]:
    """Returns one milestone (or any other limit) as the entry points answer it; the notification has no anchor."""
    if milestone.key == "notification":
        return {"key": milestone.key, "due": milestone.due.isoformat(), "paragraph": milestone.paragraph}
    shown: dict[str, Any] = {
        "key": milestone.key,
        "due": milestone.due.isoformat(),
        "anchor": milestone.anchor,
        "anchor_date": milestone.anchor_date.isoformat(),
        "count": milestone.count,
        "unit": milestone.unit,
        "paragraph": milestone.paragraph,
    }
    if milestone.projected:
        shown["projected"] = True
    if explain:
        shown["skipped"] = [{"date": day.date.isoformat(), "why": day.why} for day in milestone.skipped]
    return shown


def check(known: Mapping[str, date], calendar: Calendar, names: Mapping[str, str]) -> None:
    """Raises BadInput, each fault under its name in `names`, unless the given days can be true together.

    The days on site are working days, at most ten from first to last (para 11); every day stands in its order. The
    notification may be any day.
    """
    faults = (*_not_worked(known, calendar, names), *_out_of_order(known, names))
    faults = faults or tuple(_too_long(known, calendar, names))
    if faults:
        raise BadInput("the days given cannot be true together", faults)


def _not_worked(known: Mapping[str, date], calendar: Calendar, names: Mapping[str, str]) -> Iterator[str]:
    for key in ON_SITE:
        if key in known:
            try:
                why = calendar.why_not(known[key])
            except BadInput as error:
                yield f"{names[key]} {known[key]}: {error}"
            else:
                if why:
                    yield f"{names[key]} {known[key]}: must be a working day, and this is not one ({why})"


def _out_of_order(known: Mapping[str, date], names: Mapping[str, str]) -> Iterator[str]:
    given = [key for key in IN_ORDER if key in known]
    for before, after in pairwise(given):
        if known[after] < known[before]:
            yield f"{names[after]} {known[after]}: cannot be before {names[before]} {known[before]}"


def _too_long(known: Mapping[str, date], calendar: Calendar, names: Mapping[str, str]) -> Iterator[str]:
    if all(key in known for key in ON_SITE):
        first, last = (known[key] for key in ON_SITE)
        at_most = BY_KEY["inspection_ends"].count
        latest = working_days_counting_first(first, at_most, calendar).due
        if last > latest:
            yield (
                f"{names['inspection_ends']} {last}: is more than {at_most} working days on site"
                f" from {names['fieldwork_starts']} {first}; the last would be {latest} (para 11)"
            )
