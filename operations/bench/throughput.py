"""Measures the throughput of a worker: real lifecycles and the baseline in turn, with and without rendering."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from operations.bench import bench_worker
from operations.bench.baseline_workflow import BaselineLifecycle, Plan
from operations.bench.effect_plan import one_record_a_command, plan_of
from operations.bench.environment import BenchEnvironment
from operations.bench.figures import Figures, median, milliseconds, processor, say
from operations.bench.lifecycle import COMMANDS, Lifecycle
from operations.embedded_engine.process import Process
from records.database.connection import reading
from records.directory import directory


@dataclass(slots=True)
class Measured:
    """Measurements of one kind of lifecycle over all repetitions."""

    rates: list[float] = field(default_factory=list)
    """Lifecycles per second, a value for each repetition."""
    loaded: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    """Seconds of each command while other lifecycles ran, and while nothing else ran."""
    processors: list[list[float]] = field(default_factory=list)
    """Processor seconds per lifecycle of engine, worker and entry point."""

    def figures(self) -> Figures:
        """Returns the figures as the document shows them."""
        used = [median(values, 3) for values in zip(*self.processors, strict=True)]
        return {
            "lifecycles_a_second": median(self.rates),
            "command_ms_together": milliseconds(self.loaded),
            "command_ms_alone": milliseconds(self.alone),
            "processor_seconds_a_lifecycle": dict(zip(("engine", "worker", "entry_point"), used, strict=True)),
        }


@dataclass(slots=True)
class Throughput:
    """The measurement of one worker's throughput."""

    environment: BenchEnvironment
    worker: Process
    concurrent: int
    references: Iterator[int] = field(default_factory=lambda: count(1))

    async def measure(self, repetitions: int) -> tuple[Figures, Lifecycle]:
        """Measures all kinds, one after another in each repetition; returns the figures and the first lifecycle."""
        first = await self._run_lifecycle(False)
        plan = plan_of(self.environment, first.reference)
        kinds: dict[str, Callable[[bool], Awaitable[Sequence[float]]]] = {
            "html": self._run_real,
            "bare": lambda _: BaselineLifecycle(self.environment.client, plan).run(),
            "bare_one_record_a_command": lambda _: BaselineLifecycle(
                self.environment.client, one_record_a_command(plan)
            ).run(),
            "pdf": self._run_real,
        }
        results = {name: Measured() for name in kinds}
        for repetition in range(repetitions):
            for name, run in kinds.items():
                bench_worker.switch(self.environment.settings.data, rendering=name == "pdf")
                await self._repeat(results[name], run)
            say(f"throughput {repetition + 1}/{repetitions}, load {os.getloadavg()[0]:.1f}")
        bench_worker.switch(self.environment.settings.data, rendering=False)
        return self._figures(results, plan), first

    async def _repeat(self, result: Measured, run: Callable[[bool], Awaitable[Sequence[float]]]) -> None:
        before, begun = self._used(), time.perf_counter()
        for seconds in await asyncio.gather(*(run(False) for _ in range(self.concurrent))):
            result.loaded.extend(seconds)
        result.rates.append(self.concurrent / (time.perf_counter() - begun))
        result.processors.append([(now - was) / self.concurrent for was, now in zip(before, self._used(), strict=True)])
        result.alone.extend(await run(True))

    async def _run_real(self, quiet: bool) -> Sequence[float]:
        lifecycle = await self._run_lifecycle(quiet)
        await lifecycle.leave()
        return lifecycle.took

    async def _run_lifecycle(self, quiet: bool) -> Lifecycle:
        with reading(self.environment.records) as session:
            codes = [row["code"] for row in directory.authorities(session)]
        number = next(self.references)
        return await Lifecycle(self.environment, f"BENCH-{number:05d}", codes[number % len(codes)]).run(quiet)

    def _used(self) -> list[float]:
        return [processor(pid) for pid in (self.environment.engine.pid, self.worker.pid, os.getpid())]

    def _figures(self, results: dict[str, Measured], plan: Plan) -> Figures:
        def ratio(kind: str, baseline: str) -> float:
            pairs = zip(results[kind].rates, results[baseline].rates, strict=True)
            return median(rate / baseline_rate for rate, baseline_rate in pairs)

        return {
            "commands": len(COMMANDS),
            "effects": sum(map(len, plan)),
            "effects_with_one_record_a_command": sum(map(len, one_record_a_command(plan))),
            "at_once": self.concurrent,
            **{name: result.figures() for name, result in results.items()},
            "ratio_html_to_bare": ratio("html", "bare"),
            "ratio_html_to_bare_one_record_a_command": ratio("html", "bare_one_record_a_command"),
            "ratio_pdf_to_bare": ratio("pdf", "bare"),
        }
