"""What a worker does as it starts: nothing that a crash cut off waits for the next thing that is due, and the hourly round of
signed lists runs.

Records and engine are two stores, and what was committed to one may not have reached the other. The workflows for which that
is possible are signalled to query the records; where nothing was cut off that changes nothing."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

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
from application.commands.step_dispatch import workflow_ended
from application.runtime.context import AppContext
from application.runtime.threads import read_in_thread, write_in_thread
from framework.lifecycle.decide import refusal_event
from framework.messages.delivery import CheckpointsStart
from records.audit import engine_histories
from records.database.connection import reading, writing
from records.inspections import calendar_rollout, repository, submissions, unfinished_work

MAX_CONCURRENCY = 20
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Unfinished:
    """What a crash may have cut off, by inspection."""

    workflows: list[str]
    outboxes: list[str]
    histories: list[str]
    calendar_is_new: bool


async def recover(context: AppContext) -> None:
    """Begins the workflows that are missing, signals the others to query the records, and wakes deliveries, archives of
    histories, the hourly checkpoints and a calendar's rollout. Raises `RPCError`, `Unreachable`."""
    client, shift = context.engine(), context.clock_shift
    await begin_missing(context)
    unfinished = await read_in_thread(_unfinished, context)
    await _each(unfinished.workflows, lambda inspection: _signal_refresh(context, inspection))
    await _each(unfinished.outboxes, lambda inspection: wake_delivery(client, inspection, shift))
    await _each(unfinished.histories, lambda inspection: start_history_archive(client, inspection, shift))
    await start_checkpoints(context)
    if unfinished.calendar_is_new:
        await start_calendar_rollout(client, shift)


async def start_checkpoints(context: AppContext) -> None:
    """Starts the hourly checkpoints, unless they run. Raises `RPCError`."""
    await context.engine().start_workflow(
        CHECKPOINTS_WORKFLOW,
        CheckpointsStart(clock_shift=context.clock_shift),
        id=CHECKPOINTS_WORKFLOW_ID,
        task_queue=INSPECTIONS_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary="Signed lists of all heads, each hour",
    )


def _unfinished(context: AppContext) -> _Unfinished:
    with reading(context.records) as session:
        return _Unfinished(
            workflows=unfinished_work.workflows_to_refresh(session),
            outboxes=unfinished_work.outboxes(session),
            histories=engine_histories.without_history(session, finished=True),
            calendar_is_new=calendar_rollout.count_behind(session) > 0,
        )


async def _signal_refresh(context: AppContext, inspection: str) -> None:
    client = context.engine()
    await start_workflow(context, client, inspection)
    try:
        await client.get_workflow_handle(inspection_workflow_id(inspection)).signal(REFRESH)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        await write_in_thread(_refuse_waiting, context, inspection)


def _refuse_waiting(context: AppContext, inspection: str) -> None:
    """Refuses the commands that were stored for an inspection that is finished, as an entry point would have."""
    ended = workflow_ended(inspection)
    with writing(context.records) as session:
        state = repository.state(session, inspection)
        if not state.is_finished:  # its workflow was ended just now: the next look begins it again, and it takes them
            return
        for command in submissions.waiting(session.connection(), inspection):
            event = refusal_event(state, command, ended)
            submissions.refuse(session, inspection, command.id, [event], context.now())


async def _each(inspections: list[str], act: Callable[[str], Awaitable[None]]) -> None:
    """Acts on each; one that cannot be reached (its workflow has ended) does not keep the others from it."""

    async def act_on(inspection: str) -> None:
        try:
            await act(inspection)
        except RPCError as error:
            log.info("%s was not signalled: %s", inspection, error.message)

    await bounded_gather(inspections, act_on, MAX_CONCURRENCY)
