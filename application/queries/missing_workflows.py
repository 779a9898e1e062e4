"""Which inspections have no running workflow in the engine, and what the engine has instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.names import inspection_workflow_id
from activities.support.concurrency import bounded_gather

MAX_CONCURRENCY = 20
UNKNOWN = "unknown to the engine"


@dataclass(frozen=True, slots=True)
class MissingWorkflow:
    """The newest run of a workflow that does not run."""

    status: str
    """«terminated», «failed», ...; `UNKNOWN` if there is no run at all."""
    run: str = ""


async def find_missing(client: Client, inspections: Sequence[str]) -> Mapping[str, str]:
    """Returns inspection -> status of its newest run, of those without a running workflow. Raises `RPCError`."""
    workflows = [inspection_workflow_id(name) for name in inspections]
    states = await bounded_gather(workflows, lambda workflow: missing_workflow(client, workflow), MAX_CONCURRENCY)
    return {name: missing.status for name, missing in zip(inspections, states, strict=True) if missing is not None}


async def missing_workflow(client: Client, workflow_id: str) -> MissingWorkflow | None:
    """Returns what the engine has instead of this workflow running; None where it runs. Raises `RPCError`."""
    try:
        newest = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return MissingWorkflow(UNKNOWN)
        raise
    if newest.status is None or newest.status is WorkflowExecutionStatus.RUNNING:
        return None
    return MissingWorkflow(newest.status.name.lower().replace("_", " "), newest.run_id)
