"""How long the engine's histories are: of an inspection and of its deliveries, counted event by event."""

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
"""The length we aim at: events for any inspection, for each step and for each reminder."""


async def of_inspection(house: BenchEnvironment, reference: str) -> Figures:
    """The histories of a measured inspection, from the engine."""
    names = f"'{inspection_workflow_id(reference)}', '{delivery_workflow_id(reference)}'"
    found = []
    async for one in house.client.list_workflows(f"WorkflowId IN ({names})"):
        handle = house.client.get_workflow_handle(one.id, run_id=one.run_id)
        found.append(await handle.fetch_history())
    return counted(found, reminders=0)


def of_rehearsal(data: Path, reminders: int) -> Figures:
    """The histories a rehearsal has kept in its folder."""
    paths = sorted((data / "history").glob("*.json.gz"))
    read = ((path.name.split(".")[0], gzip.decompress(path.read_bytes()).decode()) for path in paths)
    return counted((WorkflowHistory.from_json(name, text) for name, text in read), reminders)


def counted(histories: Iterable[WorkflowHistory], reminders: int) -> Figures:
    """Events and bytes by workflow, and the length we aim at for as many steps and reminders."""
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
