"""The hourly round of the whole system: a signed list of all heads where one moved, sent to the auditors; and once a day a
look for inspections that are over and whose histories are not kept.

One runs for each system. Mail that is down holds up no list: the newest unsent one is tried again in the next round."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.names import (
        DOCUMENTS_QUEUE,
        LETTERS_QUEUE,
        MAKE_HEAD_LIST,
        SEND_HEAD_LIST,
        SWEEP_HISTORIES,
    )
    from framework.messages.delivery import Shifted, WitnessStart

EVERY = timedelta(hours=1)
AT_LEAST = timedelta(minutes=1)
ROUNDS_A_DAY = 24
MOST_ROUNDS = 7 * ROUNDS_A_DAY
"""Rounds after which the story begins anew, so that its history stays short."""
ATTEMPT = timedelta(minutes=3)
SIGN_OF_LIFE = timedelta(seconds=20)
UNTIL_IT_WORKS = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=10))


@workflow.defn
class WitnessWorkflow:
    """Rounds without end."""

    @workflow.run
    async def run(self, start: WitnessStart) -> None:
        """Go round each hour; begin anew after a week."""
        unsent = start.unsent
        for number in range(MOST_ROUNDS):
            next_round = workflow.now() + EVERY
            if number % ROUNDS_A_DAY == 0:
                await self._sweep()
            unsent = await self._make(start) or unsent
            if unsent and await self._send(unsent):
                unsent = 0
            await workflow.sleep(max(next_round - workflow.now(), AT_LEAST), summary="the next round")
        workflow.continue_as_new(WitnessStart(unsent=unsent, clock_shift=start.clock_shift))

    async def _make(self, start: WitnessStart) -> int:
        made: int = await workflow.execute_activity(
            MAKE_HEAD_LIST,
            Shifted(id="", clock_shift=start.clock_shift),
            result_type=int,
            task_queue=DOCUMENTS_QUEUE,
            start_to_close_timeout=ATTEMPT,
            retry_policy=UNTIL_IT_WORKS,
            summary="sign all heads, if one moved",
        )
        return made

    async def _send(self, number: int) -> bool:
        """False when it could not be sent within the hour."""
        try:
            await workflow.execute_activity(
                SEND_HEAD_LIST,
                number,
                result_type=int,
                task_queue=LETTERS_QUEUE,
                schedule_to_close_timeout=EVERY,
                start_to_close_timeout=ATTEMPT,
                heartbeat_timeout=SIGN_OF_LIFE,
                retry_policy=UNTIL_IT_WORKS,
                summary=f"send the signed list {number} to the auditors",
            )
        except ActivityError:
            return False
        return True

    async def _sweep(self) -> None:
        await workflow.execute_activity(
            SWEEP_HISTORIES,
            result_type=int,
            task_queue=DOCUMENTS_QUEUE,
            start_to_close_timeout=ATTEMPT,
            retry_policy=UNTIL_IT_WORKS,
            summary="keep the histories that were missed",
        )
