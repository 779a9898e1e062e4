"""Which runs of which workflows a rehearsal started, so that each run's history can be kept: the test server has no list."""

from pathlib import Path
from typing import Any

from temporalio.client import Client, Interceptor, OutboundInterceptor, StartWorkflowInput, WorkflowHandle


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


async def export(client: Client, runs: Runs, folder: Path) -> list[Path]:
    """Writes each run's history as JSON: «inspection-X.json», and «delivery-X.2.json» for a second run of one workflow."""
    folder.mkdir(parents=True, exist_ok=True)
    written, counted = [], dict[str, int]()
    for workflow, run in runs.seen:
        counted[workflow] = counted.get(workflow, 0) + 1
        number = "" if counted[workflow] == 1 else f".{counted[workflow]}"
        history = await client.get_workflow_handle(workflow, run_id=run).fetch_history()
        path = folder / f"{workflow}{number}.json"
        path.write_text(history.to_json())
        written.append(path)
    return written
