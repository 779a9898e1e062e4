"""Watching for workflows that stand still, on a real engine that reports them after the first failure."""

import asyncio
import sys
from pathlib import Path

from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from interfaces.up import stuck
from tests.interfaces.standin_workflow import Broken, Waiting

TEMPORAL = str(Path(sys.executable).parent / "temporal")
SOON = ("--dynamic-config-value", "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=1")


async def test_a_workflow_that_stands_still_is_told_once_and_a_healthy_one_never() -> None:
    told: list[tuple[str, str]] = []

    async def hear(workflow_id: str, problem: str) -> None:
        told.append((workflow_id, problem))

    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=TEMPORAL, dev_server_extra_args=SOON
    ) as environment:
        client = environment.client
        async with Worker(client, task_queue="inspections", workflows=[Broken, Waiting]):
            await client.start_workflow(Broken.run, id="broken", task_queue="inspections")
            await client.start_workflow(Waiting.run, id="healthy", task_queue="inspections")
            watch = asyncio.ensure_future(stuck.watch(client, hear, every=0.1))
            async with asyncio.timeout(30):
                while not told:
                    await asyncio.sleep(0.05)
            known = await stuck.look(client, hear, dict(told))
            watch.cancel()
    assert set(known) == {"broken"}
    assert [workflow_id for workflow_id, _ in told] == ["broken"]
    assert "WorkflowTaskFailed" in told[0][1]
