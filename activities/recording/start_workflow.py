"""Beginning an inspection's story in the engine: once, whoever asks and however often."""

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.names import INSPECTION_WORKFLOW, INSPECTIONS_QUEUE, inspection_workflow_id
from framework.messages.inspection import InspectionStart


async def start_inspection_workflow(client: Client, start: InspectionStart) -> None:
    """Begin it; one that runs, or has come to its end, is left as it is. Raises `RPCError`."""
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
