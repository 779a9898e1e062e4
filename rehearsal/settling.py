"""Waiting until nothing more happens at this moment: everything due was done, and the outbox has come to rest."""

import asyncio
import time
from datetime import timedelta

from framework.common.errors import CheckFailed
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from records.database.connection import reading
from records.inspections import repository
from records.inspections.calendar_rollout import count_behind
from rehearsal.environment import World
from rehearsal.observer import Records

BOUND = 60.0
"""Seconds of real work that one moment may take; PDFs take most of them."""
POLL_INTERVAL = 0.02
HOLD_UP = timedelta(minutes=15)
"""How far the clock is moved at a time while letters wait for the next attempt."""
LONGEST_HOLD_UP = timedelta(hours=2)


def state(world: World, inspection: str) -> Inspection:
    """The inspection as its events make it."""
    with reading(world.system.records) as session:
        return repository.state(session, inspection)


async def settle(world: World, records: Records) -> None:
    """Wait until this moment's work is done. While mail is down letters stay, once each has been tried.

    Raises `CheckFailed` naming what did not come to rest."""
    give_up = time.monotonic() + BOUND
    while restless := await asyncio.to_thread(_restless, world, records):
        if time.monotonic() > give_up:
            raise CheckFailed(f"nothing more happened for {BOUND:.0f} seconds, and yet: {restless}")
        await asyncio.sleep(POLL_INTERVAL)


def _restless(world: World, records: Records) -> str:
    """What is still going on, in words; empty when it is quiet."""
    due = records.next_due()
    if due is not None and due <= world.clock.now():
        return f"something was due at {due:%Y-%m-%d %H:%M} UTC"
    if _behind(world):
        return "a new calendar is going round"
    outbox = records.outbox(world.clock.now())
    letters = outbox.letters if world.post.up else outbox.untried
    if waiting := (*outbox.documents, *letters):
        return f"on its way: {', '.join(waiting)}"
    return _unheard(state(world, records.inspection)) if world.post.up else ""


def _behind(world: World) -> int:
    with reading(world.system.records) as session:
        return count_behind(session)


def _unheard(inspection: Inspection) -> str:
    """A letter that starts a clock was taken, and the inspection has not heard of it yet."""
    if inspection.notification_pending:
        return "the notification is not yet recorded as served"
    cancelled = inspection.stage is Stage.CANCELLED and inspection.was_notified
    if cancelled and "cancellation_served" not in inspection.milestones_reached:
        return "the cancellation is not yet recorded as served"
    return ""


async def deliver_what_waits(world: World, records: Records) -> None:
    """Let time pass until letters that were held up have gone: the engine tries again within the hour."""
    begun = world.clock.now()
    while records.outbox(world.clock.now()).letters and world.clock.now() - begun < LONGEST_HOLD_UP:
        await world.clock.leap_to(world.clock.now() + HOLD_UP)
    await settle(world, records)
