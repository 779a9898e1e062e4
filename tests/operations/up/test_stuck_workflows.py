"""Watching for workflows that stand still, on a real engine that reports them after the first failure."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine, select
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from application.runtime.settings import Settings
from operations.up import stuck_workflows
from operations.up.stuck_workflow_tasks import StuckTasks
from records.database import connection
from records.database.connection import reading
from records.directory import directory
from records.tables.inspections import TASKS
from tests.operations.up.standin_workflow import Broken, Waiting

TEMPORAL = str(Path(sys.executable).parent / "temporal")
SOON = ("--dynamic-config-value", "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=1")


async def test_a_workflow_that_stands_still_is_told_once_and_a_healthy_one_never() -> None:
    told: list[Mapping[str, str]] = []

    async def hear(found: Mapping[str, str]) -> None:
        told.append(found)

    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=TEMPORAL, dev_server_extra_args=SOON
    ) as environment:
        client = environment.client
        async with Worker(client, task_queue="inspections", workflows=[Broken, Waiting]):
            await client.start_workflow(Waiting.run, id="healthy", task_queue="inspections")
            assert await stuck_workflows.look(client, hear, None) == {}
            await client.start_workflow(Broken.run, id="broken", task_queue="inspections")
            watch = asyncio.ensure_future(stuck_workflows.watch(client, hear, every=0.1))
            async with asyncio.timeout(30):
                while not told[-1]:
                    await asyncio.sleep(0.05)
            watch.cancel()
            known = await stuck_workflows.look(client, hear, told[-1])
    assert known is not None
    assert set(known) == {"broken"}
    assert [set(found) for found in told if found] == [{"broken"}]
    assert "WorkflowTaskFailed" in known["broken"]


def open_tasks(records: Engine) -> list[tuple[str, str]]:
    with reading(records) as session:
        query = select(TASKS.c.kind, TASKS.c.key).where(TASKS.c.closed_at.is_(None))
        return [(row.kind, row.key) for row in session.connection().execute(query)]


async def test_what_stands_still_is_a_task_and_once_it_goes_on_it_is_none(tmp_path: Path) -> None:
    settings = Settings(INSPECTIONS_DATA=tmp_path, DATABASE_URL="")
    records = connection.connect(settings.records_url)
    connection.upgrade(records)
    directory.seed(records)
    said: list[str] = []
    tell = StuckTasks(settings, said.append)
    broken = {"inspection-SLAC-2010-001": "category=WorkflowTaskFailed"}
    await tell(broken)
    await tell(broken)
    assert open_tasks(records) == [("workflow_stuck", "stuck:inspection-SLAC-2010-001")]
    assert len(said) == 1
    await StuckTasks(settings, said.append)({"witness": "category=WorkflowTaskFailed"})
    assert open_tasks(records) == [("workflow_stuck", "stuck:witness")]
    await tell({})
    assert open_tasks(records) == []
    records.dispose()
