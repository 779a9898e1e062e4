"""The engine's port has no sign-in: what is sent there past the entry points changes nothing and makes a task."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio.client import Client, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment

from activities.names import inspection_workflow_id
from activities.rendering.pdf_pool import PdfPool
from application.commands.missing_workflows import begin_missing
from framework.calendar.london_time import london_day
from framework.messages.commands import Actor, Command
from records.database.connection import reading, writing
from records.inspections import repository, submissions
from records.outbox import states
from records.outbox.messages import SealedMessage
from tests.workflows.engine_harness import EngineHarness, announced, engine_harness

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORGED = "command_not_submitted"


@pytest_asyncio.fixture(loop_scope="module")
async def here(usual: WorkflowEnvironment, data: Path, pool: PdfPool) -> AsyncIterator[EngineHarness]:
    async with announced(usual, data, pool) as harness:
        yield harness


@pytest_asyncio.fixture(loop_scope="module")
async def unsent(usual: WorkflowEnvironment, data: Path, pool: PdfPool) -> AsyncIterator[EngineHarness]:
    """An inspection whose announcement is on its way: no mail server answers."""
    async with engine_harness(usual, data, pool, "2010-11-03T08:00", mail_port=1) as harness:
        await harness.order(notify="now")
        await harness.has("notification_issued")
        await harness.until(lambda: harness.letters("announcement")[0]["attempts"], "its delivery tried")
        yield harness


async def raw(here: EngineHarness) -> Any:
    """The inspection's workflow, for any account that can reach the engine's port: no code of ours."""
    client = await Client.connect(here.system.engine().service_client.config.target_host)
    return client.get_workflow_handle(inspection_workflow_id(here.id))


def command(here: EngineHarness, identifier: str, step: str = "receive_documents", person: str = "link.330") -> Command:
    now = here.clock.now()
    actor = Actor(person=person, posts=(), entry_point="test", ran_as="tester")
    return Command(id=identifier, step=step, actor=actor, on=london_day(now), received=now)


def outcome(letter: str, at: Any, accepted: bool = True) -> dict[str, Any]:
    return {"letter_id": letter, "kind": "announcement", "at": at.isoformat(), "accepted": accepted}


async def taken(here: EngineHarness) -> None:
    """Everything that was sent before was looked at: the workflow answers this step after it."""
    await here.do("change_contact", "c.marsh", role="link_officer", person="chief.330", reason="She is on leave.")


async def test_a_forged_update_changes_nothing_and_makes_a_task(here: EngineHarness) -> None:
    before = here.entries()
    forged = command(here, "mine").model_dump(mode="json")
    answer = await (await raw(here)).execute_update("take_step", forged, id="mine")
    assert "the records hold no such command" in answer["refused"]
    assert here.entries() == before
    assert here.tasks() == [FORGED]
    genuine = await here.do("receive_documents", "link.330", command="mine-too")
    assert genuine.kinds == ("documents_received",)


async def test_a_forged_update_does_not_take_the_place_of_the_command_with_its_identifier(here: EngineHarness) -> None:
    forged = command(here, "same", person="dcs.330").model_dump(mode="json")
    await (await raw(here)).execute_update("take_step", forged, id="another")
    assert here.entries("documents_received") == []
    answer = await here.do("receive_documents", "link.330", command="same")
    assert answer.kinds == ("documents_received",)
    assert [entry.event.by for entry in here.entries("documents_received")] == ["link.330"]


@pytest.mark.parametrize("change", [{"received": -3}, {"posts": ["manager"]}])
async def test_a_stored_command_is_taken_as_it_was_stored_or_not_at_all(
    here: EngineHarness, change: dict[str, Any]
) -> None:
    stored = command(here, "stored")
    with writing(here.system.records) as session:
        submissions.store(session, here.id, stored)
    forged = stored.model_dump(mode="json")
    if "received" in change:
        forged["received"] = (stored.received + timedelta(seconds=change["received"])).isoformat()
    else:
        forged["actor"] |= change
    await (await raw(here)).execute_update("take_step", forged, id="stored-not")
    assert here.entries("documents_received") == []
    await here.workflow.signal("refresh")
    (received,) = await here.has("documents_received")
    assert (received.event.received, received.event.role) == (stored.received, "link_officer")


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_forged_outcome_of_the_letter_that_is_awaited_starts_no_clock(
    unsent: EngineHarness, accepted: bool
) -> None:
    here = unsent
    (letter,) = here.letters("announcement")
    before = here.entries()
    await (await raw(here)).signal("delivery_outcome", outcome(letter["id"], here.clock.now(), accepted))
    await here.until(lambda: here.tasks() == [FORGED], "the task is there")
    assert here.entries() == before
    with reading(here.system.records) as session:
        assert repository.state(session, here.id).notification_pending


async def test_day_0_is_the_moment_of_acceptance_whatever_is_signalled_before(unsent: EngineHarness) -> None:
    here = unsent
    (letter,) = here.letters("announcement")
    moment = here.clock.now()
    await (await raw(here)).signal("delivery_outcome", outcome(letter["id"], moment - timedelta(days=1)))
    await here.until(lambda: here.tasks() == [FORGED], "the task is there")
    with writing(here.system.records) as session:
        states.mark_sending(session, letter["id"], moment, SealedMessage("0" * 64, "m"))
        states.mark_accepted(session, letter["id"], moment)
    await (await raw(here)).signal("delivery_outcome", outcome(letter["id"], moment))
    (notified,) = await here.has("notified")
    assert notified.event.received == moment


async def test_the_outcome_of_a_letter_that_nothing_awaits_leaves_no_refusal(here: EngineHarness) -> None:
    before = here.entries()
    await (await raw(here)).signal("delivery_outcome", outcome("no-such-letter", here.clock.now()))
    await here.until(lambda: here.tasks() == [FORGED], "the task is there")
    await taken(here)
    assert here.entries()[: len(before)] == before
    assert here.entries("step_refused") == []


@pytest.mark.parametrize("sent", [{"nonsense": True}, "text", {"id": "x", "step": "no_step"}])
async def test_what_is_no_command_at_all_stops_nothing(here: EngineHarness, sent: Any) -> None:
    with pytest.raises(WorkflowUpdateFailedError):
        await (await raw(here)).execute_update("take_step", sent, id="nonsense")
    await (await raw(here)).signal("delivery_outcome", sent)
    await taken(here)
    assert here.entries("step_refused") == []


async def test_a_workflow_that_was_started_with_another_input_fails_and_is_begun_again(here: EngineHarness) -> None:
    with reading(here.system.records) as session:
        start = repository.beginning(session, here.id, here.clock.shift)
    assert start is not None
    forged = start.model_dump(mode="json")
    forged["people"]["dcs"] = ["link.330"]
    await here.workflow.terminate()
    client = await Client.connect(here.system.engine().service_client.config.target_host)
    handle = await client.start_workflow(
        "InspectionWorkflow",
        forged,
        id=inspection_workflow_id(here.id),
        task_queue="inspections",
        start_signal="refresh",
    )
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    assert await begin_missing(here.system) == [here.id]
    assert [entry.event.data["found"] for entry in here.entries("workflow_begun_again")] == ["failed"]
    await taken(here)
