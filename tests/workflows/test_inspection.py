"""The workflow of an inspection, command by command, on skipped time and on the ordinary engine."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
import pytest_asyncio
from temporalio import activity
from temporalio.testing import WorkflowEnvironment

from activities.names import COMMIT_DECISION, QUERY_RECORD_STATE
from activities.recording.commit import RecordActivities
from activities.rendering.pdf_pool import PdfPool
from application.commands import step_dispatch
from application.runtime.temporal_client import prepare
from framework.common.errors import Refused, Unreachable
from framework.messages.commit import CommitResult, DecisionCommit
from framework.messages.events import Event
from framework.messages.record_state import RecordState, RecordStateQuery
from framework.vocabulary.roles import Role
from records.database.connection import writing
from records.log.append import append
from tests.workflows.engine_harness import EngineHarness, engine_harness

MOMENT = datetime(2010, 11, 3, 8, 30, tzinfo=UTC)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def here(either: WorkflowEnvironment, data: Path, pool: PdfPool) -> AsyncIterator[EngineHarness]:
    """An inspection that was announced, on each kind of engine."""
    async with engine_harness(either, data, pool, "2010-11-03T08:00") as harness:
        await announced(harness)
        yield harness


async def announced(here: EngineHarness) -> None:
    """Ordered and notified, every letter gone."""
    await here.order(notify="now")
    await here.has("set_up_meeting_arranged")
    await here.until(here.delivered, "all letters went")


def an_event(kind: str) -> Event:
    """Something the lead inspector did, as it stands in the log."""
    return Event(
        kind=kind,
        on=MOMENT.date(),
        received=MOMENT,
        by="i.ashdown",
        role=Role.LEAD_INSPECTOR,
        entry_point="test",
        paragraph=32,
    )


async def test_the_workflow_keeps_the_limits_as_they_were_set_when_it_was_ordered(
    either: WorkflowEnvironment, data: Path, pool: PdfPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine_harness(either, data, pool, "2010-11-03T08:00") as harness:
        monkeypatch.setenv("INSPECTIONS_LIMIT_CASE_LISTS_COUNT", "3")
        await harness.order(notify="now")
        monkeypatch.setenv("INSPECTIONS_LIMIT_CASE_LISTS_COUNT", "7")
        await harness.has("set_up_meeting_arranged")
        assert harness.due("case_lists") == date(2010, 11, 8)
        (announcement,) = harness.letters("announcement")
        assert announcement["data_json"]["dates"]["case_lists"] == "2010-11-08"


async def test_what_the_workflow_refuses_at_once_leaves_no_trace_in_the_engine(here: EngineHarness) -> None:
    before = await here.traces()
    with pytest.raises(Refused, match="the set-up meeting has not been held"):
        await here.do("start_fieldwork", "i.ashdown")
    assert await here.traces() == before
    (refused,) = here.entries("step_refused")
    assert refused.event.data["step"] == "start_fieldwork"


async def test_the_same_command_twice_is_one_command_also_at_the_same_time(here: EngineHarness) -> None:
    first, second = await asyncio.gather(*(here.do("receive_case_lists", "link.330", command="c1") for _ in range(2)))
    third = await here.do("receive_case_lists", "link.330", command="c1")
    assert first == second == third
    assert len(here.entries("case_lists_received")) == 1


async def test_commands_sent_all_at_once_are_each_done_once(here: EngineHarness) -> None:
    steps = ["receive_case_lists", "receive_documents", "confirm_survey_invitations", "receive_case_audits"] * 2
    await asyncio.gather(*(here.do(step, "link.330") for step in steps))
    received = here.entries(
        "case_lists_received", "documents_received", "survey_invitations_handed_out", "case_audits_received"
    )
    assert len(received) == 8
    numbers = [entry.number for entry in here.entries()]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_asking_changes_nothing(here: EngineHarness) -> None:
    before = await here.traces()
    state = await here.workflow.query("state")
    assert state["stage"] == "notified"
    assert await here.workflow.query("state") == state
    assert await here.traces() == before


async def test_the_engines_own_screens_find_inspections_by_stage_and_by_being_late(
    usual: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(usual, data, pool, "2010-11-03T08:00") as here:
        await announced(here)
        await prepare(here.system.engine())  # as at every start: what is known already is no fault

        async def matching(query: str) -> set[str]:
            return {row.id async for row in here.system.engine().list_workflows(query)}

        async def comes_to_be_found(query: str) -> None:
            async with asyncio.timeout(20):  # the engine's list lags a little
                while here.workflow.id not in await matching(query):
                    await asyncio.sleep(0.05)

        await comes_to_be_found("Stage = 'notified' AND Late = false")
        await here.do("hold_set_up_meeting", "i.ashdown", attendees="All", decisions="None")
        await comes_to_be_found("Stage = 'set_up'")
        assert here.workflow.id not in await matching("Stage = 'notified'")


async def test_what_was_recorded_without_the_engine_hearing_of_it_is_known_after_a_look(here: EngineHarness) -> None:
    """As when everything was killed between the records' commit and the engine's answer."""
    with writing(here.system.records) as session:
        appended = append(session, here.id, "cut-off", [an_event("set_up_meeting_held")], here.clock.now())
    assert (await here.workflow.query("state"))["stage"] == "notified"
    await here.workflow.signal("refresh")
    answer = await here.do("receive_case_lists", "link.330")
    assert answer.stage == "set_up"
    again = await here.workflow.execute_update("take_step", _command(here, "cut-off"), id="cut-off")
    assert again["events"] == [appended.first_event]
    assert len(here.entries("set_up_meeting_held")) == 1


def _command(here: EngineHarness, identifier: str) -> dict[str, Any]:
    now = here.clock.now()
    command = {"id": identifier, "step": "hold_set_up_meeting", "actor": {"person": "i.ashdown"}, "on": now.date()}
    return {**command, "received": now, "fields": {}}


async def test_without_an_answer_within_the_timeout_the_message_names_how_to_ask_again_and_then_it_is_there(
    usual: WorkflowEnvironment, data: Path, pool: PdfPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine_harness(usual, data, pool, "2010-11-03T08:00") as here:
        await announced(here)
        await here.rest()
        monkeypatch.setattr(step_dispatch, "ANSWER_TIMEOUT_SECONDS", 0.5)
        with pytest.raises(Unreachable, match="it is kept"):
            await here.do("receive_case_lists", "link.330", command="c1")
        monkeypatch.undo()
        await here.work()
        await here.do("receive_case_lists", "link.330", command="c1")
        assert len(here.entries("case_lists_received")) == 1


class Interrupting(RecordActivities):
    """Records to which an event is written just before a step is, once; and which collect their queries."""

    kind = ""
    queries: ClassVar[list[str]] = []

    @activity.defn(name=QUERY_RECORD_STATE)
    async def query_record_state(self, question: RecordStateQuery) -> RecordState:
        Interrupting.queries.append(question.step)
        return await super().query_record_state(question)

    @activity.defn(name=COMMIT_DECISION)
    async def commit_decision(self, decision: DecisionCommit) -> CommitResult:
        if Interrupting.kind and decision.events[0].kind == "documents_received":
            kind, Interrupting.kind = Interrupting.kind, ""
            with writing(self._records) as session:
                append(session, decision.inspection, "another", [an_event(kind)], MOMENT)
        return await super().commit_decision(decision)


@pytest.mark.parametrize(
    ("kind", "queries"), [("step_refused", []), ("survey_invitations_handed_out", ["receive_documents"])]
)
async def test_the_records_are_queried_only_where_the_workflow_lacks_events(
    either: WorkflowEnvironment, data: Path, pool: PdfPool, kind: str, queries: list[str]
) -> None:
    """Events of entry points and letters do not matter to a decision; events of the workflow's own that it lacks do."""
    async with engine_harness(either, data, pool, "2010-11-03T08:00", activities=Interrupting) as here:
        await announced(here)
        Interrupting.kind = kind
        Interrupting.queries.clear()
        answer = await here.do("receive_documents", "link.330")
        assert Interrupting.queries == queries
        before, own = here.entries()[-2:]
        assert (before.event.kind, own.event.kind) == (kind, "documents_received")
        assert answer.events == (own.number,), "the number it has in the log, not the one that was expected"
        assert here.state_of("survey_invitations") == ("open" if kind == "step_refused" else "met")
