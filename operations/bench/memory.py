"""What an inspection that is open costs in memory: planned, its workflow waiting on the one timer."""

import asyncio
from datetime import timedelta
from pathlib import Path

from activities.names import INSPECTION_WORKFLOW, INSPECTIONS_QUEUE, inspection_workflow_id
from activities.support.concurrency import bounded_gather
from application.files.yaml_files import YamlFile
from framework.calendar.london_time import london_day
from framework.inspection.order import Order
from framework.messages.inspection import InspectionStart
from framework.vocabulary.roles import Role
from operations.bench.environment import BenchEnvironment, house
from operations.bench.figures import Figures, resident, say
from operations.bench.lifecycle import ORDER
from operations.embedded_engine.process import Process
from records.calendars import versions
from records.database.connection import reading
from records.directory import directory

MAX_CONCURRENCY = 16
SETTLES = 2.0
"""Seconds to let go of what starting them took."""


async def measure(folder: Path, inspections: int) -> Figures:
    """KiB an open inspection, with and without the sandbox; each on a new engine."""
    return {
        name: await _with(folder / name, inspections, sandbox)
        for name, sandbox in (("sandbox", True), ("without_sandbox", False))
    }


async def _with(data: Path, inspections: int, sandbox: bool) -> Figures:
    async with house(data) as one, one.worker(sandbox) as worker:
        await _open(one, ["WARM-1"])
        before = _sizes(one, worker)
        await _open(one, [f"OPEN-{number:05d}" for number in range(inspections)])
        await asyncio.sleep(SETTLES)
        costs = [(now - was) / inspections for was, now in zip(before, _sizes(one, worker), strict=True)]
        say(f"memory with {inspections} open, {'' if sandbox else 'without '}sandbox")
        return {"open": inspections, "worker_kib": round(costs[0], 1), "engine_kib": round(costs[1], 1)}


def _sizes(one: BenchEnvironment, worker: Process) -> tuple[float, float]:
    return resident(worker.pid), resident(one.engine.pid)


async def _open(one: BenchEnvironment, references: list[str]) -> None:
    """Begin them, and ask each for its state: then it has come to rest."""
    begin = _beginning(one)

    async def open_one(reference: str) -> None:
        handle = await one.client.start_workflow(
            INSPECTION_WORKFLOW,
            begin.model_copy(update={"inspection": reference}),
            id=inspection_workflow_id(reference),
            task_queue=INSPECTIONS_QUEUE,
        )
        await handle.query("state")

    await bounded_gather(references, open_one, MAX_CONCURRENCY)


def _beginning(one: BenchEnvironment) -> InspectionStart:
    planned = YamlFile("bench", ORDER.format(reference="OPEN", authority="330")).read(Order)
    notify = london_day(one.system().now()) + timedelta(days=28)
    with reading(one.records) as session:
        return InspectionStart(
            inspection="OPEN",
            started_by=planned.coordinator,
            started_as=Role.COORDINATOR,
            order=planned.model_copy(update={"notify": notify}),
            people=directory.people_of(session, "330"),
            calendar=versions.newest_version(session),
            clock_shift=one.shift,
        )
