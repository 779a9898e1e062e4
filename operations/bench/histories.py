"""Measures the length of the engine's histories of an inspection and its deliveries, in events and bytes."""

import gzip
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from temporalio.client import WorkflowHistory

from activities.names import delivery_workflow_id, inspection_workflow_id
from operations.bench.environment import BenchEnvironment
from operations.bench.figures import Figures

UPDATE = "workflow_execution_update_accepted_event_attributes"
BASE, A_STEP, A_REMINDER = 60, 12, 11
"""The target: events for any inspection, for each step and for each reminder."""


async def of_inspection(environment: BenchEnvironment, reference: str) -> Figures:
    """Measures the histories of a measured inspection, read from the engine."""
    names = f"'{inspection_workflow_id(reference)}', '{delivery_workflow_id(reference)}'"
    histories = []
    async for run in environment.client.list_workflows(f"WorkflowId IN ({names})"):
        handle = environment.client.get_workflow_handle(run.id, run_id=run.run_id)
        histories.append(await handle.fetch_history())
    return counted(histories, reminders=0)


def of_rehearsal(data: Path, reminders: int) -> Figures:
    """Measures the histories that a rehearsal kept in its folder."""
    paths = sorted((data / "history").glob("*.json.gz"))
    texts = ((path.name.split(".")[0], gzip.decompress(path.read_bytes()).decode()) for path in paths)
    return counted((WorkflowHistory.from_json(name, text) for name, text in texts), reminders)


def counted(histories: Iterable[WorkflowHistory], reminders: int) -> Figures:
    """Counts events and bytes by workflow, and computes the target for as many steps and reminders."""
    events, sizes, runs, steps = Counter[str](), Counter[str](), Counter[str](), 0
    for history in histories:
        kind = history.workflow_id.partition("-")[0]
        runs[kind] += 1
        events[kind] += len(history.events)
        sizes[kind] += sum(event.ByteSize() for event in history.events)
        steps += sum(event.WhichOneof("attributes") == UPDATE for event in history.events)
    return {
        "steps": steps,
        "reminders": reminders,
        "runs": dict(runs),
        "events": dict(events),
        "bytes": dict(sizes),
        "events_in_all": events.total(),
        "aim": BASE + A_STEP * steps + A_REMINDER * reminders,
    }
