"""The one timer of a story. It stays as it is while what it waits for stays: each one set anew costs the engine two events."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from framework.lifecycle.agenda import Due


class UpdatableTimer:
    """Rings when the next thing is due."""

    def __init__(self) -> None:
        self._target: tuple[datetime, str] | None = None
        self._sleep: asyncio.Future[None] | None = None

    async def wait(self, due: Due | None, now: datetime, called: Callable[[], bool]) -> None:
        """Sleep to the next thing due, or until somebody calls."""
        self._set(due, now)
        await workflow.wait_condition(lambda: called() or (self._sleep is not None and self._sleep.done()))

    def cancel(self) -> None:
        """Nothing more is waited for."""
        if self._sleep is not None:
            self._sleep.cancel()
        self._target = self._sleep = None

    def _set(self, due: Due | None, now: datetime) -> None:
        waits_for = (due.at, due.words()) if due else None
        if self._target == waits_for and not (self._sleep and self._sleep.done()):
            return
        self.cancel()
        if due is not None:
            self._target = waits_for
            self._sleep = asyncio.ensure_future(workflow.sleep(due.at - now, summary=due.words()))
