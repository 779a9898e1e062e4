"""How soon things answer, as whole processes: the command line, and `up` from nothing to the first step taken."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from application.commands.start_inspection import start_inspection
from application.commands.take_step import TakeStep, take_step
from application.files.yaml_files import YamlFile
from application.runtime import run_file, temporal_client
from application.runtime.context import AppContext
from application.runtime.settings import Settings
from framework.inspection.order import Order
from operations.bench.figures import Figures, median, say, timed
from operations.bench.lifecycle import ORDER
from operations.embedded_engine import process
from records.database.connection import connect
from rehearsal.observer import Records

COMMAND = (sys.executable, str(Path(sys.executable).parent / "inspections"))
BOUND = 120.0
REFERENCE = "FIRST-1"


async def measure(folder: Path, repetitions: int) -> Figures:
    """Seconds."""
    ups = [await _first_step(folder / f"up-{number}") for number in range(repetitions)]
    say("starting")
    data = folder / "up-0"
    return {
        "up_to_first_step_s": median(ups),
        "help_s": median((_run("--help") for _ in range(repetitions)), 3),
        "list_s": median((_run("list", "--data", str(data)) for _ in range(repetitions)), 3),
    }


def _run(*arguments: str) -> float:
    return timed(lambda: subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, timeout=BOUND))


async def _first_step(data: Path) -> float:
    """From starting `up` on an empty folder until somebody has taken the first step of a notified inspection."""
    settings = Settings(INSPECTIONS_DATA=data, DATABASE_URL="", INSPECTIONS_SMTP_HOST="")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "DATABASE_"))}
    begun = time.perf_counter()
    up = await process.start("up", [*COMMAND, "up", "--data", str(data)], data.with_suffix(".log"), env=environment)
    try:
        await _until(lambda: run_file.find(data) is not None)
        system = AppContext(settings, connect(settings.records_url), await temporal_client.connect(settings), "bench")
        text = ORDER.format(reference=REFERENCE, authority="330")
        yaml = YamlFile("bench", text)
        await start_inspection(system, yaml.read(Order), yaml, "order")
        records = Records(system.records, REFERENCE)
        await _until(lambda: any(event.kind == "notified" for event in records.events_after(0)))
        await take_step(system, TakeStep(REFERENCE, "receive_case_lists", "link.330", {}))
        return time.perf_counter() - begun
    finally:
        await up.stop(30)


async def _until(reached: Callable[[], bool]) -> None:
    give_up = time.monotonic() + BOUND
    while not reached():
        if time.monotonic() > give_up:
            raise RuntimeError(f"nothing was ready within {BOUND:.0f} seconds")
        await asyncio.sleep(0.02)
