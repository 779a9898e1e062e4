"""Workflows that stand still become tasks, on a real engine that reports them after the first failure."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from application.commands.stuck_workflows import find_stuck, report_stuck
from application.commands.watch import watch
from application.runtime.context import AppContext
from application.runtime.settings import Settings
from application.runtime.temporal_client import prepare
from records.database import connection
from records.database.connection import reading
from records.directory import directory
from records.tables.inspections import TASKS
from tests.operations.up.standin_workflow import Broken, Waiting

TEMPORAL = str(Path(sys.executable).parent / "temporal")
SOON = ("--dynamic-config-value", "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=1")
BOUND = 40.0


@pytest.fixture
def context(tmp_path: Path) -> Iterator[AppContext]:
    settings = Settings(INSPECTIONS_DATA=tmp_path, DATABASE_URL="")
    records = connection.connect(settings.records_url)
    connection.upgrade(records)
    directory.seed(records)
    yield AppContext(settings, records)
    records.dispose()


@asynccontextmanager
async def engine_with_a_broken_workflow() -> AsyncIterator[Client]:
    """An engine that has reported the workflow «broken», beside a healthy one."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=TEMPORAL, dev_server_extra_args=SOON, data_converter=pydantic_data_converter
    ) as environment:
        client = environment.client
        async with Worker(client, task_queue="inspections", workflows=[Broken, Waiting]):
            await client.start_workflow(Waiting.run, id="healthy", task_queue="inspections")
            await client.start_workflow(Broken.run, id="broken", task_queue="inspections")
            async with asyncio.timeout(BOUND):
                while not await find_stuck(client):
                    await asyncio.sleep(0.1)
        yield client


def open_tasks(records: Engine) -> list[tuple[str, str]]:
    with reading(records) as session:
        query = select(TASKS.c.kind, TASKS.c.key).where(TASKS.c.closed_at.is_(None))
        return [(row.kind, row.key) for row in session.connection().execute(query)]


async def until_open_tasks_are(records: Engine, expected: list[tuple[str, str]]) -> None:
    async with asyncio.timeout(BOUND):
        while open_tasks(records) != expected:
            await asyncio.sleep(0.1)


async def test_a_workflow_that_stands_still_becomes_a_task_until_it_goes_on(context: AppContext) -> None:
    async with engine_with_a_broken_workflow() as client:
        stuck = await report_stuck(client, context.records, None)
        assert set(stuck) == {"broken"}
        assert "WorkflowTaskFailed" in stuck["broken"]
        assert open_tasks(context.records) == [("workflow_stuck", "stuck:broken")]
        await client.get_workflow_handle("broken").terminate()
        async with asyncio.timeout(BOUND):
            while stuck:
                stuck = await report_stuck(client, context.records, stuck)
        assert open_tasks(context.records) == []


async def test_the_watch_goes_on_after_records_could_not_be_written(context: AppContext) -> None:
    async with engine_with_a_broken_workflow() as client:
        file = Path(str(context.records.url.database))
        away = file.with_name("away.sqlite")
        context.records.dispose()
        file.rename(away)
        watching = asyncio.create_task(watch(AppContext(context.settings, context.records, client), every=0.2))
        await asyncio.sleep(1)
        context.records.dispose()
        away.rename(file)
        await until_open_tasks_are(context.records, [("workflow_stuck", "stuck:broken")])
        watching.cancel()


async def test_the_worker_process_watches_whatever_runs_the_engine(context: AppContext) -> None:
    async with engine_with_a_broken_workflow() as client:
        await prepare(client)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "INSPECTIONS_"))},
            "TEMPORAL_ADDRESS": client.service_client.config.target_host,
            "INSPECTIONS_DATA": str(context.settings.data),
            "INSPECTIONS_SMTP_HOST": "127.0.0.1",
        }
        worker = await asyncio.create_subprocess_exec(sys.executable, "-m", "worker", env=environment)
        try:
            await until_open_tasks_are(context.records, [("workflow_stuck", "stuck:broken")])
        finally:
            worker.terminate()
            async with asyncio.timeout(BOUND):
                await worker.wait()


async def test_a_namespace_that_forgets_earlier_than_the_setting_is_named_in_the_log(
    context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=TEMPORAL, data_converter=pydantic_data_converter
    ) as environment:
        watching = asyncio.create_task(watch(AppContext(context.settings, context.records, environment.client)))
        async with asyncio.timeout(BOUND):
            while "INSPECTIONS_RETENTION_DAYS says 3650" not in caplog.text:
                await asyncio.sleep(0.05)
        watching.cancel()
