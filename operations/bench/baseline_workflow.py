"""What the engine costs by itself: a workflow with the same commands and effects, each effect an empty activity."""

import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

QUEUE = "bench-bare"
EFFECT = "bench_effect"

Plan = list[list[str]]
"""The effects of each command, by kind; the first entry is what happens by itself at the beginning."""


@activity.defn(name=EFFECT)
async def effect(kind: str) -> None:
    """Does nothing."""


@workflow.defn(name="BareWorkflow")
class BareWorkflow:
    """One lifecycle without any work."""

    def __init__(self) -> None:
        self.taken = 0
        self.begun = False

    @workflow.run
    async def run(self, commands: int, begins: list[str]) -> None:
        """The effects of the beginning, then as many commands as there are."""
        await self._all(begins)
        self.begun = True
        await workflow.wait_condition(lambda: self.taken == commands)
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update
    async def take(self, effects: list[str]) -> int:
        """One command: its effects, one after another."""
        await workflow.wait_condition(lambda: self.begun)
        await self._all(effects)
        self.taken += 1
        return self.taken

    async def _all(self, effects: list[str]) -> None:
        for kind in effects:
            await workflow.execute_activity(EFFECT, kind, start_to_close_timeout=timedelta(seconds=30))


def worker(client: Client, sandbox: bool) -> Worker:
    """A worker for it."""
    return Worker(
        client,
        task_queue=QUEUE,
        workflows=[BareWorkflow],
        activities=[effect],
        workflow_runner=SandboxedWorkflowRunner() if sandbox else UnsandboxedWorkflowRunner(),
    )


@dataclass(frozen=True, slots=True)
class Bare:
    """One bare lifecycle, driven from outside like a real one."""

    client: Client
    plan: Plan

    async def run(self) -> list[float]:
        """Live; answers the seconds each command took."""
        begins, *commands = self.plan
        handle = await self.client.start_workflow(
            BareWorkflow.run, args=[len(commands), begins], id=f"bare-{uuid4()}", task_queue=QUEUE
        )
        took = []
        for effects in commands:
            begun = time.perf_counter()
            await handle.execute_update(BareWorkflow.take, effects)
            took.append(time.perf_counter() - begun)
        await handle.result()
        return took
