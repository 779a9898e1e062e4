"""Watching for workflows that stand still because their code fails: the engine tries again and again and tells nobody."""

import asyncio
from collections.abc import Awaitable, Callable

from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError

EVERY = 60.0
"""Seconds between two looks."""
PROBLEMS = SearchAttributeKey.for_keyword_list("TemporalReportedProblems")
QUERY = "TemporalReportedProblems IN ('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')"

OnStuck = Callable[[str, str], Awaitable[None]]
"""Is told the workflow's identifier and the problem, once for each, until the workflow goes on."""


async def watch(client: Client, on_stuck: OnStuck, every: float = EVERY) -> None:
    """Looks for stuck workflows until cancelled."""
    known: dict[str, str] = {}
    while True:
        known = await look(client, on_stuck, known)
        await asyncio.sleep(every)


async def look(client: Client, on_stuck: OnStuck, known: dict[str, str]) -> dict[str, str]:
    """Looks once; tells of what was not `known`, and answers all that is stuck now, with its problem."""
    found: dict[str, str] = {}
    try:
        async for workflow in client.list_workflows(QUERY):
            found[workflow.id] = "; ".join(workflow.typed_search_attributes.get(PROBLEMS) or ())
    except RPCError:  # the engine is away; whoever runs it knows
        return known
    for workflow_id, problem in found.items():
        if known.get(workflow_id) != problem:
            await on_stuck(workflow_id, problem)
    return found
