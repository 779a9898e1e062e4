"""What a use case reads, and in how many transactions; and that a write lock keeps no other request waiting."""

import asyncio
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, QueuePool, event

from application.caller import Caller
from application.commands.take_step import TakeStep, take_step
from application.commands.write_report import WriteReport, write_report
from application.files.yaml_files import YamlFile
from application.queries.board import BoardRequest, board
from application.queries.inspection_view import inspection_view
from application.queries.open_steps import open_steps
from application.queries.tasks import open_tasks
from application.runtime.context import AppContext
from application.runtime.threads import read_in_thread
from framework.inspection.stages import Stage
from framework.messages.commands import Answer
from tests.cli_harness import ID, CliHarness
from tests.report_file import report_file

LOCKED_SECONDS = 5.0
WRITES = 12
"""How many wait for the lock meanwhile."""
LONGEST_WAIT = 0.05
"""Seconds that a request may take longer while something else is written."""
GRADE = {"heading": "safeguarding.ambition", "grade": "good", "text": "Found.", "equality": "Seen."}


class Counted:
    """Counts the transactions and the statements of a database."""

    def __init__(self, records: Engine) -> None:
        self.transactions: Counter[str] = Counter()
        self.statements: list[str] = []
        event.listen(records, "begin", self._begin)
        event.listen(records, "before_cursor_execute", self._execute)

    def of(self, table: str) -> int:
        """Returns how many statements read this table first."""
        return sum(f"FROM {table}" in statement for statement in self.statements)

    def _begin(self, connection: Connection) -> None:
        self.transactions[connection.get_execution_options()["records"]] += 1

    def _execute(self, connection: Connection, cursor: Any, statement: str, *rest: Any) -> None:
        self.statements.append(" ".join(statement.split()))


class AnsweringEngine:
    """An engine whose workflow answers at once; what was counted by then is what was read before the commit."""

    def __init__(self, counted: Counted) -> None:
        self.counted, self.reads, self.log = counted, 0, 0

    def get_workflow_handle(self, identifier: str) -> Any:
        return self

    async def execute_update(self, *args: Any, **more: Any) -> Answer:
        self.reads, self.log = self.counted.transactions["read"], self.counted.of("events")
        return Answer(stage=Stage.NOTIFIED, events=(), kinds=())


async def test_a_step_reads_the_records_in_one_transaction_before_the_commit_and_the_log_once(
    cli: CliHarness,
) -> None:
    cli.notified()
    counted = Counted(cli.records)
    engine = AnsweringEngine(counted)
    context = AppContext(cli.settings, cli.records, client=engine, now=lambda: cli.now)  # type: ignore[arg-type]
    await take_step(Caller("link.330"), context, TakeStep(ID, "receive_case_lists", {}))
    assert (engine.reads, engine.log) == (1, 1)
    assert counted.transactions["write"] == 1


async def test_content_is_read_for_in_one_transaction_and_written_in_one(cli: CliHarness) -> None:
    cli.on_site()
    counted = Counted(cli.records)
    await take_step(Caller("i.ashdown"), cli.system, TakeStep(ID, "grade", GRADE))
    assert counted.transactions == {"read": 2, "write": 1}, "one before the commit, and one for the answer"


async def test_a_whole_report_is_read_for_in_one_transaction_and_written_in_one(cli: CliHarness) -> None:
    cli.on_site()
    counted = Counted(cli.records)
    file = YamlFile("report.yaml", report_file())
    result = await write_report(Caller("i.ashdown"), cli.system, WriteReport(ID, file))
    assert len(result.written) == 27
    assert counted.transactions == {"read": 1, "write": 1}


def test_a_page_about_one_inspection_reads_its_row_and_its_log_once(cli: CliHarness) -> None:
    cli.on_site()
    counted = Counted(cli.records)
    inspection_view(Caller("c.marsh"), cli.system, ID)
    assert counted.transactions == {"read": 1, "write": 1}, "the write is that of the access log"
    for table in ("inspections", "events", "tasks"):
        assert counted.of(table) == 1, table


@contextmanager
def write_lock(harness: CliHarness) -> Iterator[threading.Event]:
    """Another process has begun to write; yields what is set once its lock is released."""
    released, locked = threading.Event(), threading.Event()

    def hold_lock() -> None:
        other = sqlite3.connect(harness.data / "records.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        locked.set()
        time.sleep(LOCKED_SECONDS)
        released.set()
        other.execute("COMMIT")
        other.close()

    thread = threading.Thread(target=hold_lock)
    thread.start()
    locked.wait()
    try:
        yield released
    finally:
        thread.join()


def requests(harness: CliHarness) -> dict[str, Callable[[], Awaitable[object]]]:
    caller, context = Caller("c.marsh"), harness.system
    return {
        "board": lambda: read_in_thread(board, caller, context, BoardRequest()),
        "tasks": lambda: read_in_thread(open_tasks, caller, context),
        "open steps": lambda: read_in_thread(open_steps, caller, context, ID),
    }


def connections_in_use(harness: CliHarness) -> int:
    pool = harness.records.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


async def seconds(request: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await request()
    return time.perf_counter() - begun


@pytest.mark.parametrize("name", ["board", "tasks", "open steps"])
async def test_a_write_lock_held_five_seconds_keeps_no_other_request_waiting(cli: CliHarness, name: str) -> None:
    cli.on_site()
    request = requests(cli)[name]
    usual = min([await seconds(request) for _ in range(5)])
    counted = Counted(cli.records)
    with write_lock(cli) as released:
        writes = [
            asyncio.ensure_future(
                take_step(Caller("i.ashdown"), cli.system, TakeStep(ID, "grade", GRADE, command=f"g-{number}"))
            )
            for number in range(WRITES)
        ]
        while counted.transactions["read"] < WRITES or connections_in_use(cli) < WRITES:
            assert not released.is_set(), "the writes have begun"
            await asyncio.sleep(0.01)
        took = [await seconds(request) for _ in range(5)]
        assert not released.is_set(), "every request was answered while the lock was held"
        assert not any(write.done() for write in writes), "the writes wait for it"
        assert min(took) - usual < LONGEST_WAIT
    await asyncio.gather(*writes)
