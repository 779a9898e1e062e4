"""Measures a proclaimed holiday with many open inspections: until every limit has moved, and until every letter is sent.

The inspections are notified in the records alone, without engine or mail; their workflows are then started and read that."""

import asyncio
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlmodel import Session

from activities.recording.start_workflow import start_inspection_workflow
from activities.support.concurrency import bounded_gather
from application.commands.change_calendar import ChangeCalendar, change_calendar
from application.files.yaml_files import YamlFile
from framework.calendar.holiday_changes import HolidayChange
from framework.calendar.london_time import london_day
from framework.common.free_text import detach
from framework.editions.registry import begin_inspection
from framework.inspection.order import Order
from framework.lifecycle.decide import build_commit, decide
from framework.messages.commands import SYSTEM, Actor, Command
from framework.messages.record_state import RecordStateQuery
from framework.vocabulary.roles import Role
from operations.bench import bench_worker
from operations.bench.environment import BenchEnvironment, bench_environment
from operations.bench.figures import Figures, processor, say
from operations.bench.lifecycle import ORDER
from operations.embedded_engine.process import Process
from records.calendars import versions
from records.database.connection import reading, writing
from records.directory import directory
from records.inspections import repository
from records.inspections.calendar_rollout import count_behind
from records.inspections.commit import commit
from records.inspections.readiness import record_state
from records.log import texts
from records.tables.outbox import DOCUMENTS, LETTERS

HOLIDAY = HolidayChange("add", date(2010, 11, 12), "Proclaimed")
MAX_CONCURRENCY = 16
BATCH = 50
POLL_INTERVAL = 0.1
BOUND = 1200.0


async def measure(folder: Path, number: int) -> Figures:
    """Returns seconds since the command was given."""
    async with bench_environment(folder) as environment, environment.worker(True) as worker:
        bench_worker.switch(environment.settings.data, rendering=False)
        names = [f"CAL-{index:05d}" for index in range(number)]
        for first in range(0, number, BATCH):
            await asyncio.to_thread(_record_all, environment, names[first : first + BATCH])
        say(f"{number} inspections notified")
        await _start_workflows(environment, names)
        say(f"{number} workflows started")
        return {"open": number, **await _change(environment, worker)}


async def _change(environment: BenchEnvironment, worker: Process) -> Figures:
    used = [processor(pid) for pid in (environment.engine.pid, worker.pid)]
    begun = time.perf_counter()
    await change_calendar(environment.caller("c.marsh"), environment.system(), ChangeCalendar(HOLIDAY, "Proclaimed"))
    answered = time.perf_counter() - begun
    await _until(lambda: _count_behind(environment) == 0)
    moved, spent = time.perf_counter() - begun, _spent(environment, worker, used)
    with reading(environment.records) as session:
        letters = _letters(session)
    await _until(lambda: _undelivered(environment) == 0)
    delivered = time.perf_counter() - begun
    return {
        "answered_s": round(answered, 2),
        "moved_and_queued_s": round(moved, 1),
        "letters": letters,
        "delivered_s": round(delivered, 1),
        "processor_seconds_until_moved": spent,
        "processor_seconds_until_delivered": _spent(environment, worker, used),
    }


def _spent(environment: BenchEnvironment, worker: Process, used: list[float]) -> dict[str, float]:
    now = (processor(pid) for pid in (environment.engine.pid, worker.pid))
    return dict(
        zip(("engine", "worker"), (round(end - start, 1) for end, start in zip(now, used, strict=True)), strict=True)
    )


def _record_all(environment: BenchEnvironment, names: list[str]) -> None:
    with writing(environment.records) as session:
        codes = [row["code"] for row in directory.authorities(session)]
        for name in names:
            code = codes[int(name.rpartition("-")[2]) % len(codes)]
            order = YamlFile("bench", ORDER.format(reference=name, authority=code)).read(Order)
            _record_notified(environment, session, order)
        session.connection().execute(delete(LETTERS))
        session.connection().execute(delete(DOCUMENTS))


def _record_notified(environment: BenchEnvironment, session: Session, order: Order) -> None:
    now = environment.system().now()
    plain, words = detach(order, f"{order.reference}/order")
    texts.store_texts(session, order.reference, words, now)
    detached, people = Order.model_validate(plain), directory.people_of(session, order.authority)
    repository.create(session, order.reference, repository.Start(detached, people, now, alone=False))
    state = begin_inspection(order.reference, detached, people)
    calendar = versions.calendar_in_force(session)
    office = Actor(person=order.coordinator, posts=(Role.COORDINATOR,), entry_point="bench")
    for step, actor, fields in (("notify", office, {}), ("record_service", SYSTEM, {"method": "email"})):
        command = Command(id=step, step=step, actor=actor, on=london_day(now), received=now, fields=fields)
        recorded = record_state(session, RecordStateQuery(inspection=order.reference, step=step))
        decision = decide(state, command, calendar, now, recorded)
        decision_commit, _ = build_commit(decision, step, now, recorded.head, calendar)
        commit(session, decision_commit)
        state = decision.after


async def _start_workflows(environment: BenchEnvironment, names: list[str]) -> None:
    """Starts the workflows, and waits until each has read that its inspection is notified."""

    async def start_workflow(name: str) -> None:
        with reading(environment.records) as session:
            start = repository.beginning(session, name, environment.shift)
        assert start is not None
        await start_inspection_workflow(environment.client, start)
        handle = environment.client.get_workflow_handle(f"inspection-{name}")
        while (await handle.query("state"))["stage"] != "notified":
            await asyncio.sleep(POLL_INTERVAL)

    await bounded_gather(names, start_workflow, MAX_CONCURRENCY)


def _count_behind(environment: BenchEnvironment) -> int:
    with reading(environment.records) as session:
        return count_behind(session)


def _letters(session: Session) -> int:
    query = select(func.count()).select_from(LETTERS).where(LETTERS.c.kind == "changed_dates")
    return session.connection().execute(query).scalar_one()


def _undelivered(environment: BenchEnvironment) -> int:
    query = select(func.count()).select_from(LETTERS).where(LETTERS.c.status.in_(("queued", "sending")))
    with reading(environment.records) as session:
        return session.connection().execute(query).scalar_one()


async def _until(reached: Callable[[], bool]) -> None:
    give_up = time.monotonic() + BOUND
    while not await asyncio.to_thread(reached):
        if time.monotonic() > give_up:
            raise RuntimeError(f"nothing was ready within {BOUND:.0f} seconds")
        await asyncio.sleep(POLL_INTERVAL)
