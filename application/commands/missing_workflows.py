"""Finds inspections that are not over and have no running workflow (terminated by hand, a store of the engine lost or set
back), and begins them again from their logs. Deliveries that were ended with letters left are woken as well."""

import asyncio
import logging
from datetime import timedelta

from temporalio.client import Client

from activities.names import delivery_workflow_id, inspection_workflow_id
from activities.recording.commit import wake_delivery
from activities.recording.start_workflow import start_inspection_workflow_again
from activities.support.concurrency import bounded_gather
from application.queries.missing_workflows import MAX_CONCURRENCY, UNKNOWN, MissingWorkflow, missing_workflow
from application.runtime.context import AppContext
from framework.common.errors import InspectionError
from framework.inspection.start import InspectionStart
from records.database.connection import reading, writing
from records.inspections import missing_workflow as workflow_records
from records.inspections import repository, unfinished_work

JUST_STARTED = timedelta(minutes=5)
"""An inspection younger than this may be one whose entry point is about to start it, or was cut off before: no event."""

log = logging.getLogger(__name__)


async def begin_missing(context: AppContext) -> list[str]:
    """Begins again every unfinished inspection without a running workflow; returns them. Raises `RPCError`, `Unreachable`."""
    client = context.engine()
    names, outboxes = await asyncio.to_thread(_unfinished, context)
    begun = await bounded_gather(names, lambda name: _begin_again(context, client, name), MAX_CONCURRENCY)
    await bounded_gather(outboxes, lambda name: _wake_ended_delivery(context, client, name), MAX_CONCURRENCY)
    return [name for name, again in zip(names, begun, strict=True) if again]


async def _begin_again(context: AppContext, client: Client, inspection: str) -> bool:
    missing = await missing_workflow(client, inspection_workflow_id(inspection))
    if missing is None:
        return False
    try:
        start = await asyncio.to_thread(_record, context, inspection, missing)
    except InspectionError as error:  # one that cannot be read does not keep the others waiting
        log.error("%s has no running workflow, and cannot be begun again: %s", inspection, error)
        return False
    if start is None:
        return False
    await start_inspection_workflow_again(client, start)
    log.warning("%s had no running workflow (%s): it was begun again from its log", inspection, missing.status)
    return True


def _record(context: AppContext, inspection: str, missing: MissingWorkflow) -> InspectionStart | None:
    """Writes the event and the task, then returns the workflow's input; None for an inspection that ended meanwhile."""
    with writing(context.records) as session:
        start = repository.beginning(session, inspection, context.clock_shift)
        if start is None:
            return None
        age = context.now() - repository.find(session, inspection)["started_at"]
        if missing.status != UNKNOWN or age > JUST_STARTED:
            workflow_records.record(session, inspection, missing.status, missing.run, context.now())
    return start


async def _wake_ended_delivery(context: AppContext, client: Client, inspection: str) -> None:
    if await missing_workflow(client, delivery_workflow_id(inspection)) is not None:
        await wake_delivery(client, inspection, context.clock_shift)


def _unfinished(context: AppContext) -> tuple[list[str], list[str]]:
    with reading(context.records) as session:
        return repository.unfinished(session), unfinished_work.outboxes(session)
