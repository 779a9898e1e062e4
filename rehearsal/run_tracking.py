"""Which runs of which workflows a rehearsal started, so that each run's history can be kept: the test server has no list."""

import asyncio
from pathlib import Path
from typing import Any

from temporalio.client import Interceptor, OutboundInterceptor, StartWorkflowInput, WorkflowHandle

from activities.recording.checkpoints import make_checkpoint
from activities.recording.engine_histories import keep_history
from application.runtime.context import AppContext
from records.audit.engine_histories import Run


class Runs(Interceptor):
    """Remembers every run, in the order they began."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], None] = {}

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        """Sees what the client starts."""
        return _Watch(next, self)

    def of(self, workflow: str) -> list[str]:
        """The runs of one workflow."""
        return [run for name, run in self.seen if name == workflow]


class _Watch(OutboundInterceptor):
    def __init__(self, next: OutboundInterceptor, runs: Runs) -> None:
        super().__init__(next)
        self._runs = runs

    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:
        handle = await super().start_workflow(input)
        if handle.result_run_id:
            self._runs.seen.setdefault((handle.id, handle.result_run_id))
        return handle


async def keep(system: AppContext, runs: Runs, data: Path, inspection: str) -> None:
    """Keeps each run's history as every system does (`activities.recording.engine_histories`), and signs for where the log then stands."""
    for workflow, run in runs.seen:
        history = await system.engine().get_workflow_handle(workflow, run_id=run).fetch_history()
        await asyncio.to_thread(
            keep_history, system.records, data, Run(inspection, workflow, run), history, system.now()
        )
    await asyncio.to_thread(make_checkpoint, system.records, data, system.now())
