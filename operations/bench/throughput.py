"""How fast inspections live: all real work against the bare workflow, in turn, with and without rendering."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from operations.bench import bench_worker
from operations.bench.baseline_workflow import Bare, Plan
from operations.bench.effect_plan import one_record_a_command, plan_of
from operations.bench.environment import BenchEnvironment
from operations.bench.figures import Figures, median, milliseconds, processor, say
from operations.bench.lifecycle import COMMANDS, Lifecycle
from operations.embedded_engine.process import Process
from records.database.connection import reading
from records.directory import directory


@dataclass(slots=True)
class Measured:
    """One kind of lifecycle, over all repetitions."""

    rates: list[float] = field(default_factory=list)
    """Lifecycles a second, a value for each repetition."""
    loaded: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    """Seconds of each command while others lived, and while nothing else ran."""
    processors: list[list[float]] = field(default_factory=list)
    """Processor seconds a lifecycle of engine, worker and entry point."""

    def figures(self) -> Figures:
        """As the document shows it."""
        used = [median(values, 3) for values in zip(*self.processors, strict=True)]
        return {
            "lifecycles_a_second": median(self.rates),
            "command_ms_together": milliseconds(self.loaded),
            "command_ms_alone": milliseconds(self.alone),
            "processor_seconds_a_lifecycle": dict(zip(("engine", "worker", "entry_point"), used, strict=True)),
        }


@dataclass(slots=True)
class Course:
    """The measurement of one worker's throughput."""

    house: BenchEnvironment
    worker: Process
    at_once: int
    references: Iterator[int] = field(default_factory=lambda: count(1))

    async def measure(self, repetitions: int) -> tuple[Figures, Lifecycle]:
        """All kinds, one after another in each repetition; and a lifecycle to look at."""
        first = await self._live(False)
        plan = plan_of(self.house, first.reference)
        kinds: dict[str, Callable[[bool], Awaitable[Sequence[float]]]] = {
            "html": self._real,
            "bare": lambda _: Bare(self.house.client, plan).run(),
            "bare_one_record_a_command": lambda _: Bare(self.house.client, one_record_a_command(plan)).run(),
            "pdf": self._real,
        }
        results = {name: Measured() for name in kinds}
        for repetition in range(repetitions):
            for name, live in kinds.items():
                bench_worker.switch(self.house.settings.data, rendering=name == "pdf")
                await self._repeat(results[name], live)
            say(f"throughput {repetition + 1}/{repetitions}, load {os.getloadavg()[0]:.1f}")
        bench_worker.switch(self.house.settings.data, rendering=False)
        return self._figures(results, plan), first

    async def _repeat(self, result: Measured, live: Callable[[bool], Awaitable[Sequence[float]]]) -> None:
        before, begun = self._used(), time.perf_counter()
        for took in await asyncio.gather(*(live(False) for _ in range(self.at_once))):
            result.loaded.extend(took)
        result.rates.append(self.at_once / (time.perf_counter() - begun))
        result.processors.append([(now - was) / self.at_once for was, now in zip(before, self._used(), strict=True)])
        result.alone.extend(await live(True))

    async def _real(self, quiet: bool) -> Sequence[float]:
        lived = await self._live(quiet)
        await lived.leave()
        return lived.took

    async def _live(self, quiet: bool) -> Lifecycle:
        with reading(self.house.records) as session:
            codes = [row["code"] for row in directory.authorities(session)]
        number = next(self.references)
        return await Lifecycle(self.house, f"BENCH-{number:05d}", codes[number % len(codes)]).run(quiet)

    def _used(self) -> list[float]:
        return [processor(pid) for pid in (self.house.engine.pid, self.worker.pid, os.getpid())]

    def _figures(self, results: dict[str, Measured], plan: Plan) -> Figures:
        def ratio(one: str, other: str) -> float:
            pairs = zip(results[one].rates, results[other].rates, strict=True)
            return median(mine / theirs for mine, theirs in pairs)

        return {
            "commands": len(COMMANDS),
            "effects": sum(map(len, plan)),
            "effects_with_one_record_a_command": sum(map(len, one_record_a_command(plan))),
            "at_once": self.at_once,
            **{name: result.figures() for name, result in results.items()},
            "ratio_html_to_bare": ratio("html", "bare"),
            "ratio_html_to_bare_one_record_a_command": ratio("html", "bare_one_record_a_command"),
            "ratio_pdf_to_bare": ratio("pdf", "bare"),
        }
