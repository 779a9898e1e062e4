"""The baseline: a workflow with as many commands and effects as an inspection, each effect an activity that does nothing."""

import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

QUEUE = "bench-baseline"
EFFECT = "bench_effect"

Plan = list[list[str]]
"""The kinds of the effects of each command; the first entry holds the effects before the first command."""


@activity.defn(name=EFFECT)
async def effect(kind: str) -> None:
    """Does nothing."""


@workflow.defn(name="BaselineWorkflow")
class BaselineWorkflow:
    """One lifecycle whose effects do nothing."""

    def __init__(self) -> None:
        self.taken = 0
        self.has_begun = False

    @workflow.run
    async def run(self, commands: int, first_effects: list[str]) -> None:
        """Runs the first effects, then waits until all commands are taken."""
        await self._run_all(first_effects)
        self.has_begun = True
        await workflow.wait_condition(lambda: self.taken == commands)
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update
    async def take(self, effects: list[str]) -> int:
        """Takes one command: runs its effects one after another. Returns the number of commands taken."""
        await workflow.wait_condition(lambda: self.has_begun)
        await self._run_all(effects)
        self.taken += 1
        return self.taken

    async def _run_all(self, effects: list[str]) -> None:
        for kind in effects:
            await workflow.execute_activity(EFFECT, kind, start_to_close_timeout=timedelta(seconds=30))


def worker(client: Client, sandbox: bool) -> Worker:
    """Returns a worker for the baseline."""
    return Worker(
        client,
        task_queue=QUEUE,
        workflows=[BaselineWorkflow],
        activities=[effect],
        workflow_runner=SandboxedWorkflowRunner() if sandbox else UnsandboxedWorkflowRunner(),
    )


@dataclass(frozen=True, slots=True)
class BaselineLifecycle:
    """One lifecycle of the baseline, driven by updates like an inspection."""

    client: Client
    plan: Plan

    async def run(self) -> list[float]:
        """Runs all commands; returns the seconds of each."""
        first_effects, *commands = self.plan
        handle = await self.client.start_workflow(
            BaselineWorkflow.run, args=[len(commands), first_effects], id=f"baseline-{uuid4()}", task_queue=QUEUE
        )
        seconds = []
        for effects in commands:
            begun = time.perf_counter()
            await handle.execute_update(BaselineWorkflow.take, effects)
            seconds.append(time.perf_counter() - begun)
        await handle.result()
        return seconds
