"""The hands of the calendar's round: who has not reckoned with the version in force, telling them, and their letters."""

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
"""Inspections told, or deliveries woken, in one go: more at a time would only wait for each other in the worker."""
PAGE_DONE_RATIO = 0.2
"""The part of a page that may still be behind when the next is told."""
TIMEOUT_SECONDS, POLL_INTERVAL = 5.0, 0.1
"""Seconds a page is waited for, and between two looks; the rest is looked after at the end of the round."""
MAX_CONCURRENCY = 20


class CalendarRolloutActivities:
    """The records and the engine as the round sees them."""

    def __init__(self, records: Engine, client: Client) -> None:
        self._records = records
        self._client = client

    @activity.defn(name=COUNT_BEHIND_CALENDAR)
    def count_behind(self) -> int:
        """How many open inspections have not reckoned with the calendar in force."""
        with reading(self._records) as session:
            return calendar_rollout.count_behind(session)

    @activity.defn(name=NOTIFY_OF_CALENDAR)
    async def notify(self, page: RolloutPage) -> RolloutPageResult:
        """Tell the next of them to look into the records. Told twice, they look twice, and do nothing twice."""
        names = await asyncio.to_thread(self._names, page.after)
        fault_point("round: page read")
        told = await bounded_gather(names, lambda name: self._signalled(name, page.clock_shift), MAX_CONCURRENCY)
        fault_point("round: page told")
        over = tuple(name for name, heard in zip(names, told, strict=True) if not heard)
        await self._page_done(names, len(names) * PAGE_DONE_RATIO + len(over))
        return RolloutPageResult(last=names[-1] if names else "", finished=over)

    @activity.defn(name=WAKE_DELIVERIES)
    async def deliver(self, page: RolloutPage) -> RolloutPageResult:
        """Wake the next of the deliveries that have something to deliver. One that is awake looks once more."""
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

    async def _signalled(self, inspection: str, clock_shift: timedelta) -> bool:
        """Whether its story heard; one that was never begun (its entry point was cut off) is begun."""
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
    """Have a round go through every open inspection; begun where none is under way."""
    await client.start_workflow(
        CALENDAR_ROLLOUT_WORKFLOW,
        CalendarRollout(clock_shift=clock_shift),
        id=CALENDAR_ROLLOUT_ID,
        task_queue=INSPECTIONS_QUEUE,
        start_signal=CALENDAR_CHANGED,
        static_summary="The calendar of bank holidays goes round",
    )
