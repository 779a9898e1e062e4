"""Measures whole processes: commands of the command line, and `up` from an empty folder to the first step."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from application.caller import Caller
from application.commands.start_inspection import StartInspection, start_inspection
from application.commands.take_step import TakeStep, submit_step
from application.files.order_file import read_order
from application.files.yaml_files import YamlFile
from application.runtime import run_file, temporal_client
from application.runtime.context import AppContext
from application.runtime.settings import Settings
from operations.bench.figures import Figures, median, say, timed
from operations.bench.lifecycle import ORDER
from operations.embedded_engine import process
from records.database.connection import connect
from rehearsal.observer import Records

COMMAND = (sys.executable, str(Path(sys.executable).parent / "inspections"))
BOUND = 120.0
REFERENCE = "FIRST-1"


async def measure(folder: Path, repetitions: int) -> Figures:
    """Returns seconds."""
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
    """Returns the seconds from the start of `up` on an empty folder until the first step of a notified inspection."""
    settings = Settings(INSPECTIONS_DATA=data, DATABASE_URL="", INSPECTIONS_SMTP_HOST="")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "DATABASE_"))}
    begun = time.perf_counter()
    up = await process.start("up", [*COMMAND, "up", "--data", str(data)], data.with_suffix(".log"), env=environment)
    try:
        await _until(lambda: run_file.find(data) is not None)
        system = AppContext(settings, connect(settings.records_url), await temporal_client.connect(settings))
        text = ORDER.format(reference=REFERENCE, authority="330")
        order = StartInspection(read_order(YamlFile("bench", text)), "order")
        await start_inspection(Caller(entry_point="bench"), system, order)
        records = Records(system.records, REFERENCE)
        await _until(lambda: any(event.kind == "notified" for event in records.events_after(0)))
        request = TakeStep(REFERENCE, "receive_case_lists", {})
        await submit_step(Caller("link.330", entry_point="bench"), system, request)
        return time.perf_counter() - begun
    finally:
        await up.stop(30)


async def _until(reached: Callable[[], bool]) -> None:
    give_up = time.monotonic() + BOUND
    while not reached():
        if time.monotonic() > give_up:
            raise RuntimeError(f"nothing was ready within {BOUND:.0f} seconds")
        await asyncio.sleep(0.02)
