"""The environment of a rehearsal, with real components: records in a file, documents on disk, a mail server, workers; only the
engine is Temporal's test server, whose time can be skipped."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.testing import WorkflowEnvironment

from activities.mail.smtp import MailServer
from activities.rendering.pdf_pool import PdfPool
from application.runtime import dev_mailbox
from application.runtime.child_environment import settings_withheld
from application.runtime.context import AppContext
from application.runtime.mail_settings import sender
from application.runtime.settings import WORK_KINDS, Settings
from application.runtime.temporal_client import prepare
from application.workers import WorkerParts, workers
from framework.common.errors import Unreachable
from records.database import connection
from records.directory import directory
from rehearsal.mail_server import ScriptedMailServer
from rehearsal.run_tracking import Runs
from rehearsal.skipped_clock import SkippedClock

ONLY_ERRORS = LoggingConfig(filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"))
"""The client logs warnings about features that the test server lacks; they do not matter here."""
FIRST_PAGE = "<!doctype html><html lang='en'><title>warm</title><p>warm</p></html>"


@dataclass(frozen=True, slots=True)
class World:
    """The running components of one rehearsal."""

    system: AppContext
    clock: SkippedClock
    post: ScriptedMailServer
    runs: Runs
    data: Path


@asynccontextmanager
async def world(data: Path, begins: datetime) -> AsyncIterator[World]:
    """Runs all components on an existing, empty folder while inside, with the clock at `begins`."""
    chosen = settings_for(data)  # before the settings are withheld from child processes
    async with AsyncExitStack() as stack:
        stack.enter_context(settings_withheld())
        stack.enter_context(_failed_attempts_unlogged())
        pool = stack.enter_context(PdfPool())
        warming = asyncio.ensure_future(pool.render(FIRST_PAGE))  # its processes import WeasyPrint, which is slow
        stack.callback(warming.cancel)
        post = ScriptedMailServer(dev_mailbox.folder(data))
        stack.push_async_callback(post.close)
        await post.open()
        settings = chosen.model_copy(update={"smtp_port": post.port})
        records = await asyncio.to_thread(_prepared, settings)
        stack.callback(records.dispose)
        runs = Runs()
        engine = await _engine(runs)
        stack.push_async_callback(engine.shutdown)
        await prepare(engine.client)
        clock = await SkippedClock.starting_at(begins, engine)
        parts = WorkerParts(
            client=engine.client,
            records=records,
            data=data,
            mail=MailServer(dev_mailbox.HERE, post.port),
            sender=sender(settings),
            pool=pool,
            clock_shift=clock.shift,
            office=settings.office,
        )
        for worker in workers(parts, WORK_KINDS):
            await stack.enter_async_context(worker)
        system = AppContext(settings, records, engine.client, now=clock.now, clock_shift=clock.shift)
        yield World(system, clock, post, runs, data)


@contextmanager
def _failed_attempts_unlogged() -> Iterator[None]:
    """Logs only errors of activities while inside: failed attempts are retried. The level before is set again."""
    logger = logging.getLogger("temporalio.activity")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def settings_for(data: Path) -> Settings:
    """Returns the settings of a rehearsal: its own folder, records and mailbox, regardless of the variables set for others."""
    return Settings(
        INSPECTIONS_DATA=data,
        DATABASE_URL="",
        INSPECTIONS_SMTP_HOST=dev_mailbox.HERE,
        INSPECTIONS_SMTP_USER="",
        INSPECTIONS_SMTP_STARTTLS=False,
    )


def _prepared(settings: Settings) -> Engine:
    records = connection.connect(settings.records_url)
    connection.upgrade(records)
    directory.seed(records)
    return records


async def _engine(runs: Runs, again: int = 2) -> WorkflowEnvironment:
    """Starts the test server. Its client waits five seconds; a busy machine may need longer, so the start is retried."""
    server = Path(sys.executable).parent / "temporal-test-server"
    try:
        return await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=str(server),
            data_converter=pydantic_data_converter,
            interceptors=[runs],
            runtime=_runtime(),
        )
    except RuntimeError as error:
        if again:
            return await _engine(runs, again - 1)
        raise Unreachable(f"the test server {server} does not start: {error}") from None


@lru_cache(maxsize=1)
def _runtime() -> Runtime:
    return Runtime(telemetry=TelemetryConfig(logging=ONLY_ERRORS))
