"""B10: what comes back to the office's mailbox is read in the hourly round, and takes the clock back that hangs on it."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.names import CHECKPOINTS_WORKFLOW, INSPECTIONS_QUEUE
from activities.rendering.pdf_pool import PdfPool
from framework.common.errors import Refused
from framework.messages.delivery import CheckpointsStart
from tests.activities.mail.reports import report
from tests.workflows.engine_harness import engine_harness
from tests.workflows.side_histories import replay

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_announcement_that_comes_back_takes_day_0_back_until_a_person_notifies_anew(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool, tmp_path: Path
) -> None:
    for name in ("new", "cur"):
        (tmp_path / name).mkdir()
    async with engine_harness(skipped, data, pool, "2010-11-03T09:30", bounces=tmp_path) as here:
        await here.order(notify="now")
        await here.has("notified")
        await here.until(here.delivered, "its letters went")
        (announcement,) = here.letters("announcement")
        (tmp_path / "new" / "1").write_bytes(report(announcement["message_id"], "dcs@birmingham.example"))
        round_ = await here.system.engine().start_workflow(
            CHECKPOINTS_WORKFLOW,
            CheckpointsStart(clock_shift=here.system.clock_shift),
            id=f"bounces-{here.id}",
            task_queue=INSPECTIONS_QUEUE,
        )
        await here.has("letter_returned")
        (failed,) = await here.has("notification_failed")
        assert failed.event.by == "system"
        await here.until(here.delivered, "whoever had dates was told")
        (letter,) = here.letters("notification_failed")
        assert "dcs@birmingham.example" not in {person["email"] for person in (*letter["to_json"], *letter["cc_json"])}
        await replay(await round_.fetch_history())
        await round_.terminate()
        await here.leap("2010-11-05T10:00")
        assert (await here.workflow.query("state"))["stage"] == "planned"
        assert here.entries("reminder_sent") == []
        assert here.tasks() == ["notification"]
        with pytest.raises(Refused, match="change the Director's address"):
            await here.do("notify", "c.marsh")
        await here.do("change_contact", "c.marsh", role="dcs", person="chief.330", reason="She holds the post.")
        await here.do("notify", "c.marsh")
        await here.has("notified", times=2)
        assert (await here.workflow.query("state"))["stage"] == "notified"
