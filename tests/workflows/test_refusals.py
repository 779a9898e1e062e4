"""A refusal is recorded once, whether by the entry point, the workflow, or the startup recovery."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select, update
from temporalio.testing import WorkflowEnvironment

from activities.rendering.pdf_pool import PdfPool
from application.commands.recovery import recover
from application.commands.step_dispatch import workflow_ended
from framework.calendar.london_time import london_day
from framework.common.errors import Refused
from framework.lifecycle.decide import refusal_event
from framework.messages.commands import Actor, Command
from framework.messages.delivery import DeliveryOutcome
from framework.messages.events import Event
from framework.vocabulary.roles import Role
from records.database.connection import reading, writing
from records.inspections import repository, submissions
from records.outbox import states
from records.outbox.messages import SealedMessage
from records.tables.directory import PEOPLE
from records.tables.inspections import SUBMISSIONS
from tests.words import WHY
from tests.workflows.engine_harness import EngineHarness, engine_harness

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def here(usual: WorkflowEnvironment, data: Path, pool: PdfPool) -> AsyncIterator[EngineHarness]:
    async with engine_harness(usual, data, pool, "2010-11-03T08:00") as harness:
        yield harness


@pytest_asyncio.fixture(loop_scope="module")
async def without_mail(usual: WorkflowEnvironment, data: Path, pool: PdfPool) -> AsyncIterator[EngineHarness]:
    """A town whose mail server is down: what it announces stays on its way."""
    async with engine_harness(usual, data, pool, "2010-11-03T08:00", mail_port=1) as harness:
        yield harness


async def announced(here: EngineHarness) -> None:
    await here.order(notify="now")
    await here.has("set_up_meeting_arranged")
    await here.until(here.delivered, "all letters went")


def stored(here: EngineHarness, step: str, by: str, **fields: Any) -> Command:
    """A command as an entry point keeps it before it dies."""
    now = here.clock.now()
    actor = Actor(person=by, posts=(Role.COORDINATOR,) if by == "c.marsh" else (), entry_point="test", ran_as="tester")
    command = Command(id=f"kept-{step}", step=step, actor=actor, on=london_day(now), received=now, fields=fields)
    with writing(here.system.records) as session:
        submissions.store(session, here.id, command)
    return command


def state(here: EngineHarness, command: Command) -> str:
    query = select(SUBMISSIONS.c.state).where(
        SUBMISSIONS.c.inspection_id == here.id, SUBMISSIONS.c.command_id == command.id
    )
    with reading(here.system.records) as session:
        rows: str = session.connection().execute(query).scalar_one()
    return rows


def as_the_entry_point_would(here: EngineHarness, command: Command, why: str, paragraph: int | None) -> Event:
    with reading(here.system.records) as session:
        return refusal_event(repository.state(session, here.id), command, Refused(why, paragraph))


async def started_again(here: EngineHarness) -> None:
    """Starts the system once more, and waits until the workflow has queried the records."""
    await recover(here.system)
    await here.do("receive_documents", "link.330")


async def test_a_stored_command_refused_after_its_entry_point_died_is_recorded_once_as_that_would_have(
    here: EngineHarness,
) -> None:
    await announced(here)
    command = stored(here, "start_fieldwork", "i.ashdown")
    await started_again(here)
    (refused,) = await here.has("step_refused")
    assert refused.event == as_the_entry_point_would(here, command, refused.event.data["why"].split(" (para")[0], 8)
    assert state(here, command) == "refused"
    await here.workflow.signal("refresh")
    await here.do("receive_case_lists", "link.330")
    assert len(here.entries("step_refused")) == 1
    with pytest.raises(Refused):
        await here.do("start_fieldwork", "i.ashdown", command=command.id)
    assert len(here.entries("step_refused")) == 1


async def test_a_command_refused_while_its_entry_point_was_dying_is_recorded_without_it(here: EngineHarness) -> None:
    """The workflow accepts it; only the records know that an address is missing."""
    await here.order(service="by_hand")
    with here.system.records.begin() as connection:
        connection.execute(update(PEOPLE).where(PEOPLE.c.id.like("%330")).values(email=""))
    command = stored(here, "record_service", "c.marsh", method="by_hand", proof="t-nobody")
    answer = await here.workflow.execute_update("take_step", command, id=command.id)
    assert "no address is known" in answer["refused"]
    (refused,) = here.entries("step_refused")
    assert refused.event == as_the_entry_point_would(here, command, answer["refused"], 8)
    assert state(here, command) == "refused"


async def test_a_live_entry_point_and_the_workflow_record_one_refusal_between_them(here: EngineHarness) -> None:
    await here.order(service="by_hand")
    with here.system.records.begin() as connection:
        connection.execute(update(PEOPLE).where(PEOPLE.c.id.like("%330")).values(email=""))
    with pytest.raises(Refused, match="no address is known"):
        await here.do("record_service", "c.marsh", method="by_hand", proof="Handed over.")
    (refused,) = here.entries("step_refused")
    assert (refused.event.by, refused.event.entry_point, refused.event.paragraph) == ("c.marsh", "test", 8)


async def test_a_kept_command_that_was_wrong_in_itself_waits_no_more_and_leaves_no_line(here: EngineHarness) -> None:
    await announced(here)
    command = stored(here, "arrange_fieldwork", "i.ashdown", starts="next week")
    await started_again(here)
    await here.until(lambda: state(here, command) == "refused", "it waits no more")
    assert here.entries("step_refused") == []


async def test_the_outcome_of_a_letter_that_comes_too_late_is_recorded_once(without_mail: EngineHarness) -> None:
    here = without_mail
    await here.order(notify="now")
    (issued,) = await here.has("notification_issued")
    await here.do("cancel", "m.okafor", reason="No longer wanted.")
    with reading(here.system.records) as session:
        letter = repository.state(session, issued.inspection).awaited_letter
    moment = here.clock.now()
    with writing(here.system.records) as session:
        states.mark_sending(session, letter, moment, SealedMessage("0" * 64, "m"))
        states.mark_accepted(session, letter, moment)
    outcome = DeliveryOutcome(letter_id=letter, kind="announcement", at=moment, accepted=True)
    for _ in range(2):
        await here.workflow.signal("delivery_outcome", outcome)
        (refused,) = await here.has("step_refused")
    await here.workflow.signal("refresh")
    await here.do("record_cancellation_service", "c.marsh", method="by_hand", proof="Handed over.")
    refusals = [entry.event for entry in here.entries("step_refused") if entry.event.by == "system"]
    assert [(event.data["step"], event.paragraph, event.role) for event in refusals] == [
        ("record_service", 8, "system")
    ]
    assert refused.number > issued.number


async def test_the_copy_of_what_was_handed_over_is_no_refusal(here: EngineHarness) -> None:
    await here.order(service="by_hand")
    await here.do("record_service", "c.marsh", method="by_hand", proof="Handed over.")
    await here.until(here.delivered, "the copy went")
    outcome = DeliveryOutcome(letter_id="a-copy", kind="announcement", at=here.clock.now(), accepted=True)
    await here.workflow.signal("delivery_outcome", outcome)
    await here.do("receive_documents", "link.330")
    assert here.entries("step_refused") == []


async def test_what_was_stored_for_a_workflow_that_has_ended_is_refused_as_the_system_starts(
    here: EngineHarness,
) -> None:
    await here.order(service="by_hand")
    await here.do("cancel", "m.okafor", reason="No longer wanted.")
    await here.workflow.result()
    command = stored(here, "request_deferral", "c.marsh", ground="other", reason=WHY)
    await asyncio.gather(recover(here.system), recover(here.system))
    (refused,) = here.entries("step_refused")
    assert refused.event == as_the_entry_point_would(here, command, str(workflow_ended(here.id)), None)
    assert state(here, command) == "refused"
    await recover(here.system)
    assert len(here.entries("step_refused")) == 1


async def test_a_live_entry_point_at_a_workflow_that_has_ended_leaves_nothing_waiting(here: EngineHarness) -> None:
    await here.order(service="by_hand")
    await here.do("cancel", "m.okafor", reason="No longer wanted.")
    await here.workflow.result()
    with pytest.raises(Refused, match="has come to its end"):
        await here.do("request_deferral", "c.marsh", command="late", ground="other", reason="Please.")
    query = select(SUBMISSIONS.c.state).where(SUBMISSIONS.c.command_id == "late")
    with reading(here.system.records) as session:
        assert session.connection().execute(query).scalar_one() == "refused"
