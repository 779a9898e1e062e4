"""The same command again, after the inspection has gone on or has ended: answered as done, and done once."""

from typing import Any

import pytest
from temporalio.service import RPCError, RPCStatusCode

from application.caller import Caller
from application.commands.take_step import TakeStep, take_step
from application.queries.step_result import StepResult
from application.runtime.context import AppContext
from framework.common.errors import BadInput, Refused
from framework.messages.commands import Actor, Answer, Command
from records.database.connection import writing
from records.inspections import submissions
from tests.cli_harness import ID, CliHarness

MANAGER = Caller("m.okafor")


def kinds(result: StepResult) -> list[str]:
    return [stored.event.kind for stored in result.events]


class Ended:
    """An engine in which the workflow has ended."""

    def get_workflow_handle(self, identifier: str) -> Any:
        return self

    async def execute_update(self, *args: Any, **more: Any) -> Answer:
        raise RPCError("workflow execution already completed", RPCStatusCode.NOT_FOUND, b"")


def at_an_ended_engine(counter: CliHarness) -> AppContext:
    return AppContext(counter.settings, counter.records, client=Ended(), now=lambda: counter.now)  # type: ignore[arg-type]


def cancelled(counter: CliHarness) -> str:
    """Cancels an inspection before any notification, so that it is over; returns the command's identifier."""
    counter.start()
    counter.take("cancel", "m.okafor", reason="Not now")
    ((name,),) = counter.rows("SELECT command_id FROM events WHERE kind = 'cancelled'")
    return str(name)


def store_command(counter: CliHarness, name: str, reason: str) -> None:
    """Stores the command, as the entry point does."""
    actor = Actor(person="m.okafor", posts=())
    day = counter.now.date()
    command = Command(id=name, step="cancel", actor=actor, on=day, received=counter.now, fields={"reason": reason})
    with writing(counter.records) as session:
        submissions.store(session, ID, command)


async def test_a_command_that_was_done_is_answered_as_done_after_the_end(counter: CliHarness) -> None:
    name = cancelled(counter)
    before = counter.rows("SELECT count(*) FROM events")
    answer = await take_step(
        MANAGER, at_an_ended_engine(counter), TakeStep(ID, "cancel", {"reason": "Not now"}, command=name)
    )
    assert (answer.state.stage, kinds(answer)) == ("cancelled", ["cancelled"])
    assert counter.rows("SELECT count(*) FROM events") == before
    assert counter.rows("SELECT * FROM submissions") == [], "nothing waits that was done long ago"


async def test_it_needs_no_engine_to_say_so(counter: CliHarness) -> None:
    name = cancelled(counter)
    answer = await take_step(MANAGER, counter.system, TakeStep(ID, "cancel", {"reason": "Not now"}, command=name))
    assert [stored.number for stored in answer.events] == [2]


async def test_the_same_identifier_saying_something_else_is_wrong_input(counter: CliHarness) -> None:
    name = cancelled(counter)
    store_command(counter, name, "t-00000000-0000-5000-8000-000000000001")
    with pytest.raises(BadInput, match="said something else"):
        await take_step(MANAGER, at_an_ended_engine(counter), TakeStep(ID, "cancel", {"reason": "Never"}, command=name))


async def test_a_command_that_never_was_is_refused_at_the_end(counter: CliHarness) -> None:
    cancelled(counter)
    request = TakeStep(ID, "cancel", {"reason": "Not now"}, command="another")
    with pytest.raises(Refused, match="come to its end"):
        await take_step(MANAGER, at_an_ended_engine(counter), request)


async def test_content_written_before_the_stage_moved_on_is_answered_as_done(counter: CliHarness) -> None:
    counter.on_site()
    fields = {"heading": "safeguarding.ambition", "grade": "good", "text": "Found.", "equality": "Seen."}
    request = TakeStep(ID, "grade", fields, command="g-1")
    first = await take_step(Caller("i.ashdown"), counter.system, request)
    counter.take("cancel", "m.okafor", reason="Not now")
    assert (await take_step(Caller("i.ashdown"), counter.system, request)).events == first.events
