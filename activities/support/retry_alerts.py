"""Work that is tried again for as long as it takes: after a while a person hears that it goes on failing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from temporalio import activity

ALERT_AFTER = 8
"""Attempts after which a person hears of it: some ten minutes, at the rhythm of the delivery."""

Alert = Callable[[str, int], None]
"""Writes down why, and after how many attempts."""


@asynccontextmanager
async def alert_after_retries(tell: Alert) -> AsyncIterator[None]:
    """One attempt. What it raises is raised, for the engine to try again; from the eighth on it is told, too."""
    attempt = activity.info().attempt
    if attempt > ALERT_AFTER:  # attempts that were cut off had nobody to say so
        await asyncio.to_thread(tell, "its attempts did not come to an end", attempt - 1)
    try:
        yield
    except Exception as fault:
        if attempt >= ALERT_AFTER:
            await asyncio.to_thread(tell, f"{type(fault).__name__}: {fault}", attempt)
        raise  # tried again, at last each hour
