"""Runs the benchmark part by part and returns its figures as one document."""

import asyncio
import os
import platform
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from operations.bench import calendar_change, histories, memory, rehearsals, rendering, search, startup, verify
from operations.bench.environment import bench_environment
from operations.bench.figures import Figures, say
from operations.bench.throughput import Throughput

PARTS = ("throughput", "memory", "calendar", "rehearsals", "starts", "search", "verify")


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """Which parts to measure, and their sizes."""

    inspections: int = 8
    """Concurrent lifecycles in each repetition."""
    repetitions: int = 5
    open: int = 1000
    """Open inspections while memory is measured, and when a holiday is proclaimed."""
    rehearsals: int = 8
    """Concurrent rehearsals."""
    events: int = 200_000
    """Events in the log that is searched."""
    parts: tuple[str, ...] = PARTS
    sandbox: bool = True


async def measure(options: BenchOptions) -> Figures:
    """Measures each part and returns the document. It uses a temporary folder and listens on this machine only."""
    document: Figures = {"machine": _machine(), "load_at_start": _load()}
    with tempfile.TemporaryDirectory(prefix="inspections-bench-") as name:
        folder = Path(name)
        for part in options.parts:
            say(f"{part} ...")
            document |= await _MEASURES[part](options, folder)
            document.setdefault("load", {})[part] = _load()
    return document


async def _throughput(options: BenchOptions, folder: Path) -> Figures:
    async with bench_environment(folder / "throughput") as environment, environment.worker(options.sandbox) as worker:
        figures, first = await Throughput(environment, worker, options.inspections).measure(options.repetitions)
        figures["sandbox"] = options.sandbox
        return {
            "lifecycles": figures,
            "history_of_a_lifecycle": await histories.of_inspection(environment, first.reference),
            "pages": await asyncio.to_thread(rendering.measure, environment, first.reference, options.repetitions),
        }


async def _memory(options: BenchOptions, folder: Path) -> Figures:
    return {"memory_an_open_inspection": await memory.measure(folder / "memory", options.open)}


async def _calendar(options: BenchOptions, folder: Path) -> Figures:
    return {"calendar_change": await calendar_change.measure(folder / "calendar", options.open)}


async def _rehearsals(options: BenchOptions, folder: Path) -> Figures:
    once, history = await rehearsals.single(folder / "rehearsals")
    at_once = await rehearsals.many(folder / "rehearsals", options.rehearsals) if options.rehearsals else {}
    return {"rehearsal": once, "rehearsals_at_once": at_once, "history_of_a_rehearsal": history}


async def _starts(options: BenchOptions, folder: Path) -> Figures:
    return {"starts": await startup.measure(folder / "starts", options.repetitions)}


async def _verify(options: BenchOptions, folder: Path) -> Figures:
    return {"verify": await asyncio.to_thread(verify.measure, folder / "verify", options.repetitions)}


async def _search(options: BenchOptions, folder: Path) -> Figures:
    return {"search": await asyncio.to_thread(search.measure, folder / "search", options.events, options.repetitions)}


def _machine() -> Mapping[str, object]:
    return {"processors": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}


def _load() -> list[float]:
    return [round(value, 2) for value in os.getloadavg()]


_MEASURES = {
    "throughput": _throughput,
    "memory": _memory,
    "calendar": _calendar,
    "rehearsals": _rehearsals,
    "starts": _starts,
    "verify": _verify,
    "search": _search,
}
