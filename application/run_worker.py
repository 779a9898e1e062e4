"""Runs the worker process: settings, connections and the workers of `application.workers`."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from functools import partial

from activities.rendering.pdf_pool import PdfPool
from application.commands.recovery import recover
from application.commands.watch import watch
from application.runtime import engine_owner, settings, temporal_client
from application.runtime.child_environment import settings_withheld
from application.runtime.context import AppContext
from application.runtime.mail_settings import bounce_mailbox, mail_server, sender
from application.runtime.parent_death import kill_on_parent_death
from application.runtime.private_files import keep_private
from application.runtime.settings import Settings
from application.workers import WorkerParts, workers
from records.database.connection import connect


async def run_worker() -> int:
    """Works until stopped (SIGTERM, SIGINT), then lets running activities finish; returns the exit code."""
    keep_private()
    chosen = settings.read()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    with PdfPool(tie=partial(kill_on_parent_death, os.getpid())) as pool:
        parts = await _parts(chosen, pool)
        with settings_withheld():  # the processes of the pool are started with the first document
            await _work(chosen, parts, stop)
    return 0


async def _work(chosen: Settings, parts: WorkerParts, stop: asyncio.Event) -> None:
    async with AsyncExitStack() as running:
        if "inspections" in chosen.worker_kinds:
            context = AppContext(chosen, parts.records, parts.client)
            await temporal_client.prepare(parts.client)
            await recover(context)
            running.callback(asyncio.create_task(watch(context)).cancel)
        for worker in workers(parts, chosen.worker_kinds, chosen.worker_sandbox):
            await running.enter_async_context(worker)
        await stop.wait()


async def _parts(chosen: Settings, pool: PdfPool) -> WorkerParts:
    records = connect(chosen.records_url)
    engine_owner.claim(records, engine_owner.of_settings(chosen))
    return WorkerParts(
        client=await temporal_client.connect(chosen),
        records=records,
        data=chosen.data,
        mail=mail_server(chosen),
        sender=sender(chosen),
        pool=pool,
        archives=True,
        office=chosen.office,
        bounces=bounce_mailbox(chosen),
        auditors=chosen.auditors_address,
    )
