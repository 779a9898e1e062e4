"""An inspection without a running workflow is found and begun again from its log: terminated by hand, or with a new store."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment

from activities.names import CHECKPOINTS_WORKFLOW_ID, delivery_workflow_id
from activities.rendering.pdf_pool import PdfPool
from application.commands.missing_workflows import begin_missing
from application.commands.recovery import recover
from application.commands.watch import watch
from application.runtime.context import AppContext
from framework.common.errors import Unreachable
from records.database.connection import reading, writing
from records.inspections import repository
from records.outbox import states
from records.outbox.messages import SealedMessage
from tests.cli_harness import run
from tests.workflows.conftest import ordinary
from tests.workflows.engine_harness import EngineHarness, announced, engine_harness

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGAIN = "workflow_begun_again"


@pytest_asyncio.fixture(loop_scope="module")
async def here(usual: WorkflowEnvironment, data: Path, pool: PdfPool) -> AsyncIterator[EngineHarness]:
    async with announced(usual, data, pool) as harness:
        yield harness


async def ended(here: EngineHarness) -> None:
    """Its workflow was terminated by hand."""
    await here.workflow.terminate("by hand")


async def test_a_terminated_inspection_is_begun_again_with_an_event_and_a_task_and_goes_on(here: EngineHarness) -> None:
    before = here.due("fieldwork_starts")
    await ended(here)
    assert await begin_missing(here.system) == [here.id]
    (again,) = here.entries(AGAIN)
    assert again.event.data["found"] == "terminated"
    assert here.tasks() == [AGAIN]
    answer = await here.do("receive_documents", "link.330")
    assert "documents_received" in answer.kinds
    assert here.due("fieldwork_starts") == before
    assert await begin_missing(here.system) == []
    assert len(here.letters("announcement")) == len(here.entries("notified")) == len(here.entries(AGAIN)) == 1


async def test_two_workers_that_look_at_once_begin_it_again_once(here: EngineHarness) -> None:
    await ended(here)
    await asyncio.gather(begin_missing(here.system), begin_missing(here.system))
    assert len(here.entries(AGAIN)) == 1
    await ended(here)
    await begin_missing(here.system)
    assert len(here.entries(AGAIN)) == 2
    assert here.tasks() == [AGAIN]


async def test_a_step_meanwhile_is_kept_and_taken_when_it_is_begun_again(here: EngineHarness) -> None:
    await ended(here)
    with pytest.raises(Unreachable, match=f"no workflow runs for {here.id}: receive_documents is kept"):
        await here.do("receive_documents", "link.330", command="meanwhile")
    assert here.entries("step_refused") == []
    await recover(here.system)
    (taken,) = await here.has("documents_received")
    assert taken.command_id == "meanwhile"
    assert (await here.do("receive_documents", "link.330", command="meanwhile")).events == (taken.number,)


async def test_the_acceptance_that_no_workflow_received_is_day_0_when_it_is_begun_again(
    usual: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(usual, data, pool, "2010-11-03T08:00", mail_port=1) as here:
        await here.order(notify="now")
        await here.has("notification_issued")
        await here.until(lambda: here.letters("announcement")[0]["attempts"], "the delivery tried")
        (letter,) = here.letters("announcement")
        await ended(here)
        await here.system.engine().get_workflow_handle(delivery_workflow_id(here.id)).terminate()
        moment = here.clock.now()
        with writing(here.system.records) as session:
            states.mark_sending(session, letter["id"], moment, SealedMessage("0" * 64, "m"))
            states.mark_accepted(session, letter["id"], moment)
        assert await begin_missing(here.system) == [here.id]
        (notified,) = await here.has("notified")
        assert (notified.event.received, notified.command_id) == (moment, f"letter:{letter['id']}:accepted")


async def test_letters_of_a_delivery_that_was_terminated_go_when_it_is_looked_for(
    usual: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(usual, data, pool, "2010-11-03T08:00", mail_port=1) as here:
        await here.order(notify="now")
        await here.has("notification_issued")
        await here.until(lambda: here.letters("announcement")[0]["attempts"], "the delivery tried")
        delivery = here.system.engine().get_workflow_handle(delivery_workflow_id(here.id))
        await delivery.terminate()
        await begin_missing(here.system)
        assert (await delivery.describe()).status is WorkflowExecutionStatus.RUNNING
        assert here.entries(AGAIN) == []


async def test_a_new_store_begins_all_that_is_open_again_and_what_is_over_stays_over(
    here: EngineHarness, tmp_path: Path
) -> None:
    await here.order(authority="209", service="by_hand")
    over, other = here.id, await ordinary()
    try:
        await here.do("cancel", "m.okafor", reason="No longer wanted.")
        await here.workflow.result()
        lost = AppContext(here.system.settings, here.system.records, other.client, now=here.clock.now)
        begun = await begin_missing(lost)
        assert over not in begun
        assert len(begun) == 1
        with reading(here.system.records) as session:
            assert repository.unfinished(session) == begun
    finally:
        await other.shutdown()


async def test_workers_look_hourly_and_keep_the_checkpoints_running(here: EngineHarness) -> None:
    await ended(here)
    watching = asyncio.create_task(watch(here.system, every=0.1, hourly=0.2))
    try:
        await here.has(AGAIN)
        checkpoints = here.system.engine().get_workflow_handle(CHECKPOINTS_WORKFLOW_ID)
        await here.until(lambda: here.tasks() == [AGAIN], "the task is there")
        assert (await checkpoints.describe()).run_id
        await ended(here)
        await here.has(AGAIN, times=2)
    finally:
        watching.cancel()
        await checkpoints.terminate()


async def test_verify_names_an_inspection_without_a_workflow_and_begins_none(
    here: EngineHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", here.system.engine().service_client.config.target_host)
    words = ("verify", "--json", "--data", str(here.system.settings.data))
    assert (await asyncio.to_thread(run, *words)).exit_code == 0
    await ended(here)
    result = await asyncio.to_thread(run, *words)
    assert result.exit_code == 5
    (finding,) = json.loads(result.stdout)["found"]
    assert (finding["check"], finding["inspection"]) == ("engine", here.id)
    assert "no workflow runs for it (it is terminated)" in finding["what"]
    assert here.entries(AGAIN) == []
