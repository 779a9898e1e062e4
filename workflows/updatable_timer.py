"""The timer of a workflow. It is kept while its target does not change: each new timer costs two events of the history."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from framework.lifecycle.due_items import Due


class UpdatableTimer:
    """A timer for the next due item, whose target can change while it runs."""

    def __init__(self) -> None:
        self._target: tuple[datetime, str] | None = None
        self._sleep: asyncio.Future[None] | None = None

    async def wait(self, due: Due | None, now: datetime, is_woken: Callable[[], bool]) -> None:
        """Waits until the next item is due, or `is_woken` returns true."""
        self._set(due, now)
        await workflow.wait_condition(lambda: is_woken() or (self._sleep is not None and self._sleep.done()))

    def cancel(self) -> None:
        """Cancels the timer."""
        if self._sleep is not None:
            self._sleep.cancel()
        self._target = self._sleep = None

    def _set(self, due: Due | None, now: datetime) -> None:
        target = (due.at, due.words()) if due else None
        if self._target == target and not (self._sleep and self._sleep.done()):
            return
        self.cancel()
        if due is not None:
            self._target = target
            self._sleep = asyncio.ensure_future(workflow.sleep(due.at - now, summary=due.words()))
