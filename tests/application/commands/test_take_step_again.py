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


def at_an_ended_engine(cli: CliHarness) -> AppContext:
    return AppContext(cli.settings, cli.records, client=Ended(), now=lambda: cli.now)  # type: ignore[arg-type]


def cancelled(cli: CliHarness) -> str:
    """Cancels an inspection before any notification, so that it is over; returns the command's identifier."""
    cli.start()
    cli.take("cancel", "m.okafor", reason="Not now")
    ((name,),) = cli.rows("SELECT command_id FROM events WHERE kind = 'cancelled'")
    return str(name)


def store_command(cli: CliHarness, name: str, reason: str) -> None:
    """Stores the command, as the entry point does."""
    actor = Actor(person="m.okafor", posts=())
    day = cli.now.date()
    command = Command(id=name, step="cancel", actor=actor, on=day, received=cli.now, fields={"reason": reason})
    with writing(cli.records) as session:
        submissions.store(session, ID, command)


async def test_a_command_that_was_done_is_answered_as_done_after_the_end(cli: CliHarness) -> None:
    name = cancelled(cli)
    before = cli.rows("SELECT count(*) FROM events")
    answer = await take_step(
        MANAGER, at_an_ended_engine(cli), TakeStep(ID, "cancel", {"reason": "Not now"}, command=name)
    )
    assert (answer.state.stage, kinds(answer)) == ("cancelled", ["cancelled"])
    assert cli.rows("SELECT count(*) FROM events") == before
    assert cli.rows("SELECT * FROM submissions") == [], "nothing waits that was done long ago"


async def test_it_needs_no_engine_to_say_so(cli: CliHarness) -> None:
    name = cancelled(cli)
    answer = await take_step(MANAGER, cli.system, TakeStep(ID, "cancel", {"reason": "Not now"}, command=name))
    assert [stored.number for stored in answer.events] == [2]


async def test_the_same_identifier_saying_something_else_is_wrong_input(cli: CliHarness) -> None:
    name = cancelled(cli)
    store_command(cli, name, "t-00000000-0000-5000-8000-000000000001")
    with pytest.raises(BadInput, match="said something else"):
        await take_step(MANAGER, at_an_ended_engine(cli), TakeStep(ID, "cancel", {"reason": "Never"}, command=name))


async def test_a_command_that_never_was_is_refused_at_the_end(cli: CliHarness) -> None:
    cancelled(cli)
    request = TakeStep(ID, "cancel", {"reason": "Not now"}, command="another")
    with pytest.raises(Refused, match="come to its end"):
        await take_step(MANAGER, at_an_ended_engine(cli), request)


async def test_content_written_before_the_stage_moved_on_is_answered_as_done(cli: CliHarness) -> None:
    cli.on_site()
    fields = {"heading": "safeguarding.ambition", "grade": "good", "text": "Found.", "equality": "Seen."}
    request = TakeStep(ID, "grade", fields, command="g-1")
    first = await take_step(Caller("i.ashdown"), cli.system, request)
    cli.take("cancel", "m.okafor", reason="Not now")
    assert (await take_step(Caller("i.ashdown"), cli.system, request)).events == first.events
