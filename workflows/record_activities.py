"""Runs the two local activities on the records, query and commit, with retries until they succeed."""

from datetime import timedelta
from typing import Any, cast

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.names import COMMIT_DECISION, QUERY_RECORD_STATE
    from framework.inspection.start import InspectionStart
    from framework.messages.commit import CommitResult, DecisionCommit
    from framework.messages.record_state import RecordState, RecordStateQuery

RETRY_FOREVER = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=20))
"""Records that cannot be reached are tried again without end: nothing is lost, and lateness is judged on the receipt."""
ATTEMPT_TIMEOUT = timedelta(seconds=30)


async def query_record_state(start: InspectionStart, calendar: str, step: str, last_event: int) -> RecordState:
    """Returns the state of the records before a step, for a workflow that holds this calendar and event.

    Raises `ApplicationError`, which fails the workflow, if `start` is not the input that the records give: then another
    account of the machine started it, and a worker begins it again from its log."""
    question = RecordStateQuery(
        inspection=start.inspection,
        calendar=calendar,
        step=step,
        last_event=last_event,
        start="" if last_event else start.model_dump_json(),
    )
    record_state: RecordState = await workflow.execute_local_activity(
        QUERY_RECORD_STATE,
        question,
        result_type=RecordState,
        start_to_close_timeout=ATTEMPT_TIMEOUT,
        retry_policy=RETRY_FOREVER,
        summary=f"what the records say before: {step}",
    )
    if not record_state.start_is_known:
        raise ApplicationError("not started by this system: the records give another input", non_retryable=True)
    return record_state


async def commit_decision(decision: DecisionCommit) -> CommitResult:
    """Commits one decision in one transaction, or not at all."""
    result: CommitResult = await workflow.execute_local_activity(
        COMMIT_DECISION,
        decision,
        result_type=cast("type[Any]", CommitResult),  # a union, which the pydantic converter takes
        start_to_close_timeout=ATTEMPT_TIMEOUT,
        retry_policy=RETRY_FOREVER,
        summary=f"record: {', '.join(event.kind for event in decision.events) or 'a refusal'}",
    )
    return result
