"""What a worker does once as it starts, so that nothing that a crash cut off waits for the next thing that is due.

Records and engine are two stores, and what was written to the one may not have reached the other. The workflows of the
inspections for which that is possible query the records again; where nothing was cut off that changes nothing."""

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
from application.commands.missing_workflows import begin_missing
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
    """Begins the workflows that are missing, has the others query the records, and wakes their deliveries.

    Histories that were not kept begin to be, the hourly checkpoints where they do not run, and a calendar that was not rolled
    out goes on. Raises `RPCError`, `Unreachable`."""
    await begin_missing(system)
    with reading(system.records) as session:
        behind, outboxes = unfinished_work.workflows_to_refresh(session), unfinished_work.outboxes(session)
        missed = engine_histories.without_history(session, finished=True)
        calendar_is_new = calendar_rollout.count_behind(session) > 0
    await _each(behind, lambda inspection: _signal_refresh(system, inspection))
    await _each(outboxes, lambda inspection: wake_delivery(system.engine(), inspection, system.clock_shift))
    await _each(missed, lambda inspection: start_history_archive(system.engine(), inspection, system.clock_shift))
    await start_checkpoints(system)
    if calendar_is_new:
        await start_calendar_rollout(system.engine(), system.clock_shift)


async def start_checkpoints(system: AppContext) -> None:
    """Starts the hourly checkpoints, unless they run. Raises `RPCError`."""
    await system.engine().start_workflow(
        CHECKPOINTS_WORKFLOW,
        CheckpointsStart(clock_shift=system.clock_shift),
        id=CHECKPOINTS_WORKFLOW_ID,
        task_queue=INSPECTIONS_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary="Signed lists of all heads, each hour",
    )


async def _signal_refresh(system: AppContext, inspection: str) -> None:
    await start_workflow(system, system.engine(), inspection)
    try:
        await system.engine().get_workflow_handle(inspection_workflow_id(inspection)).signal(REFRESH)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        _refuse_pending(system, inspection)


def _refuse_pending(system: AppContext, inspection: str) -> None:
    """Refuses the commands kept for an inspection that is finished, in the words of an entry point: no workflow takes them."""
    over = workflow_ended(inspection)
    with writing(system.records) as session:
        state = inspections.state(session, inspection)
        if not state.is_finished:  # its workflow was ended just now: the next look begins it again, and it takes them
            return
        for command in submissions.waiting(session.connection(), inspection):
            event = refusal_event(state, command, over)
            submissions.refuse(session, inspection, command.id, [event], system.now())


async def _each(inspections: list[str], act: Callable[[str], Awaitable[None]]) -> None:
    """Acts on each; one for which the engine fails does not keep the others waiting."""

    async def act_or_log(inspection: str) -> None:
        try:
            await act(inspection)
        except RPCError as error:
            log.info("nothing was recovered of %s: %s", inspection, error.message)

    await bounded_gather(inspections, act_or_log, MAX_CONCURRENCY)
