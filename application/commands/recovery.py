"""What a worker does once as it starts: see to it that nothing a crash cut off waits for the next thing that is due, and
that the hourly round of signed lists goes.

Records and engine are two stores, and what was written to the one may not have reached the other. Here the inspections
for which that is possible are told to look again; doing so where nothing was cut off changes nothing."""

import logging
from collections.abc import Awaitable, Callable

from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from activities.names import (
    CHECKPOINTS_WORKFLOW,
    CHECKPOINTS_WORKFLOW_ID,
    INSPECTIONS_QUEUE,
    REFRESH,
    inspection_workflow_id,
)
from activities.recording.calendar_rollout import start_calendar_rollout
from activities.recording.commit import wake_delivery
from activities.recording.engine_histories import start_history_archive
from activities.support.concurrency import bounded_gather
from application.commands.start_inspection import start_workflow
from application.commands.take_step import workflow_ended
from application.runtime.context import AppContext
from framework.lifecycle.decide import refusal_event
from framework.messages.delivery import CheckpointsStart
from records.audit import engine_histories
from records.database.connection import reading, writing
from records.inspections import calendar_rollout, submissions, unfinished_work
from records.inspections import repository as inspections

MAX_CONCURRENCY = 20
log = logging.getLogger(__name__)


async def recover(system: AppContext) -> None:
    """Begin the stories that never began, tell the others to look into the records, and wake their deliveries.

    What is over and was not kept begins to be, the hourly round where it does not go, and a calendar that has not gone round
    goes on."""
    with reading(system.records) as session:
        stories, outboxes = unfinished_work.workflows_to_refresh(session), unfinished_work.outboxes(session)
        missed = engine_histories.without_history(session, finished=True)
        calendar_is_new = calendar_rollout.count_behind(session) > 0
    await _each(stories, lambda inspection: _signal_refresh(system, inspection))
    await _each(outboxes, lambda inspection: wake_delivery(system.engine(), inspection, system.clock_shift))
    await _each(missed, lambda inspection: start_history_archive(system.engine(), inspection, system.clock_shift))
    await system.engine().start_workflow(
        CHECKPOINTS_WORKFLOW,
        CheckpointsStart(clock_shift=system.clock_shift),
        id=CHECKPOINTS_WORKFLOW_ID,
        task_queue=INSPECTIONS_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary="Signed lists of all heads, each hour",
    )
    if calendar_is_new:
        await start_calendar_rollout(system.engine(), system.clock_shift)


async def _signal_refresh(system: AppContext, inspection: str) -> None:
    await start_workflow(system, system.engine(), inspection)
    try:
        await system.engine().get_workflow_handle(inspection_workflow_id(inspection)).signal(REFRESH)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        _refuse_what_waits(system, inspection)


def _refuse_what_waits(system: AppContext, inspection: str) -> None:
    """What entry points kept for a story that is over is refused, as the entry point would have been told: nobody else ever takes it."""
    over = workflow_ended(inspection)
    with writing(system.records) as session:
        state = inspections.state(session, inspection)
        for command in submissions.waiting(session.connection(), inspection):
            event = refusal_event(state, command, over)
            submissions.refuse(session, inspection, command.id, [event], system.now())


async def _each(inspections: list[str], tell: Callable[[str], Awaitable[None]]) -> None:
    """Tell each; one that cannot be told (its story is over) does not keep the others from it."""

    async def one(inspection: str) -> None:
        try:
            await tell(inspection)
        except RPCError as error:
            log.info("%s was not told to look again: %s", inspection, error.message)

    await bounded_gather(inspections, one, MAX_CONCURRENCY)
