"""Waits until everything at the present moment is done: due items, calendar rollouts, and the outbox."""

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
"""Seconds of real time that one moment may take; PDFs take most of it."""
POLL_INTERVAL = 0.02
RETRY_STEP = timedelta(minutes=15)
"""How far the clock is moved at a time while letters wait for the next attempt."""
LONGEST_WAIT = timedelta(hours=2)


def state(world: World, inspection: str) -> Inspection:
    """Returns the state of the inspection from its events."""
    with reading(world.system.records) as session:
        return repository.state(session, inspection)


async def until_settled(world: World, records: Records) -> None:
    """Waits until this moment's work is done. While mail is down letters may wait, after one attempt each.

    Raises `CheckFailed` naming what is not done in time."""
    give_up = time.monotonic() + BOUND
    while unsettled := await asyncio.to_thread(_unsettled, world, records):
        if time.monotonic() > give_up:
            raise CheckFailed(f"nothing more happened for {BOUND:.0f} seconds, and yet: {unsettled}")
        await asyncio.sleep(POLL_INTERVAL)


def _unsettled(world: World, records: Records) -> str:
    """Returns what is not done yet, in words; empty if everything is."""
    due = records.next_due()
    if due is not None and due <= world.clock.now():
        return f"something was due at {due:%Y-%m-%d %H:%M} UTC"
    if _behind(world):
        return "a new calendar is going round"
    outbox = records.outbox(world.clock.now())
    letters = outbox.letters if world.post.up else outbox.untried
    if waiting := (*outbox.documents, *letters):
        return f"on its way: {', '.join(waiting)}"
    return _unserved(state(world, records.inspection)) if world.post.up else ""


def _behind(world: World) -> int:
    with reading(world.system.records) as session:
        return count_behind(session)


def _unserved(inspection: Inspection) -> str:
    """Returns the service that is not recorded yet, although its letter was accepted; empty if there is none."""
    if inspection.notification_pending:
        return "the notification is not yet recorded as served"
    cancelled = inspection.stage is Stage.CANCELLED and inspection.was_notified
    if cancelled and "cancellation_served" not in inspection.milestones_reached:
        return "the cancellation is not yet recorded as served"
    return ""


async def deliver_what_waits(world: World, records: Records) -> None:
    """Lets time pass until waiting letters are sent: the engine retries at least once an hour."""
    begun = world.clock.now()
    while records.outbox(world.clock.now()).letters and world.clock.now() - begun < LONGEST_WAIT:
        await world.clock.leap_to(world.clock.now() + RETRY_STEP)
    await until_settled(world, records)
