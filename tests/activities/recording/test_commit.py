"""What a workflow asks of the records: done twice it is done once, and the delivery is woken where something is to go out."""

from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.client import Client
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.names import delivery_workflow_id
from activities.recording.commit import RecordActivities
from framework.calendar.bank_holidays import england
from framework.calendar.london_time import london_day
from framework.lifecycle.decide import build_commit, decide
from framework.messages.commands import SYSTEM, Command
from framework.messages.commit import AlreadyCommitted, Committed, Conflict, DecisionCommit
from framework.messages.record_state import RecordStateQuery
from records.database.connection import reading
from records.inspections import repository
from tests.activities.no_engine import RecordsHarness


class Wakings:
    """In the engine's place: records whose delivery was started, or signalled if one runs."""

    def __init__(self) -> None:
        self.woken: list[str] = []
        self.signalled: list[str] = []
        self.runs = 0
        """How often the engine answers that a delivery runs already."""
        self.ends = False
        """Whether it ends just before the signal arrives."""

    async def start_workflow(self, name: str, start: Any, *, id: str, **how: Any) -> None:
        if self.runs:
            self.runs -= 1
            raise WorkflowAlreadyStartedError(id, name)
        self.woken.append(id)

    def get_workflow_handle(self, identifier: str) -> Any:
        return SimpleNamespace(signal=partial(self._signal, identifier))

    async def _signal(self, identifier: str, name: str) -> None:
        if self.ends:
            raise RPCError("workflow execution already completed", RPCStatusCode.NOT_FOUND, b"")
        self.signalled.append(f"{identifier}: {name}")


@pytest.fixture
def wakings() -> Wakings:
    return Wakings()


@pytest.fixture
def activities(harness: RecordsHarness, wakings: Wakings) -> RecordActivities:
    return RecordActivities(harness.store, cast(Client, wakings))


async def decision_for(
    harness: RecordsHarness, activities: RecordActivities, step: str = "notify", known: int = 0
) -> DecisionCommit:
    with reading(harness.store) as session:
        state = repository.state(session, harness.id)
    record_state = await activities.query_record_state(
        RecordStateQuery(inspection=harness.id, step=step, last_event=known)
    )
    command = Command(id=f"c-{step}", step=step, actor=SYSTEM, on=london_day(harness.now), received=harness.now)
    decision = decide(state, command, england(), harness.now, record_state)
    return build_commit(decision, command.id, harness.now, record_state.head, england())[0]


async def test_a_decision_is_written_and_the_delivery_woken(
    harness: RecordsHarness, activities: RecordActivities, wakings: Wakings
) -> None:
    recorded = await activities.commit_decision(await decision_for(harness, activities))
    assert isinstance(recorded, Committed)
    assert recorded.head == recorded.first_event == 1
    assert recorded.letters == (harness.letters("announcement")[0]["id"],)
    assert wakings.woken == [delivery_workflow_id(harness.id)]
    work = harness.waiting()
    assert [letter.kind for letter in work.letters] == ["announcement"]
    assert work.letters[0].reports_outcome
    assert work.letters[0].documents == work.documents


async def test_done_again_it_writes_nothing_twice_and_wakes_the_delivery_once_more(
    harness: RecordsHarness, activities: RecordActivities, wakings: Wakings
) -> None:
    decision = await decision_for(harness, activities)
    first, second = [await activities.commit_decision(decision) for _ in range(2)]
    assert isinstance(first, Committed)
    assert second == AlreadyCommitted(**first.model_dump(exclude={"result"}))
    assert len(harness.entries()) == 1
    assert len(harness.letters("announcement")) == 1
    assert len(wakings.woken) == 2


async def test_a_delivery_that_runs_is_signalled(
    harness: RecordsHarness, activities: RecordActivities, wakings: Wakings
) -> None:
    wakings.runs = 1
    await activities.commit_decision(await decision_for(harness, activities))
    assert (wakings.woken, wakings.signalled) == ([], [f"{delivery_workflow_id(harness.id)}: outbox_changed"])


async def test_a_delivery_that_ended_before_the_signal_is_started(
    harness: RecordsHarness, activities: RecordActivities, wakings: Wakings
) -> None:
    wakings.runs, wakings.ends = 1, True
    await activities.commit_decision(await decision_for(harness, activities))
    assert (wakings.woken, wakings.signalled) == ([delivery_workflow_id(harness.id)], [])


async def test_a_head_that_moved_writes_nothing(
    harness: RecordsHarness, activities: RecordActivities, wakings: Wakings
) -> None:
    decision = await decision_for(harness, activities)
    harness.do("change_contact", "c.marsh", role="dcs", person="chief.330", reason="New director.")
    assert isinstance(await activities.commit_decision(decision), Conflict)
    assert wakings.woken == []
    assert len(harness.entries()) == 1


async def test_events_the_workflow_lacks_are_returned_until_it_names_them_as_known(
    harness: RecordsHarness, activities: RecordActivities
) -> None:
    await activities.commit_decision(await decision_for(harness, activities))
    await harness.render()
    record_state = await activities.query_record_state(RecordStateQuery(inspection=harness.id, last_event=0))
    assert [(entry.number, entry.command_id, entry.event.kind) for entry in record_state.missed_events] == [
        (1, "c-notify", "notification_issued")
    ]
    assert record_state.head == 2
    assert (
        await activities.query_record_state(RecordStateQuery(inspection=harness.id, last_event=1))
    ).missed_events == ()
    assert (
        await activities.query_record_state(RecordStateQuery(inspection=harness.id, last_event=2))
    ).missed_events == ()
