"""Starts the workflow of an inspection: once, however often it is called; or again, after a run was ended."""

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.names import INSPECTION_WORKFLOW, INSPECTIONS_QUEUE, REFRESH, inspection_workflow_id
from framework.inspection.start import InspectionStart


async def start_inspection_workflow(client: Client, start: InspectionStart) -> None:
    """Starts it; one that runs, or has ended, is left as it is. Raises `RPCError`."""
    try:
        await client.start_workflow(
            INSPECTION_WORKFLOW,
            start,
            id=inspection_workflow_id(start.inspection),
            task_queue=INSPECTIONS_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            static_summary=f"Inspection {start.inspection}",
        )
    except WorkflowAlreadyStartedError:
        return


async def start_inspection_workflow_again(client: Client, start: InspectionStart) -> None:
    """Starts it although an earlier run was ended; one that runs is signalled to refresh. Raises `RPCError`."""
    await client.start_workflow(
        INSPECTION_WORKFLOW,
        start,
        id=inspection_workflow_id(start.inspection),
        task_queue=INSPECTIONS_QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        # In one request with the start: a run without the signal would not read the events that exist already.
        start_signal=REFRESH,
        static_summary=f"Inspection {start.inspection}",
    )
