"""Numbers from measurements: medians and percentiles, rounded, and what a process costs the machine."""

import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
TICKS = os.sysconf("SC_CLK_TCK")


def milliseconds(seconds: Iterable[float]) -> Figures:
    """The median and the 95th percentile, in milliseconds."""
    ordered = sorted(seconds)
    return {"p50": round(statistics.median(ordered) * 1000, 1), "p95": round(at(ordered, 0.95) * 1000, 1)}


def at(ordered: Sequence[float], part: float) -> float:
    """The value below which `part` of the ordered values lie (nearest rank)."""
    return ordered[math.ceil(part * len(ordered)) - 1]


def median(values: Iterable[float], digits: int = 2) -> float:
    """The median, rounded."""
    return round(statistics.median(values), digits)


def timed(work: Callable[[], object]) -> float:
    """The seconds some work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def processor(pid: int) -> float:
    """The processor seconds a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(pid: int) -> float:
    """The memory of a process, in KiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


def say(words: str) -> None:
    """How it is going."""
    print(f"bench: {words}", file=sys.stderr, flush=True)  # noqa: T201
