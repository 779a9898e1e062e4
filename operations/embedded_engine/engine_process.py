"""The embedded engine: Temporal's development server with its store in a file, made durable, on this machine only."""

import asyncio
import sys
import time
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError

from application.runtime import temporal_client
from application.runtime.child_environment import plain_environment
from application.runtime.settings import Settings
from framework.common.errors import Unreachable
from operations.embedded_engine import process
from operations.embedded_engine.ports import HERE

STORE = "engine.sqlite"
START = 60.0
"""Seconds the engine is given to become ready; it takes one, but machines are sometimes busy."""
STOP = 10.0


def command(settings: Settings, port: int, ui_port: int) -> list[str]:
    """The command line of the engine. Each commit of its store reaches the disk before it is answered."""
    pages = ["--ui-port", str(ui_port), "--ui-ip", HERE] if settings.engine_ui else ["--headless"]
    return [
        str(Path(sys.executable).parent / "temporal"),
        *("server", "start-dev", "--ip", HERE, "--port", str(port)),
        *("--db-filename", str(settings.data / STORE)),
        *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"),
        *("--log-level", settings.engine_log_level, "--disable-config-file", "--disable-config-env"),
        *pages,
    ]


async def start(settings: Settings, port: int, ui_port: int, lock: int) -> tuple[process.Process, Client]:
    """Starts the engine, which inherits the lock, and waits until it answers; its histories are kept from the start.

    Raises `Unreachable` with its last words when it ends or does not answer in time."""
    log = settings.data / "log" / "engine.log"
    words = command(settings, port, ui_port)
    started = await process.start("engine", words, log, env=plain_environment(), keep=[lock])
    try:
        client = await _answering(started, f"{HERE}:{port}")
        await temporal_client.keep_histories(client, settings.retention_days)
        await temporal_client.prepare(client)
    except BaseException:
        await started.stop(0)
        raise
    return started, client


async def _answering(started: process.Process, address: str) -> Client:
    give_up = time.monotonic() + START
    while time.monotonic() < give_up and not started.gone.done():
        try:
            client = await temporal_client.connect_to(address)
            await temporal_client.retention(client)  # the namespace comes a moment after the port
        except (Unreachable, RPCError):
            await asyncio.wait([started.gone], timeout=0.1)
        else:
            return client
    why = "ended at once" if started.gone.done() else f"did not answer within {START:.0f} seconds"
    raise Unreachable(f"the engine {why}: {started.last_words() or 'it said nothing'} (see {started.log})")
