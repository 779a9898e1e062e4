"""The embedded engine: Temporal's development server, with a durable store in a file, listening on loopback only."""

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
from operations.embedded_engine import ports, process
from operations.embedded_engine.ports import HERE

STORE = "engine.sqlite"
START_TIMEOUT = 60.0
"""Seconds until the engine must be ready; it takes about one on an idle machine."""
STOP_GRACE = 10.0
"""Seconds the engine gets to end after SIGTERM."""
ADDRESS_IN_USE = "address already in use"
"""The engine's message, within a stack trace, when it cannot listen on a port."""


def command(settings: Settings, port: int, ui_port: int) -> list[str]:
    """Returns the command line of the engine, with a store that flushes each commit to the disk before it answers."""
    pages = ["--ui-port", str(ui_port), "--ui-ip", HERE] if settings.engine_ui else ["--headless"]
    return [
        str(Path(sys.executable).parent / "temporal"),
        *("server", "start-dev", "--ip", HERE, "--port", str(port)),
        *("--db-filename", str(settings.data / STORE)),
        *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"),
        *("--log-level", settings.engine_log_level, "--disable-config-file", "--disable-config-env"),
        *pages,
    ]


class PortTaken(Unreachable):
    """Another program took a port between its choice and the engine's start."""


async def start(settings: Settings, port: int, ui_port: int, lock: int) -> tuple[process.Process, Client]:
    """Starts the engine, waits until it answers, and sets the retention of its histories.

    The engine inherits the file descriptor `lock`, so that the data folder stays locked while it runs. Raises `PortTaken`,
    or `Unreachable` with the engine's last output if it ends for another reason or does not answer in time."""
    log = settings.data / "log" / "engine.log"
    size_before = log.stat().st_size if log.exists() else 0
    arguments = command(settings, port, ui_port)
    engine = await process.start("engine", arguments, log, env=plain_environment(), inherit=[lock])
    try:
        client = await _connect_when_ready(engine, port, size_before)
        await temporal_client.keep_histories(client, settings.retention_days)
        await temporal_client.prepare(client)
    except BaseException:
        await engine.stop(0)
        raise
    return engine, client


async def _connect_when_ready(engine: process.Process, port: int, size_before: int) -> Client:
    give_up = time.monotonic() + START_TIMEOUT
    while time.monotonic() < give_up and not engine.gone.done():
        if client := await _client_of(engine, port):
            return client
        await asyncio.wait([engine.gone], timeout=0.1)
    if engine.gone.done() and ADDRESS_IN_USE in engine.output_after(size_before):
        raise PortTaken(f"another program took a port of the engine ({engine.last_words()})")
    why = "ended at once" if engine.gone.done() else f"did not answer within {START_TIMEOUT:.0f} seconds"
    raise Unreachable(f"the engine {why}: {engine.last_words() or 'it said nothing'} (see {engine.log})")


async def _client_of(engine: process.Process, port: int) -> Client | None:
    """Returns a client once the engine answers; None before that, and if another process listens on the port."""
    if not ports.listens(engine.pid, port):
        return None
    try:
        client = await temporal_client.connect_to(f"{HERE}:{port}")
        await temporal_client.retention(client)  # the namespace is ready a moment after the port
    except (Unreachable, RPCError):
        return None
    return client
