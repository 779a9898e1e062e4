"""Today's workflows still follow every history that rehearsals left: what runs when a new version comes goes on."""

import copy
import json
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from tests.workflows import side_histories
from tests.workflows.kept_histories import REHEARSALS, read_histories
from workflows.calendar_rollout import CalendarRolloutWorkflow
from workflows.delivery import DeliveryWorkflow
from workflows.inspection import InspectionWorkflow


def replayer() -> Replayer:
    """A replayer of every workflow."""
    stories = [InspectionWorkflow, DeliveryWorkflow, CalendarRolloutWorkflow]
    return Replayer(workflows=stories, data_converter=pydantic_data_converter)


def history(name: str, events: Any) -> WorkflowHistory:
    """Returns one stored history, as the engine's client has it."""
    return WorkflowHistory.from_json(name, json.dumps(events))


@pytest.mark.parametrize("example", REHEARSALS)
async def test_every_kept_history_replays(example: str) -> None:
    runs = read_histories(example)
    assert [name for name in runs if name.startswith("inspection-")]
    assert [name for name in runs if name.startswith("delivery-")]
    for name, events in runs.items():
        await replayer().replay_workflow(history(name, events))


@pytest.mark.parametrize("example", REHEARSALS)
def test_every_kept_history_comes_to_its_end(example: str) -> None:
    for name, events in read_histories(example).items():
        assert events["events"][-1]["eventType"] == "EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED", name


async def test_a_history_that_went_another_way_is_found() -> None:
    """The guard guards: a timer that the code does not ask for is noticed."""
    events = copy.deepcopy(read_histories("joint")["inspection-SLAC-2010-001"])
    index = next(i for i, event in enumerate(events["events"]) if event["eventType"] == "EVENT_TYPE_MARKER_RECORDED")
    timer = next(event for event in events["events"] if event["eventType"] == "EVENT_TYPE_TIMER_STARTED")
    events["events"][index] = {**timer, "eventId": events["events"][index]["eventId"]}
    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(history("inspection-SLAC-2010-001", events))


async def test_the_workflows_beside_an_inspection_replay() -> None:
    histories = side_histories.files()
    assert [path.name.split(".")[0] for path in histories] == ["archive", "checkpoints"]
    for path in histories:
        await side_histories.replay(side_histories.read(path))
