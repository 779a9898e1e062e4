"""Keeps the histories of one inspection that is over: retried until its workflow and its deliveries have ended."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.names import DOCUMENTS_QUEUE, KEEP_HISTORIES
    from framework.messages.delivery import ShiftedId

ATTEMPT_TIMEOUT = timedelta(minutes=10)
HEARTBEAT_TIMEOUT = timedelta(seconds=20)
RETRY_UP_TO_HOURLY = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=3, maximum_interval=timedelta(hours=1)
)
"""A letter that waits for a mail system delays this, too."""


@workflow.defn
class HistoryArchiveWorkflow:
    """Copies one inspection's histories from the engine into files."""

    @workflow.run
    async def run(self, inspection: ShiftedId) -> int:
        """Keeps the histories; returns the number of runs."""
        count: int = await workflow.execute_activity(
            KEEP_HISTORIES,
            inspection,
            result_type=int,
            task_queue=DOCUMENTS_QUEUE,
            start_to_close_timeout=ATTEMPT_TIMEOUT,
            heartbeat_timeout=HEARTBEAT_TIMEOUT,
            retry_policy=RETRY_UP_TO_HOURLY,
            summary="keep the engine's histories",
        )
        return count
