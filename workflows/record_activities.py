"""What a story asks of the records, and has them write down: two local activities, tried until they work."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.names import READINESS, RECORD
    from framework.messages.inspection import Readiness, ReadinessQuestion, Recorded, Recording

UNTIL_IT_WORKS = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=20))
"""Records that cannot be reached are tried again for as long as it takes: nothing is lost, and nobody is late by it."""
ONE_TRY = timedelta(seconds=30)


async def look_up(question: ReadinessQuestion) -> Readiness:
    """What the records say, and at which head."""
    readiness: Readiness = await workflow.execute_local_activity(
        READINESS,
        question,
        result_type=Readiness,
        start_to_close_timeout=ONE_TRY,
        retry_policy=UNTIL_IT_WORKS,
        summary=f"what the records say before: {question.step}",
    )
    return readiness


async def write_down(wanted: Recording) -> Recorded:
    """Has one decision written in one transaction, or not at all."""
    recorded: Recorded = await workflow.execute_local_activity(
        RECORD,
        wanted,
        result_type=Recorded,
        start_to_close_timeout=ONE_TRY,
        retry_policy=UNTIL_IT_WORKS,
        summary=f"record: {', '.join(event.kind for event in wanted.events) or 'a refusal'}",
    )
    return recorded
