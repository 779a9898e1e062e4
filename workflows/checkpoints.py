"""The hourly round of the whole system: a signed list of all heads where one moved, sent to the auditors; and once a day a
look for inspections that are over and whose histories are not kept. In each round the mailbox is read that letters come back to.

One runs for each system. Mail that is down holds up no list: the newest unsent one is tried again in the next round."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.names import (
        DOCUMENTS_QUEUE,
        LETTERS_QUEUE,
        MAKE_CHECKPOINT,
        READ_BOUNCES,
        SEND_CHECKPOINT,
        SWEEP_HISTORIES,
    )
    from framework.messages.delivery import CheckpointsStart, ShiftedId

INTERVAL = timedelta(hours=1)
SHORTEST_WAIT = timedelta(minutes=1)
ROUNDS_PER_DAY = 24
MAX_ROUNDS = 7 * ROUNDS_PER_DAY
"""Rounds after which the workflow continues as new, so that its history stays short."""
ATTEMPT_TIMEOUT = timedelta(minutes=3)
HEARTBEAT_TIMEOUT = timedelta(seconds=20)
RETRY_FOREVER = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=10))


@workflow.defn
class CheckpointsWorkflow:
    """The workflow of the hourly rounds, which never ends."""

    @workflow.run
    async def run(self, start: CheckpointsStart) -> None:
        """Runs a round each hour; continues as new after a week."""
        unsent = start.unsent
        for number in range(MAX_ROUNDS):
            next_round = workflow.now() + INTERVAL
            if number % ROUNDS_PER_DAY == 0:
                await self._sweep()
            await self._read_bounces(start)
            unsent = await self._make(start) or unsent
            if unsent and await self._send(unsent):
                unsent = 0
            await workflow.sleep(max(next_round - workflow.now(), SHORTEST_WAIT), summary="the next round")
        workflow.continue_as_new(CheckpointsStart(unsent=unsent, clock_shift=start.clock_shift))

    async def _make(self, start: CheckpointsStart) -> int:
        number: int = await workflow.execute_activity(
            MAKE_CHECKPOINT,
            ShiftedId(id="", clock_shift=start.clock_shift),
            result_type=int,
            task_queue=DOCUMENTS_QUEUE,
            start_to_close_timeout=ATTEMPT_TIMEOUT,
            retry_policy=RETRY_FOREVER,
            summary="sign all heads, if one moved",
        )
        return number

    async def _send(self, number: int) -> bool:
        """Sends a checkpoint to the auditors; returns False when it could not be sent within the hour."""
        return await self._within_the_hour(SEND_CHECKPOINT, number, f"send the signed list {number} to the auditors")

    async def _read_bounces(self, start: CheckpointsStart) -> None:
        """Reads the mailbox; one that cannot be read holds up nothing, becomes a task, and is tried again in the next round."""
        shift = ShiftedId(id="", clock_shift=start.clock_shift)
        if not await self._within_the_hour(READ_BOUNCES, shift, "read the mailbox that letters come back to"):
            workflow.logger.warning("the mailbox that letters come back to was not read in this round")

    async def _within_the_hour(self, activity: str, argument: int | ShiftedId, summary: str) -> bool:
        """Runs an activity on a mail server; returns False if no attempt succeeded before the next round."""
        try:
            await workflow.execute_activity(
                activity,
                argument,
                result_type=int,
                task_queue=LETTERS_QUEUE,
                schedule_to_close_timeout=INTERVAL,
                start_to_close_timeout=ATTEMPT_TIMEOUT,
                heartbeat_timeout=HEARTBEAT_TIMEOUT,
                retry_policy=RETRY_FOREVER,
                summary=summary,
            )
        except ActivityError:
            return False
        return True

    async def _sweep(self) -> None:
        await workflow.execute_activity(
            SWEEP_HISTORIES,
            result_type=int,
            task_queue=DOCUMENTS_QUEUE,
            start_to_close_timeout=ATTEMPT_TIMEOUT,
            retry_policy=RETRY_FOREVER,
            summary="keep the histories that were missed",
        )
