"""Heartbeats while an activity runs: if its worker dies, the engine retries it after the heartbeat timeout, not the full one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity

HEARTBEAT_INTERVAL = 4.0
"""Seconds between two heartbeats: several fit into the heartbeat timeout (`workflows.delivery`)."""


@asynccontextmanager
async def heartbeating() -> AsyncIterator[None]:
    """Sends a heartbeat every `HEARTBEAT_INTERVAL` seconds while inside."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(HEARTBEAT_INTERVAL)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
