"""Changing the calendar of bank holidays: a new version, and the round in which every open inspection takes it over.

The version is committed to the records first; the round is woken before and after, so that it goes on even where the entry
point is cut off in between. Without an engine nothing is changed."""

import asyncio
import time
from contextlib import nullcontext
from dataclasses import dataclass
from uuid import uuid4

from sqlmodel import Session
from temporalio.service import RPCError

from activities.recording.calendar_rollout import start_calendar_rollout
from activities.support.fault_points import fault_point
from application.caller import Caller
from application.queries.access_logging import Use, logged_async_action
from application.queries.lookups import must_know_person
from application.runtime.context import AppContext
from application.runtime.threads import read_in_thread, write_in_thread
from framework.calendar.bank_holidays import Calendar
from framework.calendar.holiday_changes import HolidayChange, changed, check_permitted, is_change
from framework.common.errors import BadInput, Unreachable
from framework.common.free_text import require_reason
from framework.messages.commands import require_command_id
from records.calendars import versions
from records.database.connection import reading, writing
from records.directory import directory
from records.inspections.calendar_rollout import RolloutProgress as RolloutProgress
from records.inspections.calendar_rollout import progress_of

TIMEOUT_SECONDS = 15.0
"""Seconds an entry point watches the round; it goes on whether watched or not."""
POLL_INTERVAL = 0.2


@dataclass(frozen=True, slots=True)
class ChangeCalendar:
    """A change of the calendar that the caller wants to make."""

    change: HolidayChange
    reason: str = ""
    command: str = ""
    """Identifies the command, so that it is done once however often it is sent; empty for a new one."""


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """The version in which the change stands."""

    change: HolidayChange
    command: str
    version: str
    before: str
    again: bool
    """Whether it was made before, by the same command or by the same change: nothing was changed now."""


async def change_calendar(caller: Caller, context: AppContext, request: ChangeCalendar) -> CalendarChanged:
    """Makes a new version and starts its rollout. Raises `BadInput`, `Refused`; `Unreachable` before anything is changed.

    The same command, or the change that made the version in force, is not made again; the rollout is signalled in any case."""
    command = request.command or str(uuid4())
    parameters = {"change": request.change.words(), "reason": request.reason.strip(), "command_id": command}
    use = Use(f"holidays {request.change.what}", parameters=parameters)
    async with logged_async_action(caller, use, lambda: nullcontext(context.records), context.warn) as facts:
        if request.command:
            require_command_id(request.command)
        if request.reason:
            require_reason(request.reason)
        await read_in_thread(_check, caller, context, request)
        result = await _change(caller, context, request, command)
        facts |= {"calendar": result.version, "again": result.again}
    return result


async def watch_rollout(context: AppContext, version: str, timeout_seconds: float = TIMEOUT_SECONDS) -> RolloutProgress:
    """Returns the progress of the round when it is through, or when `timeout_seconds` are over."""
    give_up = time.monotonic() + timeout_seconds
    while True:
        progress = await read_in_thread(_progress, context, version)
        if not progress.behind or time.monotonic() > give_up:
            return progress
        await asyncio.sleep(POLL_INTERVAL)


async def _change(caller: Caller, context: AppContext, request: ChangeCalendar, command: str) -> CalendarChanged:
    try:
        client = context.engine()
        await start_calendar_rollout(client, context.clock_shift)
    except Unreachable as error:
        what = f"the calendar was not changed: {error}"
        raise Unreachable(what, remedy=error.remedy, subject=error.subject) from None
    except RPCError as error:
        raise Unreachable(f"the engine does not answer ({error.message}): the calendar was not changed") from None
    fault_point("entry point: before the calendar is written")
    result = await write_in_thread(_write, caller, context, request, command)
    fault_point("entry point: calendar written")
    try:
        await start_calendar_rollout(client, context.clock_shift)
    except RPCError as error:
        raise Unreachable(
            f"{result.version} is in force, and goes round as soon as the engine answers again ({error.message})"
        ) from None
    fault_point("entry point: calendar round woken")
    return result


def _check(caller: Caller, context: AppContext, request: ChangeCalendar) -> None:
    """Raises what `_proposed` does, but not for a change that was made before."""
    with reading(context.records) as session:
        must_know_person(session, caller.person)
        check_permitted(caller.person, directory.posts(session, caller.person))
        if _made_before(session, request) is None:
            _proposed(session, request)


def _progress(context: AppContext, version: str) -> RolloutProgress:
    with reading(context.records) as session:
        return progress_of(session, version)


def _write(caller: Caller, context: AppContext, request: ChangeCalendar, command: str) -> CalendarChanged:
    change = request.change
    with writing(context.records) as session:
        versions.lock_calendar_exclusive(session)
        if existing := _made_before(session, request):
            return CalendarChanged(change, command, *existing, again=True)
        check_permitted(caller.person, directory.posts(session, caller.person))
        now, proposed = _proposed(session, request)
        reason = request.reason.strip() or change.words()
        new = versions.add_version(session, proposed.holidays, context.now(), caller.person, reason, command)
    return CalendarChanged(change, command, new.version, now.version, again=False)


def _proposed(session: Session, request: ChangeCalendar) -> tuple[Calendar, Calendar]:
    """Returns the calendar in force, and as it would be. Raises `BadInput` for a change that cannot be made."""
    now = versions.calendar_in_force(session)
    return now, changed(now, request.change)


def _made_before(session: Session, request: ChangeCalendar) -> tuple[str, str] | None:
    """Returns the version this command made, or the one in force where this very change made it, and the one before.

    Raises `BadInput` where the command was another change."""
    known = versions.made_by_command(session, request.command)
    version = known or versions.version_in_force(session.connection())
    older = versions.version_before(session, version)
    if older is None:
        return None
    newer = Calendar(**versions.calendar(session, version).model_dump())
    if is_change(request.change, older, newer):
        return version, older.version
    if known:
        raise BadInput(f"{request.command} was another change, which made {version}", field="command")
    return None
