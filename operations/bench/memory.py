"""Measures memory per open inspection: planned, its workflow waiting for its timer."""

import asyncio
from datetime import timedelta
from pathlib import Path

from activities.names import INSPECTION_WORKFLOW, INSPECTIONS_QUEUE, inspection_workflow_id
from activities.support.concurrency import bounded_gather
from application.files.yaml_files import YamlFile
from framework.calendar.london_time import london_day
from framework.inspection.order import Order
from framework.inspection.start import InspectionStart
from framework.vocabulary.roles import Role
from operations.bench.environment import BenchEnvironment, bench_environment
from operations.bench.figures import Figures, resident, say
from operations.bench.lifecycle import ORDER
from operations.embedded_engine.process import Process
from records.calendars import versions
from records.database.connection import reading
from records.directory import directory

MAX_CONCURRENCY = 16
SETTLING_TIME = 2.0
"""Seconds until memory that was used for starting them is released."""


async def measure(folder: Path, inspections: int) -> Figures:
    """Returns KiB per open inspection, with and without the sandbox, each on a new engine."""
    return {
        name: await _with(folder / name, inspections, sandbox)
        for name, sandbox in (("sandbox", True), ("without_sandbox", False))
    }


async def _with(data: Path, inspections: int, sandbox: bool) -> Figures:
    async with bench_environment(data) as environment, environment.worker(sandbox) as worker:
        await _open(environment, ["WARM-1"])
        before = _sizes(environment, worker)
        await _open(environment, [f"OPEN-{number:05d}" for number in range(inspections)])
        await asyncio.sleep(SETTLING_TIME)
        costs = [(now - was) / inspections for was, now in zip(before, _sizes(environment, worker), strict=True)]
        say(f"memory with {inspections} open, {'' if sandbox else 'without '}sandbox")
        return {"open": inspections, "worker_kib": round(costs[0], 1), "engine_kib": round(costs[1], 1)}


def _sizes(environment: BenchEnvironment, worker: Process) -> tuple[float, float]:
    return resident(worker.pid), resident(environment.engine.pid)


async def _open(environment: BenchEnvironment, references: list[str]) -> None:
    """Starts the workflows and queries each once, so that its first workflow task is done."""
    start = _start_argument(environment)

    async def start_and_query(reference: str) -> None:
        handle = await environment.client.start_workflow(
            INSPECTION_WORKFLOW,
            start.model_copy(update={"inspection": reference}),
            id=inspection_workflow_id(reference),
            task_queue=INSPECTIONS_QUEUE,
        )
        await handle.query("state")

    await bounded_gather(references, start_and_query, MAX_CONCURRENCY)


def _start_argument(environment: BenchEnvironment) -> InspectionStart:
    planned = YamlFile("bench", ORDER.format(reference="OPEN", authority="330")).read(Order)
    notify = london_day(environment.system().now()) + timedelta(days=28)
    with reading(environment.records) as session:
        return InspectionStart(
            inspection="OPEN",
            started_by=planned.coordinator,
            started_as=Role.COORDINATOR,
            order=planned.model_copy(update={"notify": notify}),
            people=directory.people_of(session, "330"),
            calendar=versions.newest_version(session),
            clock_shift=environment.shift,
        )
