"""Tracks the runs of workflows that a rehearsal started, to keep their histories: the test server cannot list workflows."""

import asyncio
from pathlib import Path
from typing import Any

from temporalio.client import Interceptor, OutboundInterceptor, StartWorkflowInput, WorkflowHandle

from activities.recording.checkpoints import make_checkpoint
from activities.recording.engine_histories import keep_history
from application.runtime.context import AppContext
from records.audit.engine_histories import Run


class Runs(Interceptor):
    """Records every started run, in order."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], None] = {}

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        """Returns an interceptor that records the runs that the client starts."""
        return _RunRecorder(next, self)

    def of(self, workflow: str) -> list[str]:
        """Returns the runs of one workflow."""
        return [run for name, run in self.seen if name == workflow]


class _RunRecorder(OutboundInterceptor):
    def __init__(self, next: OutboundInterceptor, runs: Runs) -> None:
        super().__init__(next)
        self._runs = runs

    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:
        handle = await super().start_workflow(input)
        if handle.result_run_id:
            self._runs.seen.setdefault((handle.id, handle.result_run_id))
        return handle


async def keep_histories(system: AppContext, runs: Runs, data: Path, inspection: str) -> None:
    """Keeps the history of each run (as `activities.recording.engine_histories` does), and makes a checkpoint."""
    for workflow, run in runs.seen:
        history = await system.engine().get_workflow_handle(workflow, run_id=run).fetch_history()
        await asyncio.to_thread(
            keep_history, system.records, data, Run(inspection, workflow, run), history, system.now()
        )
    await asyncio.to_thread(make_checkpoint, system.records, data, system.now())
