"""What `inspections holidays add`, `move` and `remove` do: show what would move, or make the change and watch it go round."""

import asyncio
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from application.commands.change_calendar import (
    CalendarChanged,
    ChangeCalendar,
    RolloutProgress,
    change_calendar,
    watch_rollout,
)
from application.queries.change_previews import preview_calendar_change
from application.serializers.calendars import calendar_changed_as_json, calendar_preview_as_json
from framework.calendar.holiday_changes import HolidayChange, What
from framework.common.errors import BadInput
from interfaces.cli.options import day
from interfaces.cli.output import print_json, print_text
from interfaces.cli.previews_text import print_previews
from interfaces.cli.screen import print_line
from interfaces.cli.sessions import acting_session, reading_session, require_named


@dataclass(frozen=True, slots=True)
class Change:
    """One change as it was typed."""

    what: What
    on: str
    title: str = ""
    to: str = ""

    def holiday_change(self) -> HolidayChange:
        """Returns the change. Raises `BadInput` for what is no day."""
        return HolidayChange(self.what, _day(self.on), self.title, _day(self.to) if self.what == "move" else None)


@dataclass(frozen=True, slots=True)
class Options:
    """The options that the three commands share."""

    by: str
    preview: bool
    reason: str
    command: str
    json: bool
    data: Path | None


def run(change: Change, options: Options) -> None:
    """Shows or makes one change. Raises `BadInput`, `Refused`, and `Unreachable` with nothing changed."""
    request = ChangeCalendar(change.holiday_change(), options.reason, options.command)
    if options.preview:
        _preview(request, options)
    else:
        asyncio.run(_change(request, options))


def _day(text: str) -> date:
    value = day(text, "DATE")
    if value is None:
        raise BadInput("DATE is empty: say a day like 2011-04-29")
    return value


def _preview(request: ChangeCalendar, options: Options) -> None:
    with reading_session(options.data, options.by) as session:
        require_named(session, f"holidays {request.change.what}")
        preview = preview_calendar_change(session.caller, session.context, request.change)
        if options.json:
            print_json(calendar_preview_as_json(preview))
            return
        print_previews(preview.inspections, "No limit would move, and no appointment would clash.")
        print_line(f"{preview.change.words()}: open inspections looked at: {preview.open}; nothing was changed.")


async def _change(request: ChangeCalendar, options: Options) -> None:
    async with acting_session(options.data, options.by) as session:
        require_named(session, f"holidays {request.change.what}")
        changed = await change_calendar(session.caller, session.context, request)
        progress = await watch_rollout(session.context, changed.version)
    if options.json:
        print_json(calendar_changed_as_json(changed, progress))
    else:
        _print(changed, progress)


def _print(changed: CalendarChanged, progress: RolloutProgress) -> None:
    if changed.again:
        print_line(f"{changed.change.words()}: that is so since {changed.version}; nothing was changed.")
    else:
        print_text(f"{changed.change.words()}: the calendar is now {changed.version}.")
    print_text(f"Open inspections it was applied to: {progress.applied}; with limits that moved: {progress.moved}.")
    if progress.behind:
        print_text(f"{progress.behind} are still to come: the round goes on by itself.")
