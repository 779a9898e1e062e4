"""Each hour in which something changed a signed list of all heads, on file and to the auditors; none where nothing did."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from activities.names import CHECKPOINTS_WORKFLOW, CHECKPOINTS_WORKFLOW_ID, INSPECTIONS_QUEUE
from activities.rendering.pdf_pool import PdfPool
from application.runtime import dev_mailbox
from framework.messages.delivery import CheckpointsStart
from records.audit.checkpoints import files, read_file
from tests.records.verify.verified_records import verify
from tests.workflows.engine_harness import EngineHarness, engine_harness
from tests.workflows.side_histories import replayed

pytestmark = pytest.mark.asyncio(loop_scope="module")

AUDITOR = "a.vale@inspectorate.example"


async def begin(here: EngineHarness) -> WorkflowHandle[object, object]:
    """The hourly round, from now."""
    return await here.system.engine().start_workflow(
        CHECKPOINTS_WORKFLOW,
        CheckpointsStart(clock_shift=here.system.clock_shift),
        id=CHECKPOINTS_WORKFLOW_ID,
        task_queue=INSPECTIONS_QUEUE,
    )


def lists(here: EngineHarness) -> list[dev_mailbox.Letter]:
    """What the auditors were sent."""
    return [letter for letter in here.mail() if "Signed list" in letter.subject]


async def test_a_list_is_signed_in_each_hour_in_which_a_head_moved_and_sent(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(skipped, data, pool, "2010-11-03T09:30") as here:
        await here.order(notify="now")
        await here.has("notified")
        await here.until(here.delivered, "its letters went")
        handle = await begin(here)
        await here.until(lambda: len(lists(here)) == 1, "the first list")
        await here.leap("2010-11-03T13:00")
        assert len(files(data)) == 1, "nothing changed"
        await here.do("change_contact", "c.marsh", role="link_officer", person="chief.330", reason="She is on leave.")
        await here.leap("2010-11-03T15:00")
        await here.until(lambda: len(lists(here)) == 2, "the second list")
        assert [letter.to for letter in lists(here)] == [(AUDITOR,)] * 2
        first, second = (read_file(path) for path in files(data))
        assert (first.number, second.number, second.previous) == (1, 2, first.sha256)
        assert verify(data).findings == []
        assert verify(data, given=files(data)).findings == []
        await handle.terminate()


async def test_while_mail_is_down_lists_are_made_and_the_newest_goes_later(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(skipped, data, pool, "2010-11-03T09:30") as here:
        await here.order(notify="2010-12-01")
        await here.post.close()
        handle = await begin(here)
        await here.leap("2010-11-03T10:45")
        await here.do("change_contact", "c.marsh", role="link_officer", person="chief.330", reason="She is on leave.")
        await here.leap("2010-11-03T12:45")
        assert len(files(data)) == 2
        assert lists(here) == []
        await here.post.open()
        await here.leap("2010-11-03T15:00")
        assert [letter.subject.split()[2] for letter in lists(here)] == ["2"]
        await here.leap("2010-11-12T09:00")
        now = here.system.engine().get_workflow_handle(CHECKPOINTS_WORKFLOW_ID)
        assert (await now.describe()).run_id != handle.result_run_id, "the story began anew, and goes on"
        await now.terminate()
        first = here.system.engine().get_workflow_handle(CHECKPOINTS_WORKFLOW_ID, run_id=handle.result_run_id)
        await replayed("checkpoints", first)
