"""The workflow of an inspection as time passes, months of it in seconds: due items, and the time after an outage."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from temporalio import activity
from temporalio.testing import WorkflowEnvironment

from activities.names import COMMIT_DECISION, QUERY_RECORD_STATE, delivery_workflow_id
from activities.recording.commit import RecordActivities
from activities.rendering.pdf_pool import PdfPool
from application.commands.recovery import recover
from framework.calendar.london_time import at_nine, london_day, start_of
from framework.messages.commands import Actor, Command
from framework.messages.commit import CommitResult, DecisionCommit
from framework.messages.record_state import RecordState, RecordStateQuery
from records.database.connection import writing
from records.inspections import submissions
from tests.dated_inspection import DatedInspection
from tests.workflows.engine_harness import EngineHarness, engine_harness

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Held(RecordActivities):
    """Records that do not answer while the gate is shut, as when the worker or the database is out of order."""

    gate = asyncio.Event()

    @activity.defn(name=QUERY_RECORD_STATE)
    async def query_record_state(self, question: RecordStateQuery) -> RecordState:
        await self.gate.wait()
        return await super().query_record_state(question)

    @activity.defn(name=COMMIT_DECISION)
    async def commit_decision(self, decision: DecisionCommit) -> CommitResult:
        await self.gate.wait()
        return await super().commit_decision(decision)


async def announced(here: EngineHarness) -> None:
    """Announced on Wednesday 3 November 2010, every letter gone."""
    await here.order(notify="now")
    await here.has("set_up_meeting_arranged")
    await here.until(here.delivered, "all letters went")


async def checking_facts(here: EngineHarness) -> None:
    """The draft is sent on Tuesday 14 December 2010: five working days are over at the end of Tuesday 21 December."""
    await here.order(notify="now", service="by_hand")
    await DatedInspection(here.system, here.id).up_to_draft_sent()
    await here.until(here.delivered, "all letters went")


def reminders(here: EngineHarness, limit: str) -> list[tuple[int, date]]:
    """The rungs of a limit that were sent, each with its day."""
    return [
        (rung["rung"], entry.event.on)
        for entry in here.entries("reminder_sent")
        for rung in entry.event.data["rungs"]
        if rung["limit"] == limit
    ]


async def test_silence_counts_at_midnight_after_the_fifth_working_day_and_not_before(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(skipped, data, pool, "2010-12-14T10:00") as here:
        await checking_facts(here)
        await here.leap("2010-12-21T23:50")
        assert here.entries("comments_lapsed") == []
        await here.leap("2010-12-22T00:05")
        (lapsed,) = await here.has("comments_lapsed")
        assert start_of(date(2010, 12, 22)) <= lapsed.event.received < datetime(2010, 12, 22, 0, 1, tzinfo=UTC)


async def test_the_letter_about_what_was_recorded_at_midnight_goes_at_nine_of_a_working_day_even_if_delivery_broke_down(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(skipped, data, pool, "2010-12-14T10:00") as here:
        await checking_facts(here)
        await here.leap("2010-12-22T00:05")
        await here.has("comments_lapsed")
        (letter,) = here.letters("comments_none_received")
        assert (letter["status"], letter["not_before"]) == ("queued", at_nine(date(2010, 12, 22)))
        delivery = here.system.engine().get_workflow_handle(delivery_workflow_id(here.id))
        await delivery.terminate("lost")
        await recover(here.system)
        await here.leap("2010-12-22T08:55")
        assert here.letters("comments_none_received")[0]["attempts"] == 0
        await here.leap("2010-12-22T09:05")
        await here.until(here.delivered, "the letter went")
        (letter,) = here.letters("comments_none_received")
        late = letter["accepted_at"] - at_nine(date(2010, 12, 22))
        assert 0 <= late.total_seconds() < 60
        assert [message.copies for message in here.mail() if message.message_id == letter["message_id"]] == [1]


async def test_comments_stored_by_an_entry_point_while_nothing_answered_count_before_silence(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    Held.gate.set()
    async with engine_harness(skipped, data, pool, "2010-12-14T10:00", activities=Held) as here:
        await checking_facts(here)
        await here.leap("2010-12-21T23:59:56")
        Held.gate.clear()
        received = datetime(2010, 12, 21, 18, tzinfo=UTC)
        command = Command(
            id="kept",
            step="return_comments",
            actor=Actor(person="dcs.330", entry_point="test"),
            on=london_day(received),
            received=received,
            fields={"comments": []},
        )
        with writing(here.system.records) as session:
            submissions.store(session, here.id, command)
        await here.wait_for("2010-12-22T00:00:02")
        Held.gate.set()
        (returned,) = await here.has("comments_returned")
        assert returned.event.received == received
        assert here.entries("comments_lapsed", "late_comments_returned") == []
        rows = [row for row in here.letters() if row["kind"].startswith("comments")]
        assert [row["kind"] for row in rows if row["kind"] != "comments_form"] == ["comments_returned_without"]


async def test_reminders_go_at_nine_in_london_and_stop_with_the_deed(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(skipped, data, pool, "2010-11-03T08:00") as here:
        await announced(here)
        await here.leap("2010-11-04T12:00")
        await here.leap("2010-11-05T10:00")
        await here.until(lambda: reminders(here, "case_lists"), "the reminder")
        await here.do("receive_case_lists", "link.330")
        await here.leap("2010-11-10T10:00")
        assert reminders(here, "case_lists") == [(0, date(2010, 11, 5))], "none within a day of the announcement"
        for entry in here.entries("reminder_sent"):
            late = entry.event.received - at_nine(entry.event.on)
            assert 0 <= late.total_seconds() < 60


async def test_what_was_notified_days_ago_is_asked_for_no_sooner_than_two_working_days_after_it_was_recorded(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(skipped, data, pool, "2010-11-08T12:00") as here:
        await here.order(notify="now", service="by_hand")
        await here.do("record_service", "c.marsh", "2010-11-03", method="by_hand", proof="Handed over.")
        await here.leap("2010-11-10T10:00")
        await here.until(lambda: reminders(here, "case_lists"), "the reminder")
        assert reminders(here, "case_lists") == [(3, date(2010, 11, 10))]


async def test_what_fell_due_while_nothing_answered_happens_once_afterwards(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    Held.gate.set()
    async with engine_harness(skipped, data, pool, "2010-11-03T08:00", activities=Held) as here:
        await announced(here)
        await here.leap("2010-11-05T08:59:57")
        Held.gate.clear()
        await here.wait_for("2010-11-05T09:00:02")
        assert here.entries("reminder_sent") == []
        Held.gate.set()
        await here.until(lambda: reminders(here, "case_lists"), "the reminder")
        await here.leap("2010-11-05T20:00")
        assert reminders(here, "case_lists") == [(0, date(2010, 11, 5))]


async def test_notification_goes_of_itself_at_nine_on_its_day(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(skipped, data, pool, "2010-11-01T12:00") as here:
        await here.order(notify="2010-11-03")
        await here.leap("2010-11-03T08:59")
        assert here.entries("notification_issued") == []
        await here.leap("2010-11-03T09:05")
        (issued,) = await here.has("notification_issued")
        assert 0 <= (issued.event.received - at_nine(date(2010, 11, 3))).total_seconds() < 60
        (notified,) = await here.has("notified")
        assert notified.event.on == date(2010, 11, 3)
