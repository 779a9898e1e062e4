"""Keeps the engine's histories, which the engine deletes after their retention, and with them what they attest.

Each run of an inspection's workflow and of its deliveries becomes one file, with its hash in the inspection's log."""

import asyncio
import gzip
import json
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHistory
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from activities.names import (
    HISTORY_ARCHIVE_WORKFLOW,
    INSPECTIONS_QUEUE,
    KEEP_HISTORIES,
    SWEEP_HISTORIES,
    archive_workflow_id,
    delivery_workflow_id,
    inspection_workflow_id,
)
from activities.support.activity_time import started_at
from activities.support.atomic_files import write_whole
from activities.support.heartbeat import heartbeating
from activities.support.waits import Wait
from framework.messages.delivery import ShiftedId
from records.audit import engine_histories
from records.audit.engine_histories import FOLDER, Run
from records.database.connection import reading, writing
from records.outbox import states


class StillRunning(Wait):
    """A workflow of the inspection still runs, or its outbox is not empty: its histories are not complete."""


class HistoryArchiveActivities:
    """Keeps the engine's histories in the data folder."""

    def __init__(self, records: Engine, client: Client, data: Path) -> None:
        self._records = records
        self._client = client
        self._data = data

    @activity.defn(name=KEEP_HISTORIES)
    async def keep_all(self, inspection: ShiftedId) -> int:
        """Keeps every run of an inspection that is over; returns the number of runs. Run again, it adds nothing.

        Raises `StillRunning`, for the engine to retry."""
        moment = started_at(inspection.clock_shift)
        async with heartbeating():
            runs = await self._runs(inspection.id)
            for run in runs:
                await self._keep(run, moment)
            return len(runs)

    @activity.defn(name=SWEEP_HISTORIES)
    async def sweep(self) -> int:
        """Starts the archive of every inspection that is over and has none; returns how many."""
        missed = await asyncio.to_thread(self._missed)
        for inspection in missed:
            await start_history_archive(self._client, inspection)
        return len(missed)

    async def _runs(self, inspection: str) -> list[Run]:
        """Returns all runs, oldest first; none if the engine has deleted them. Raises `StillRunning`."""
        if await asyncio.to_thread(self._on_its_way, inspection):
            raise StillRunning(f"letters or documents of {inspection} are on their way")
        runs: list[Run] = []
        for workflow in (inspection_workflow_id(inspection), delivery_workflow_id(inspection)):
            runs += [Run(inspection, workflow, run) for run in await self._closed_runs(workflow)]
        if not runs:
            activity.logger.warning("the engine does not know %s any more: nothing of it can be kept", inspection)
        return runs

    async def _closed_runs(self, workflow: str) -> list[str]:
        try:
            newest = await self._client.get_workflow_handle(workflow).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return []
            raise
        if newest.status is WorkflowExecutionStatus.RUNNING:
            raise StillRunning(f"{workflow} still runs")
        runs = [run async for run in self._client.list_workflows(f'WorkflowId = "{workflow}"')]
        if newest.run_id not in {run.run_id for run in runs}:  # the engine's list lags
            raise StillRunning(f"{workflow} is not listed yet")
        return [run.run_id for run in sorted(runs, key=lambda run: run.start_time)]

    async def _keep(self, run: Run, moment: datetime) -> None:
        if await asyncio.to_thread(self._is_kept, run):
            return
        history = await self._client.get_workflow_handle(run.workflow, run_id=run.run).fetch_history()
        await asyncio.to_thread(keep_history, self._records, self._data, run, history, moment)

    def _on_its_way(self, inspection: str) -> bool:
        with reading(self._records) as session:
            left = states.waiting(session, inspection)
        return bool(left.documents or left.letters or left.publish)

    def _is_kept(self, run: Run) -> bool:
        with reading(self._records) as session:
            return engine_histories.is_kept(session, run)

    def _missed(self) -> list[str]:
        with reading(self._records) as session:
            return engine_histories.without_history(session, finished=True)


def keep_history(records: Engine, data: Path, run: Run, history: WorkflowHistory, moment: datetime) -> Path:
    """Writes one run's history under `data`: the engine's JSON, compressed; the same bytes for the same history."""
    with reading(records) as session:
        name = engine_histories.next_name(session, run.workflow)
    packed = gzip.compress(json.dumps(json.loads(history.to_json()), separators=(",", ":")).encode(), mtime=0)
    digest = write_whole(data / FOLDER / name, packed)
    with writing(records) as session:
        engine_histories.save(session, run, name, digest, len(history.events), moment)
    return data / FOLDER / name


async def start_history_archive(client: Client, inspection: str, clock_shift: timedelta = timedelta()) -> None:
    """Starts the archive of an inspection that is over, unless it runs."""
    await client.start_workflow(
        HISTORY_ARCHIVE_WORKFLOW,
        ShiftedId(id=inspection, clock_shift=clock_shift),
        id=archive_workflow_id(inspection),
        task_queue=INSPECTIONS_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"Keep the histories of inspection {inspection}",
    )
