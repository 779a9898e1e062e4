"""Keeping the histories of one inspection that is over: tried until its story and its deliveries have come to their end."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.names import DOCUMENTS_QUEUE, KEEP_HISTORIES
    from framework.messages.delivery import Shifted

ATTEMPT = timedelta(minutes=10)
SIGN_OF_LIFE = timedelta(seconds=20)
SOON_THEN_HOURLY = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=3, maximum_interval=timedelta(hours=1)
)
"""A letter that waits for a mail system holds this up, too."""


@workflow.defn
class ArchiveWorkflow:
    """One inspection's histories, out of the engine and into the files."""

    @workflow.run
    async def run(self, wanted: Shifted) -> int:
        """Keep them; the answer is how many runs there are."""
        kept: int = await workflow.execute_activity(
            KEEP_HISTORIES,
            wanted,
            result_type=int,
            task_queue=DOCUMENTS_QUEUE,
            start_to_close_timeout=ATTEMPT,
            heartbeat_timeout=SIGN_OF_LIFE,
            retry_policy=SOON_THEN_HOURLY,
            summary="keep the engine's histories",
        )
        return kept
