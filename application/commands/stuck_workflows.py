"""Finding workflows that stand still because their code fails. The engine retries them for ever and reports it only in a
search attribute; each becomes a task for a person, which is closed when the workflow goes on."""

import asyncio
import logging
from collections.abc import Mapping

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.common import SearchAttributeKey

from activities.names import inspection_of
from application.runtime import clock
from records.database.connection import writing
from records.tasks import tasks

PROBLEMS = SearchAttributeKey.for_keyword_list("TemporalReportedProblems")
QUERY = (
    "ExecutionStatus = 'Running' AND "  # one that was terminated keeps the attribute
    "TemporalReportedProblems IN ('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')"
)

Stuck = Mapping[str, str]
"""Workflow identifier -> its reported problem."""

log = logging.getLogger(__name__)


async def find_stuck(client: Client) -> Stuck:
    """Returns every workflow whose tasks fail. Raises `RPCError` while the engine is away."""
    return {
        workflow.id: "; ".join(workflow.typed_search_attributes.get(PROBLEMS) or ())
        async for workflow in client.list_workflows(QUERY)
    }


async def report_stuck(client: Client, records: Engine, known: Stuck | None) -> Stuck:
    """Brings the tasks in line with what is stuck now, and returns that; `known` is what the caller got last time
    (None at first), and nothing is written while it is the same. Raises `RPCError`, `Unreachable`."""
    stuck = await find_stuck(client)
    if stuck != known:
        for workflow_id in sorted(stuck.keys() - (known or {}).keys()):
            log.error("%s stands still, its workflow code fails: %s", workflow_id, stuck[workflow_id])
        await asyncio.to_thread(_keep, records, stuck)
    return stuck


def _keep(records: Engine, stuck: Stuck) -> None:
    rows = [(inspection_of(workflow_id), workflow_id, stuck[workflow_id]) for workflow_id in sorted(stuck)]
    with writing(records) as session:
        tasks.sync_stuck_tasks(session, rows, clock.now())
