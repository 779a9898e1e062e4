"""The calendar of bank holidays, its versions, and changes of it, as JSON."""

from collections.abc import Iterable
from typing import Any

from application.commands.change_calendar import CalendarChanged, RolloutProgress
from application.queries.calendars import CalendarVersion, HolidayList
from application.queries.change_previews import CalendarPreview, InspectionPreview, WhatIf


def holidays_as_json(holidays: HolidayList) -> list[dict[str, Any]]:
    """Returns the bank holidays in force, in the form in which dates are previewed with them."""
    return [{"date": day, "title": title} for day, title in sorted(holidays.calendar.holidays.items())]


def versions_as_json(versions: Iterable[CalendarVersion]) -> list[dict[str, Any]]:
    """Returns the versions, each with what it changed in the one before."""
    names = ("version", "made_at", "made_by", "reason", "first", "last")
    return [{**{name: getattr(row, name) for name in names}, **row.changes.facts()} for row in versions]


def calendar_changed_as_json(changed: CalendarChanged, progress: RolloutProgress) -> dict[str, Any]:
    """Returns the version that a change made, and the progress of its rollout."""
    return {
        "calendar": changed.version,
        "before": changed.before,
        "made": not changed.again,
        "command": changed.command,
        "inspections": progress.applied,
        "moved": progress.moved,
        "behind": progress.behind,
    }


def calendar_preview_as_json(preview: CalendarPreview) -> dict[str, Any]:
    """Returns what a change of the calendar would move."""
    return {
        "calendar": preview.calendar,
        "change": preview.change.words(),
        "open": preview.open,
        "inspections": [preview_as_json(row) for row in preview.inspections],
    }


def what_if_as_json(answer: WhatIf) -> dict[str, Any]:
    """Returns what a supposition would move."""
    days = {name: getattr(answer.supposed, name) for name in ("notified", "fieldwork", "holiday", "defer_to")}
    return {
        "calendar": answer.calendar,
        "supposed": {name: value for name, value in days.items() if value},
        "inspections": [preview_as_json(row) for row in answer.inspections],
    }


def preview_as_json(preview: InspectionPreview) -> dict[str, Any]:
    """Returns what would move in one inspection."""
    return {
        "inspection": preview.inspection.id,
        "stage": preview.inspection.stage,
        "moved": [
            {**limit.facts(), "from": limit.was, "paragraph": limit.paragraph} for limit in preview.changes.moved
        ],
        "clashes": [
            {
                "appointment": clash.appointment,
                "title": clash.title,
                "day": clash.day,
                "why": clash.why,
                "paragraph": clash.paragraph,
            }
            for clash in preview.changes.clashes
        ],
        "note": preview.note or None,
    }
