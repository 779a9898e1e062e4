"""The delivery of letters, beside the inspection: mail that is down holds up no step, and nothing is lost or sent twice."""

from datetime import date
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.names import DELIVERY_WORKFLOW, LETTERS_QUEUE, delivery_workflow_id
from activities.rendering.pdf_pool import PdfPool
from framework.calendar.london_time import london_day
from framework.messages.delivery import DeliveryStart
from tests.activities.faulty_smtp import misbehaving
from tests.workflows.engine_harness import engine_harness

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_letters_wait_while_mail_is_down_steps_go_on_and_day_0_is_the_london_day_of_acceptance(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(skipped, data, pool, "2010-11-03T09:30") as here:
        await here.post.close()
        await here.order(notify="now")
        await here.has("notification_issued")
        await here.do("override", "m.okafor", gate="notice", reason="Agreed by telephone.")
        await here.do("arrange_fieldwork", "i.ashdown", starts="2010-11-15")
        await here.leap("2010-11-04T10:00")
        await here.do("change_contact", "c.marsh", role="link_officer", person="chief.330", reason="She is on leave.")
        (waiting,) = here.letters("announcement")
        assert waiting["status"] in ("queued", "sending")
        assert waiting["attempts"] > 5
        assert "onnect" in waiting["error"]
        assert here.entries("notified") == []
        await here.post.open()
        await here.leap("2010-11-04T12:00")
        (notified,) = await here.has("notified")
        accepted = here.letters("announcement")[0]["accepted_at"]
        assert notified.event.on == london_day(accepted) == date(2010, 11, 4)
        await here.until(here.delivered, "all letters went")
        assert [letter.copies for letter in here.mail()] == [1] * len(here.letters())


async def test_a_refused_announcement_opens_tasks_and_starts_no_clock(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with (
        misbehaving({"RCPT dcs@birmingham.example": "550 unknown"}) as faulty,
        engine_harness(skipped, data, pool, "2010-11-03T09:30", mail_port=faulty.port) as here,
    ):
        await here.order(notify="now")
        await here.has("notification_not_served")
        assert here.letters("announcement")[0]["status"] == "failed"
        assert sorted(here.tasks()) == ["letter_failed", "notification"]
        await here.leap("2010-11-12T10:00")
        assert (await here.workflow.query("state"))["stage"] == "planned"
        assert here.entries("notified", "reminder_sent") == []
        assert len(here.entries("notification_issued")) == 1


async def test_a_refused_copy_keeps_the_clock_going_and_is_never_sent_again(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with (
        misbehaving({"RCPT link@birmingham.example": "550 unknown"}) as faulty,
        engine_harness(skipped, data, pool, "2010-11-03T09:30", mail_port=faulty.port) as here,
    ):
        await here.order(notify="now")
        await here.has("notified")
        await here.until(here.delivered, "all letters went")
        assert here.letters("announcement")[0]["status"] == "partly"
        assert "copy_refused" in here.tasks()
        await here.leap("2010-11-03T20:00")
        announcements = [letter for letter in faulty.taken if b"announced" in letter]
        assert len(announcements) == 1


async def test_a_delivery_that_finds_nothing_to_do_ends(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(skipped, data, pool, "2010-11-01T12:00") as here:
        await here.order(notify="2010-11-03")
        handle = await here.system.engine().start_workflow(
            DELIVERY_WORKFLOW,
            DeliveryStart(inspection=here.id),
            id=delivery_workflow_id(here.id),
            task_queue=LETTERS_QUEUE,
            start_signal="outbox_changed",
        )
        assert await handle.result() == 0


async def test_a_letter_whose_inspection_is_over_is_still_delivered(
    usual: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(usual, data, pool, "2010-11-03T09:30") as here:
        await here.post.close()
        await here.order(notify="now")
        await here.has("notification_issued")
        await here.workflow.terminate()
        await here.post.open()
        await here.until(here.delivered, "the announcement went")
        delivery = here.system.engine().get_workflow_handle(delivery_workflow_id(here.id))
        assert await delivery.result() == 2
