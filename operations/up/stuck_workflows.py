"""Watching for workflows that stand still because their code fails: the engine tries again and again and tells nobody."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError

INTERVAL_SECONDS = 60.0
"""Seconds between two looks."""
PROBLEMS = SearchAttributeKey.for_keyword_list("TemporalReportedProblems")
QUERY = "TemporalReportedProblems IN ('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')"

OnStuck = Callable[[Mapping[str, str]], Awaitable[None]]
"""Is told of everything that stands still (a workflow's identifier -> its problem): at the first look, and at each change."""


async def watch(client: Client, on_stuck: OnStuck, every: float = INTERVAL_SECONDS) -> None:
    """Looks for stuck workflows until cancelled."""
    known: Mapping[str, str] | None = None
    while True:
        known = await look(client, on_stuck, known)
        await asyncio.sleep(every)


async def look(client: Client, on_stuck: OnStuck, known: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """Looks once; tells of all that is stuck when it is not what was `known`, and answers it."""
    found: dict[str, str] = {}
    try:
        async for workflow in client.list_workflows(QUERY):
            found[workflow.id] = "; ".join(workflow.typed_search_attributes.get(PROBLEMS) or ())
    except RPCError:  # the engine is away; whoever runs it knows
        return known
    if found != known:
        await on_stuck(found)
    return found
