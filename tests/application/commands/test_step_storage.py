"""The message about a step is true with a full disk or a locked database, before and after it is stored."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from application.caller import Caller
from application.commands.take_step import TakeStep, take_step
from application.runtime.context import AppContext
from framework.common.errors import Remedy, Unreachable
from records.database import connection
from records.database.connection import connect
from tests.cli_harness import ID, CliHarness

BEFORE = "entry point: before the submission is stored"
LONG = "The reasons are many. " * 2000
"""More than fits into the pages the database has."""
GRADE: dict[str, Any] = {
    "heading": "safeguarding.leadership",
    "grade": "good",
    "text": LONG,
    "equality": "Regarded.",
}

Fail = Callable[[AppContext, ExitStack], None]


def full(context: AppContext, _: ExitStack) -> None:
    """The database cannot grow by another page."""
    event.listen(context.records, "connect", lambda opened, _: opened.execute("PRAGMA max_page_count=1"))
    context.records.dispose()


def locked(context: AppContext, stack: ExitStack) -> None:
    """Another process writes and does not end."""
    other = stack.enter_context(
        closing(sqlite3.connect(str(context.records.url.database), isolation_level=None, check_same_thread=False))
    )
    other.execute("BEGIN IMMEDIATE")


def gone(context: AppContext, _: ExitStack) -> None:
    """The file cannot be opened any more."""
    link = Path(str(context.records.url.database))
    context.records.dispose()
    link.unlink()
    link.mkdir()


FAILURES = [(full, "the disk is full"), (locked, "another process kept it locked")]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as open_things:
        yield open_things


@pytest.fixture
def context(cli_without_engine: CliHarness, stack: ExitStack) -> AppContext:
    """An entry point without an engine, with connections of its own that wait for a lock only for a moment."""
    link = cli_without_engine.data / "link.sqlite"
    link.symlink_to(cli_without_engine.data / "records.sqlite")
    records = connect(f"sqlite:///{link}", timeout_seconds=0.3)
    stack.callback(records.dispose)
    return replace(cli_without_engine.system, records=records)


def fails_at(monkeypatch: pytest.MonkeyPatch, point: str, act: Callable[[], None]) -> None:
    """The failure comes when the code gets to a point."""

    def reached(name: str) -> None:
        if name == point:
            act()

    monkeypatch.setattr("application.commands.step_dispatch.fault_point", reached)


async def defer(context: AppContext, command: str = "c1") -> Unreachable:
    """Asks for a deferral, which an authority may without an engine, and returns the failure."""
    fields = {"ground": "other", "reason": LONG}
    with pytest.raises(Unreachable) as failure:
        await take_step(Caller("dcs.330"), context, TakeStep(ID, "request_deferral", fields, command=command))
    assert (failure.value.remedy, failure.value.subject) == (Remedy.REPEAT_COMMAND, command)
    return failure.value


@pytest.mark.parametrize(("fail", "words"), FAILURES)
async def test_the_message_about_a_step_that_could_not_be_stored_names_nothing_as_kept(
    cli_without_engine: CliHarness,
    context: AppContext,
    stack: ExitStack,
    monkeypatch: pytest.MonkeyPatch,
    fail: Fail,
    words: str,
) -> None:
    cli_without_engine.notified()
    fails_at(monkeypatch, BEFORE, lambda: fail(context, stack))
    error = str(await defer(context))
    assert words in error
    assert error.endswith("nothing of request_deferral is kept")
    assert cli_without_engine.rows("SELECT * FROM submissions") == []


async def test_the_message_about_a_step_that_was_stored_names_it_as_kept(
    cli_without_engine: CliHarness, context: AppContext
) -> None:
    cli_without_engine.notified()
    assert str(await defer(context)).endswith("request_deferral is kept with the moment it came in")
    assert cli_without_engine.rows("SELECT command_id, state FROM submissions") == [("c1", "waiting")]


@pytest.mark.parametrize("fail", [full, locked])
async def test_the_message_about_a_step_that_an_earlier_call_stored_names_it_as_kept(
    cli_without_engine: CliHarness,
    context: AppContext,
    stack: ExitStack,
    monkeypatch: pytest.MonkeyPatch,
    fail: Fail,
) -> None:
    cli_without_engine.notified()
    await defer(context)
    fails_at(monkeypatch, BEFORE, lambda: fail(context, stack))
    assert str(await defer(context)).endswith("request_deferral is kept with the moment it came in")


async def test_with_records_that_cannot_be_read_either_the_message_names_neither(
    cli_without_engine: CliHarness, context: AppContext, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli_without_engine.notified()
    fails_at(monkeypatch, BEFORE, lambda: gone(context, stack))
    assert str(await defer(context)).endswith("whether request_deferral is kept cannot be seen")


@pytest.mark.parametrize(("fail", "words"), FAILURES)
async def test_the_message_about_content_that_could_not_be_written_names_nothing_as_kept(
    cli_without_engine: CliHarness,
    context: AppContext,
    stack: ExitStack,
    monkeypatch: pytest.MonkeyPatch,
    fail: Fail,
    words: str,
) -> None:
    cli_without_engine.on_site()
    fails_at(monkeypatch, "entry point: before content is written", lambda: fail(context, stack))
    with pytest.raises(Unreachable, match=f"{words}.*nothing of grade is kept"):
        await take_step(Caller("i.ashdown"), context, TakeStep(ID, "grade", GRADE))
    assert cli_without_engine.rows("SELECT * FROM sections") == []


def test_the_command_says_so_with_exit_code_4(cli_without_engine: CliHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    cli_without_engine.notified()
    pragmas = (*connection._SQLITE_PRAGMAS, "PRAGMA max_page_count=1")
    monkeypatch.setattr(connection, "_SQLITE_PRAGMAS", pragmas)
    words = ("--by", "dcs.330", "--set", "ground=other", "--set", f"reason={LONG}", "--command", "c1")
    output = cli_without_engine.run("do", ID, "request_deferral", *words, code=4).stderr
    assert "the disk is full" in output
    assert "nothing of request_deferral is kept; run the same command again with --command c1" in output
    assert cli_without_engine.rows("SELECT * FROM submissions") == []


async def test_the_message_about_content_that_was_written_names_it_as_taken(
    cli_without_engine: CliHarness, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli_without_engine.on_site()

    def lose_the_connection() -> None:
        raise Unreachable("the connection was lost")

    fails_at(monkeypatch, "entry point: content written", lose_the_connection)
    with pytest.raises(Unreachable, match=r"the connection was lost: grade was taken$"):
        await take_step(Caller("i.ashdown"), context, TakeStep(ID, "grade", GRADE))
    assert len(cli_without_engine.rows("SELECT * FROM sections")) == 1


@pytest.mark.parametrize("fields", [{}, {"grade": "splendid"}], ids=["well filled in", "faulty form"])
async def test_the_message_about_a_refusal_that_cannot_be_recorded_names_refusal_and_failure(
    cli_without_engine: CliHarness, context: AppContext, stack: ExitStack, fields: dict[str, str]
) -> None:
    cli_without_engine.on_site()
    locked(context, stack)
    with pytest.raises(Unreachable) as failure:
        await take_step(Caller("q.lindqvist"), context, TakeStep(ID, "grade", {**GRADE, **fields}, command="c1"))
    message = str(failure.value)
    assert message.startswith("it was refused (grade is taken by: Lead inspector")
    assert "that could not be recorded: " in message
    assert message.endswith("nothing of grade is kept")
    assert (failure.value.remedy, failure.value.subject) == (Remedy.REPEAT_COMMAND, "c1")
