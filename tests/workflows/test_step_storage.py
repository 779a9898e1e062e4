"""The message about a step that was stored, sent to the workflow and refused, with a full disk or a locked database since."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from activities.rendering.pdf_pool import PdfPool
from application.caller import Caller
from application.commands.take_step import TakeStep, take_step
from application.runtime.context import AppContext
from framework.common.errors import Remedy, Unreachable
from records.database.connection import connect
from tests.application.commands.test_step_storage import FAILURES, Fail, fails_at, gone
from tests.workflows.engine_harness import EngineHarness, announced

pytestmark = pytest.mark.asyncio(loop_scope="module")

STORED = "entry point: submission stored"


@pytest_asyncio.fixture(loop_scope="module")
async def here(usual: WorkflowEnvironment, data: Path, pool: PdfPool) -> AsyncIterator[EngineHarness]:
    async with announced(usual, data, pool) as harness:
        yield harness


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as open_things:
        yield open_things


@pytest.fixture
def context(here: EngineHarness, stack: ExitStack) -> AppContext:
    """An entry point with connections of its own, which wait for a lock only for a moment."""
    link = here.system.settings.data / "link.sqlite"
    link.symlink_to(here.system.settings.data / "records.sqlite")
    records = connect(f"sqlite:///{link}", timeout_seconds=0.3)
    stack.callback(records.dispose)
    return replace(here.system, records=records)


@pytest.mark.parametrize(("fail", "words"), FAILURES)
async def test_the_message_about_a_refusal_that_could_not_be_recorded_names_the_step_as_kept(
    here: EngineHarness,
    context: AppContext,
    stack: ExitStack,
    monkeypatch: pytest.MonkeyPatch,
    fail: Fail,
    words: str,
) -> None:
    fails_at(monkeypatch, STORED, lambda: fail(context, stack))
    lead = Caller("i.ashdown", ran_as="x" * 20_000)  # its event needs more pages than the database has
    with pytest.raises(Unreachable) as failure:
        await take_step(lead, context, TakeStep(here.id, "start_fieldwork", {}, command="c1"))
    error = str(failure.value)
    assert "it was refused (" in error
    assert words in error
    assert error.endswith("start_fieldwork is kept with the moment it came in")
    assert here.entries("step_refused") == []
    stack.close()
    await here.workflow.signal("refresh")
    (refused,) = await here.has("step_refused")
    assert refused.command_id == "c1:refused"


async def test_the_message_about_a_step_that_was_taken_and_cannot_be_read_names_it_as_taken(
    here: EngineHarness, context: AppContext, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails_at(monkeypatch, "entry point: answer received", lambda: gone(context, stack))
    with pytest.raises(
        Unreachable, match="receive_documents was taken, and what it brought about cannot be"
    ) as failure:
        await take_step(Caller("link.330"), context, TakeStep(here.id, "receive_documents", {}, command="c1"))
    assert (failure.value.remedy, failure.value.subject) == (Remedy.REPEAT_COMMAND, "c1")
    assert len(here.entries("documents_received")) == 1
