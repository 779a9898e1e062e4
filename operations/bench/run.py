"""The whole measurement, part by part, as one document."""

import asyncio
import os
import platform
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from operations.bench import calendar_change, histories, memory, rehearsals, rendering, search, startup, verify
from operations.bench.environment import house
from operations.bench.figures import Figures, say
from operations.bench.throughput import Course

PARTS = ("throughput", "memory", "calendar", "rehearsals", "starts", "search", "verify")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure, and how much of it."""

    inspections: int = 8
    """Lifecycles at once, in each repetition."""
    repetitions: int = 5
    open: int = 1000
    """Inspections open while memory is measured, and when a holiday is proclaimed."""
    rehearsals: int = 8
    """Rehearsals at once."""
    events: int = 200_000
    """Events in the log that is searched."""
    parts: tuple[str, ...] = PARTS
    sandbox: bool = True


async def measure(wanted: Wanted) -> Figures:
    """The document. Everything happens in a folder that is removed afterwards, and on this machine only."""
    document: Figures = {"machine": _machine(), "load_at_start": _load()}
    with tempfile.TemporaryDirectory(prefix="inspections-bench-") as name:
        folder = Path(name)
        for part in wanted.parts:
            say(f"{part} ...")
            document |= await _MEASURES[part](wanted, folder)
            document.setdefault("load", {})[part] = _load()
    return document


async def _throughput(wanted: Wanted, folder: Path) -> Figures:
    async with house(folder / "throughput") as one, one.worker(wanted.sandbox) as worker:
        figures, first = await Course(one, worker, wanted.inspections).measure(wanted.repetitions)
        figures["sandbox"] = wanted.sandbox
        return {
            "lifecycles": figures,
            "history_of_a_lifecycle": await histories.of_inspection(one, first.reference),
            "pages": await asyncio.to_thread(rendering.measure, one, first.reference, wanted.repetitions),
        }


async def _memory(wanted: Wanted, folder: Path) -> Figures:
    return {"memory_an_open_inspection": await memory.measure(folder / "memory", wanted.open)}


async def _calendar(wanted: Wanted, folder: Path) -> Figures:
    return {"calendar_change": await calendar_change.measure(folder / "calendar", wanted.open)}


async def _rehearsals(wanted: Wanted, folder: Path) -> Figures:
    once, history = await rehearsals.one(folder / "rehearsals")
    at_once = await rehearsals.many(folder / "rehearsals", wanted.rehearsals) if wanted.rehearsals else {}
    return {"rehearsal": once, "rehearsals_at_once": at_once, "history_of_a_rehearsal": history}


async def _starts(wanted: Wanted, folder: Path) -> Figures:
    return {"starts": await startup.measure(folder / "starts", wanted.repetitions)}


async def _verify(wanted: Wanted, folder: Path) -> Figures:
    return {"verify": await asyncio.to_thread(verify.measure, folder / "verify", wanted.repetitions)}


async def _search(wanted: Wanted, folder: Path) -> Figures:
    return {"search": await asyncio.to_thread(search.measure, folder / "search", wanted.events, wanted.repetitions)}


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
