"""What `inspections holidays add`, `move` and `remove` do: show what would move, or make the change and watch it go round."""

import asyncio
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from application.commands.change_calendar import ChangeWish, Made, change, check, proposed, watch
from application.open_context import looking, open_records, with_or_without_engine
from application.queries import access_logging
from application.queries.change_previews import as_json, by_calendar
from application.queries.lookups import must_know_person
from framework.calendar.holiday_changes import HolidayChange, What
from framework.common.errors import BadInput, Unreachable
from interfaces.cli.do import day
from interfaces.cli.moves import print_moves
from interfaces.cli.output import print_json, print_line, print_text
from records.database.connection import reading

if TYPE_CHECKING:
    from records.inspections.calendar_rollout import RolloutProgress

Said = tuple[str, str, str, str]
"""What is changed, the day, the title, the day it moves to: as they were typed."""


def run(said: Said, by: str, preview: bool, reason: str, command: str, json: bool, data: Path | None) -> None:
    """One change, shown or made. Raises `BadInput`, `Refused`, and `Unreachable` with nothing changed."""
    what, on, title, to = said
    moved_to = _day(to) if what == "move" else None
    wish = ChangeWish(HolidayChange(cast(What, what), _day(on), title, moved_to), by, reason, command or str(uuid4()))
    if preview:
        _preview(wish, json, data)
    else:
        asyncio.run(_change(wish, json, data))


def _day(text: str) -> date:
    found = day(text, "DATE")
    if found is None:
        raise BadInput("DATE is empty: say a day like 2011-04-29")
    return found


def _preview(wish: ChangeWish, json: bool, data: Path | None) -> None:
    with looking(data) as view:
        must_know_person(view.session, wish.by)
        old, new = proposed(view.session, wish)
        found, looked_at = by_calendar(view.session, old, new)
        if json:
            told = [as_json(one) for one in found]
            print_json({"calendar": old.version, "change": wish.change.words(), "open": looked_at, "inspections": told})
            return
        print_moves(found, "No limit would move, and no appointment would clash.")
        print_line(f"{wish.change.words()}: open inspections looked at: {looked_at}; nothing was changed.")


async def _change(wish: ChangeWish, json: bool, data: Path | None) -> None:
    async with with_or_without_engine(data) as (system, missing):
        with access_logging.deed(lambda: open_records(system.settings), wish.by, _said(wish)) as known:
            with reading(system.records) as session:
                must_know_person(session, wish.by)
            check(system, wish)
            if missing:
                raise Unreachable(f"the calendar was not changed: {missing}", remedy=missing.remedy)
            made = await change(system, wish)
            known |= {"calendar": made.version, "again": made.again}
        _tell(wish, made, await watch(system, made.version), json)


def _said(wish: ChangeWish) -> access_logging.Read:
    asked = {"change": wish.change.words(), "reason": wish.reason.strip(), "command_id": wish.command}
    return access_logging.Read(f"holidays {wish.change.what}", asked=asked)


def _tell(wish: ChangeWish, made: Made, so_far: "RolloutProgress", json: bool) -> None:
    if json:
        print_json(
            {
                "calendar": made.version,
                "before": made.before,
                "made": not made.again,
                "command": wish.command,
                "inspections": so_far.reckoned,
                "moved": so_far.moved,
                "behind": so_far.behind,
            }
        )
        return
    if made.again:
        print_line(f"{wish.change.words()}: that is so since {made.version}; nothing was changed.")
    else:
        print_text(f"{wish.change.words()}: the calendar is now {made.version}.")
    print_text(f"Open inspections that reckon with it: {so_far.reckoned}; with limits that moved: {so_far.moved}.")
    if so_far.behind:
        print_text(f"{so_far.behind} are still to come: the round goes on by itself.")
