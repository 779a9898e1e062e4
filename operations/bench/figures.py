"""Figures of measurements: medians, percentiles, seconds, and processor time and memory of a process."""

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
    """Returns the median and the 95th percentile, in milliseconds."""
    ordered = sorted(seconds)
    return {"p50": round(statistics.median(ordered) * 1000, 1), "p95": round(percentile(ordered, 0.95) * 1000, 1)}


def percentile(ordered: Sequence[float], fraction: float) -> float:
    """Returns the percentile of ordered values (nearest rank); `fraction` is 0.95 for the 95th."""
    return ordered[math.ceil(fraction * len(ordered)) - 1]


def median(values: Iterable[float], digits: int = 2) -> float:
    """Returns the median, rounded."""
    return round(statistics.median(values), digits)


def timed(work: Callable[[], object]) -> float:
    """Runs `work` and returns the seconds it took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def processor(pid: int) -> float:
    """Returns the processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(pid: int) -> float:
    """Returns the resident memory of a process, in KiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


def say(progress: str) -> None:
    """Prints a line of progress to standard error."""
    print(f"bench: {progress}", file=sys.stderr, flush=True)  # noqa: T201
