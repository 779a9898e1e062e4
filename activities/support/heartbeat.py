"""A sign of life while an activity runs, so that one whose worker died is tried again soon, and not after its whole time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity

HEARTBEAT_INTERVAL = 4.0
"""Seconds between two signs: several fit into the time after which the engine gives a worker up (`workflows.delivery`)."""


@asynccontextmanager
async def heartbeating() -> AsyncIterator[None]:
    """Shows the engine that the activity goes on, while inside."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(HEARTBEAT_INTERVAL)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
