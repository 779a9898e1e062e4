"""Alerts about activities that are retried without end: a person is notified once they keep failing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from temporalio import activity

ALERT_AFTER = 8
"""Failed attempts until the alert: about ten minutes with the retry policy of the delivery."""

Alert = Callable[[str, int], None]
"""Records the alert; called with the error as text and the number of attempts."""


@asynccontextmanager
async def alert_after_retries(alert: Alert) -> AsyncIterator[None]:
    """Wraps one attempt of an activity: from attempt `ALERT_AFTER` on, an error is also passed to `alert`.

    Raises the error again, so that the engine retries the activity."""
    attempt = activity.info().attempt
    if attempt > ALERT_AFTER:
        # The earlier attempts may have timed out or lost their worker: then no alert was recorded for them.
        await asyncio.to_thread(alert, "its attempts did not come to an end", attempt - 1)
    try:
        yield
    except Exception as fault:
        if attempt >= ALERT_AFTER:
            await asyncio.to_thread(alert, f"{type(fault).__name__}: {fault}", attempt)
        raise
