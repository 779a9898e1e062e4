"""Activities of the calendar rollout: counting and signalling the inspections that are behind, and waking deliveries."""

import asyncio
import time
from datetime import timedelta

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.names import (
    CALENDAR_CHANGED,
    CALENDAR_ROLLOUT_ID,
    CALENDAR_ROLLOUT_WORKFLOW,
    COUNT_BEHIND_CALENDAR,
    INSPECTIONS_QUEUE,
    NOTIFY_OF_CALENDAR,
    REFRESH,
    WAKE_DELIVERIES,
    inspection_workflow_id,
)
from activities.recording.commit import wake_delivery
from activities.recording.start_workflow import start_inspection_workflow
from activities.support.concurrency import bounded_gather
from activities.support.fault_points import fault_point
from framework.messages.calendar_rollout import CalendarRollout, RolloutPage, RolloutPageResult
from records.database.connection import reading
from records.inspections import calendar_rollout, unfinished_work
from records.inspections.repository import beginning

PAGE_SIZE = 50
"""Inspections signalled, or deliveries woken, in one activity: more would only wait for each other in the worker."""
PAGE_DONE_RATIO = 0.2
"""The fraction of a page that may still be behind when the next page is signalled."""
TIMEOUT_SECONDS, POLL_INTERVAL = 5.0, 0.1
"""Seconds to wait for a page, and between two counts; inspections still behind are counted at the end of the rollout."""
MAX_CONCURRENCY = 20


class CalendarRolloutActivities:
    """Activities with the records and the engine."""

    def __init__(self, records: Engine, client: Client) -> None:
        self._records = records
        self._client = client

    @activity.defn(name=COUNT_BEHIND_CALENDAR)
    def count_behind(self) -> int:
        """Returns the number of open inspections that have not applied the calendar in force."""
        with reading(self._records) as session:
            return calendar_rollout.count_behind(session)

    @activity.defn(name=NOTIFY_OF_CALENDAR)
    async def notify(self, page: RolloutPage) -> RolloutPageResult:
        """Signals the next inspections to refresh; a second signal has no further effect."""
        names = await asyncio.to_thread(self._names, page.after)
        fault_point("round: page read")
        signalled = await bounded_gather(names, lambda name: self._notify(name, page.clock_shift), MAX_CONCURRENCY)
        fault_point("round: page told")
        finished = tuple(name for name, success in zip(names, signalled, strict=True) if not success)
        await self._page_done(names, len(names) * PAGE_DONE_RATIO + len(finished))
        return RolloutPageResult(last=names[-1] if names else "", finished=finished)

    @activity.defn(name=WAKE_DELIVERIES)
    async def deliver(self, page: RolloutPage) -> RolloutPageResult:
        """Wakes the next deliveries that have something to deliver; one that runs reads its outbox once more."""
        names = await asyncio.to_thread(self._inspections_with_mail, page.after)
        await bounded_gather(names, lambda name: wake_delivery(self._client, name, page.clock_shift), MAX_CONCURRENCY)
        return RolloutPageResult(last=names[-1] if names else "")

    def _inspections_with_mail(self, after: str) -> list[str]:
        with reading(self._records) as session:
            return [name for name in unfinished_work.outboxes(session) if name > after][:PAGE_SIZE]

    async def _page_done(self, names: list[str], few: float) -> None:
        give_up = time.monotonic() + TIMEOUT_SECONDS
        while await asyncio.to_thread(self._behind, names) > few and time.monotonic() < give_up:
            await asyncio.sleep(POLL_INTERVAL)

    def _behind(self, names: list[str]) -> int:
        with reading(self._records) as session:
            return calendar_rollout.count_behind(session, names)

    def _names(self, after: str) -> list[str]:
        with reading(self._records) as session:
            return calendar_rollout.behind(session, after, PAGE_SIZE)

    async def _notify(self, inspection: str, clock_shift: timedelta) -> bool:
        """Signals a workflow, which is started if its entry point died before that; returns False if it has ended."""
        if await self._signal(inspection):
            return True
        with reading(self._records) as session:
            start = beginning(session, inspection, clock_shift)
        if start is not None:
            await start_inspection_workflow(self._client, start)
        return await self._signal(inspection)

    async def _signal(self, inspection: str) -> bool:
        try:
            await self._client.get_workflow_handle(inspection_workflow_id(inspection)).signal(REFRESH)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True


async def start_calendar_rollout(client: Client, clock_shift: timedelta = timedelta()) -> None:
    """Starts the rollout, or signals the one that runs."""
    await client.start_workflow(
        CALENDAR_ROLLOUT_WORKFLOW,
        CalendarRollout(clock_shift=clock_shift),
        id=CALENDAR_ROLLOUT_ID,
        task_queue=INSPECTIONS_QUEUE,
        start_signal=CALENDAR_CHANGED,
        static_summary="The calendar of bank holidays goes round",
    )
