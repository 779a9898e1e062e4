"""The environment of measurements: engine, worker and mailbox as `up` runs them, on a data folder of their own.

The clocks of entry point and worker are shifted to a working morning, so that a measurement runs on any day of the week."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from temporalio.client import Client

from application.caller import Caller
from application.runtime import clock, data_lock, dev_mailbox
from application.runtime.context import AppContext
from application.runtime.os_account import who_runs_this
from application.runtime.settings import Settings
from framework.calendar.london_time import LONDON
from operations.bench import bench_worker
from operations.embedded_engine import engine_process, ports
from operations.embedded_engine.process import Process
from operations.up import worker_process
from records.database import connection
from records.directory import directory

MORNING = datetime(2010, 11, 3, 9, 30, tzinfo=LONDON)
"""A Wednesday: the day of the measured inspections."""


@dataclass(frozen=True, slots=True)
class BenchEnvironment:
    """A running engine and mailbox, and the context of use cases; workers are started by `worker`."""

    settings: Settings
    records: Engine
    client: Client
    engine: Process
    ports: Mapping[str, int]
    shift: timedelta

    def system(self) -> AppContext:
        """Returns the context of the use cases."""
        return AppContext(
            self.settings,
            self.records,
            self.client,
            now=lambda: clock.now() + self.shift,
            clock_shift=self.shift,
        )

    @staticmethod
    def caller(person: str = "") -> Caller:
        """Returns a caller at the entry point of the measurements."""
        return Caller(person, entry_point="bench", ran_as=who_runs_this())

    @asynccontextmanager
    async def worker(self, sandbox: bool) -> AsyncIterator[Process]:
        """Runs a worker process while inside, with the baseline's worker in it."""
        environment = worker_process.environment(self.settings, self.ports["engine"], self.ports["mailbox"])
        environment |= {
            "INSPECTIONS_WORKER_SANDBOX": str(sandbox),
            "INSPECTIONS_WORKER_KINDS": "inspections,documents,letters",
            bench_worker.SHIFT: str(self.shift.total_seconds()),
        }
        worker = await worker_process.start(bench_worker.COMMAND, self.settings, environment)
        try:
            ready = asyncio.ensure_future(worker_process.taking_work(worker, self.client, self.settings))
            await asyncio.wait({ready, worker.gone}, return_when=asyncio.FIRST_COMPLETED)
            if worker.gone.done():
                ready.cancel()
                raise RuntimeError(f"the bench's worker ended: {worker.last_words()}")
            yield worker
        finally:
            await worker.stop(5)


@asynccontextmanager
async def bench_environment(data: Path) -> AsyncIterator[BenchEnvironment]:
    """Runs engine and mailbox on this empty folder while inside."""
    settings = settings_for(data)
    async with AsyncExitStack() as stack:
        lock = data_lock.take(data)
        stack.callback(os.close, lock)
        records = connection.connect(settings.records_url)
        stack.callback(records.dispose)
        await asyncio.to_thread(_prepare, records)
        chosen = ports.choose(data, {"engine": None, "mailbox": None})
        await stack.enter_async_context(dev_mailbox.serve(dev_mailbox.folder(data), chosen["mailbox"]))
        engine, client = await engine_process.start(settings, chosen["engine"], 0, lock)
        stack.push_async_callback(engine.stop, engine_process.STOP_GRACE)
        yield BenchEnvironment(settings, records, client, engine, chosen, MORNING - clock.now())


def settings_for(data: Path) -> Settings:
    """Returns the settings of a measurement, regardless of the variables set for the real system."""
    return Settings(
        INSPECTIONS_DATA=data,
        DATABASE_URL="",
        INSPECTIONS_SMTP_HOST="",
        INSPECTIONS_ENGINE_UI=False,
    )


def _prepare(records: Engine) -> None:
    connection.upgrade(records)
    directory.seed(records)
