"""The engine's histories are kept when an inspection is over, and answer for it when the engine has forgotten."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from activities.names import delivery_workflow_id, inspection_workflow_id
from activities.recording.commit import wake_delivery
from activities.recording.engine_histories import HistoryArchiveActivities, start_history_archive
from activities.rendering.pdf_pool import PdfPool
from records.database.connection import reading
from records.tables.checkpoints import ENGINE_HISTORIES
from tests.cli_harness import run
from tests.workflows.engine_harness import EngineHarness, engine_harness
from tests.workflows.side_histories import replayed

pytestmark = pytest.mark.asyncio(loop_scope="module")


@asynccontextmanager
async def archiving(engine: WorkflowEnvironment, data: Path, pool: PdfPool) -> AsyncIterator[EngineHarness]:
    """A town whose worker keeps histories."""
    async with engine_harness(engine, data, pool, "2010-11-03T09:30") as here:
        await here.rest()
        here.parts = replace(here.parts, archives=True)
        await here.work()
        yield here


async def cancelled(here: EngineHarness) -> None:
    """Cancels an inspection before any notification: nothing more is waited for. It has had a delivery."""
    await here.order(notify="2010-12-01")
    await wake_delivery(here.system.engine(), here.id)
    await here.do("cancel", "m.okafor", reason="The authority was inspected by others.")
    await here.has("cancelled")


def archived(here: EngineHarness) -> list[Any]:
    query = select(ENGINE_HISTORIES).where(ENGINE_HISTORIES.c.inspection_id == here.id)
    with reading(here.system.records) as session:
        return list(session.connection().execute(query).mappings())


async def ask(here: EngineHarness, *words: str) -> Any:
    """A command of an auditor, with its exit code."""
    result = await asyncio.to_thread(run, *words, "--data", str(here.system.settings.data), "--json")
    return result.exit_code, json.loads(result.stdout)


async def forget(here: EngineHarness) -> None:
    """What the engine does when the retention is over."""
    client = here.system.engine()
    for row in archived(here):
        execution = WorkflowExecution(workflow_id=row["workflow_id"], run_id=row["run_id"])
        request = DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution)
        await client.workflow_service.delete_workflow_execution(request)
        while await _knows(here, row["workflow_id"], row["run_id"]):
            await asyncio.sleep(0.05)


async def _knows(here: EngineHarness, workflow: str, run_id: str) -> bool:
    try:
        await here.system.engine().get_workflow_handle(workflow, run_id=run_id).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return True


async def test_an_auditor_gets_the_same_answers_when_the_engine_has_forgotten(
    usual: WorkflowEnvironment, data: Path, pool: PdfPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", usual.client.service_client.config.target_host)
    async with archiving(usual, data, pool) as here:
        await cancelled(here)
        await here.until(lambda: len(archived(here)) >= 2, "both histories are kept")
        await here.until(
            lambda: len(here.entries("engine_history_kept")) == len(archived(here)), "and named in the log"
        )
        names = {row["workflow_id"] for row in archived(here)}
        assert names == {inspection_workflow_id(here.id), delivery_workflow_id(here.id)}
        questions = [(name, here.id) for name in ("show", "history", "explain", "verify")]
        before = [await ask(here, *words) for words in questions]
        assert [code for code, _ in before] == [0, 0, 0, 0]
        await replayed("archive", here.system.engine().get_workflow_handle(f"archive-{here.id}"))
        await forget(here)
        assert [await ask(here, *words) for words in questions] == before
        assert before[-1][1]["checked"]["recordings"] >= 1
        path = data / "history" / f"inspection-{here.id}.json.gz"
        path.write_bytes(gzip.compress(b'{"events": []}'))
        code, report = await ask(here, "verify", here.id)
        assert (code, report["found"][0]["check"]) == (5, "engine")


async def test_what_was_missed_is_kept_by_the_sweep_and_once_only(
    usual: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with archiving(usual, data, pool) as here:
        here.parts = replace(here.parts, archives=False)
        await here.rest()
        await here.work()
        await cancelled(here)
        assert archived(here) == []
        sweep = HistoryArchiveActivities(here.system.records, here.system.engine(), data)
        assert await sweep.sweep() == 1
        await here.until(lambda: len(archived(here)) >= 2, "both histories are kept")
        await here.until(lambda: len(here.entries("engine_history_kept")) == len(archived(here)), "all are named")
        count = len(archived(here))
        assert await sweep.sweep() == 0
        await start_history_archive(here.system.engine(), here.id)
        assert await here.system.engine().get_workflow_handle(f"archive-{here.id}").result() == count
        assert len(archived(here)) == len(here.entries("engine_history_kept")) == count
