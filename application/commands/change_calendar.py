"""Changing the calendar of bank holidays: who may, the new version, and the round that tells every open inspection.

The version is written to the records first; the round is woken before and after, so that an entry point that dies in between
is made good. Without an engine nothing is changed."""

import asyncio
import time
from dataclasses import dataclass
from uuid import uuid4

from sqlmodel import Session
from temporalio.service import RPCError

from activities.recording.calendar_rollout import start_calendar_rollout
from activities.support.fault_points import fault_point
from application.runtime.context import AppContext
from framework.calendar.bank_holidays import Calendar
from framework.calendar.holiday_changes import HolidayChange, changed, check_permitted, is_change
from framework.common.errors import BadInput, Unreachable
from framework.common.free_text import require_reason
from framework.messages.commands import require_command_id
from records.calendars import versions
from records.database.connection import reading, writing
from records.directory import directory
from records.inspections.calendar_rollout import RolloutProgress, progress_of

TIMEOUT_SECONDS = 15.0
"""Seconds an entry point watches the round; it goes on whether watched or not."""
POLL_INTERVAL = 0.2


@dataclass(frozen=True, slots=True)
class ChangeWish:
    """A change somebody wants, as they said it."""

    change: HolidayChange
    by: str
    reason: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """The version in which the change stands."""

    version: str
    before: str
    again: bool
    """Whether it was made before, by the same command or by the same change: nothing was changed now."""


def proposed(session: Session, wish: ChangeWish) -> tuple[Calendar, Calendar]:
    """The calendar in force, and as it would be. Raises `BadInput` for a change that cannot be made, `Refused`."""
    check_permitted(wish.by, directory.posts(session, wish.by))
    if wish.reason:
        require_reason(wish.reason)
    if wish.command:
        require_command_id(wish.command)
    now = versions.calendar_in_force(session)
    return now, changed(now, wish.change)


def check(system: AppContext, wish: ChangeWish) -> None:
    """Whether it may be made, without making it. Raises as `proposed` does; not for one that was made before."""
    with reading(system.records) as session:
        check_permitted(wish.by, directory.posts(session, wish.by))
        if _made_before(session, wish) is None:
            proposed(session, wish)


async def change(system: AppContext, wish: ChangeWish) -> Made:
    """Make a new version and have it go round. Raises `BadInput`, `Refused`; `Unreachable` before anything is changed.

    The same command, or the change that made the version in force, is not made again; the round is woken all the same."""
    check(system, wish)
    client = system.engine()
    try:
        await start_calendar_rollout(client, system.clock_shift)
    except RPCError as error:
        raise Unreachable(f"the engine does not answer ({error.message}): the calendar was not changed") from None
    fault_point("entry point: before the calendar is written")
    made = await asyncio.to_thread(_write, system, wish)
    fault_point("entry point: calendar written")
    try:
        await start_calendar_rollout(client, system.clock_shift)
    except RPCError as error:
        raise Unreachable(
            f"{made.version} is in force, and goes round as soon as the engine answers again ({error.message})"
        ) from None
    fault_point("entry point: calendar round woken")
    return made


async def watch(system: AppContext, version: str, timeout_seconds: float = TIMEOUT_SECONDS) -> RolloutProgress:
    """How the round stands when it is through, or when timeout_seconds is over."""
    give_up = time.monotonic() + timeout_seconds
    while True:
        found = await asyncio.to_thread(_round, system, version)
        if not found.behind or time.monotonic() > give_up:
            return found
        await asyncio.sleep(POLL_INTERVAL)


def _round(system: AppContext, version: str) -> RolloutProgress:
    with reading(system.records) as session:
        return progress_of(session, version)


def _write(system: AppContext, wish: ChangeWish) -> Made:
    with writing(system.records) as session:
        versions.lock_calendar_exclusive(session)
        if made := _made_before(session, wish):
            return made
        now, wanted = proposed(session, wish)
        reason = wish.reason.strip() or wish.change.words()
        command = wish.command or str(uuid4())
        new = versions.add_version(session, wanted.holidays, system.now(), wish.by, reason, command)
    return Made(new.version, now.version, again=False)


def _made_before(session: Session, wish: ChangeWish) -> Made | None:
    """The version this command made, or the one in force where this very change made it.

    Raises `BadInput` where the command was another change."""
    known = versions.made_by_command(session, wish.command)
    version = known or versions.version_in_force(session.connection())
    older = versions.version_before(session, version)
    if older is None:
        return None
    newer = Calendar(**versions.calendar(session, version).model_dump())
    if is_change(wish.change, older, newer):
        return Made(version, older.version, again=True)
    if known:
        raise BadInput(f"{wish.command} was another change, which made {version}", field="command")
    return None
