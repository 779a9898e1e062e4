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
from operations.embedded_engine import ports, process
from operations.embedded_engine.ports import HERE

STORE = "engine.sqlite"
START = 60.0
"""Seconds the engine is given to become ready; it takes one, but machines are sometimes busy."""
STOP = 10.0
ADDRESS_IN_USE = "address already in use"
"""What the engine writes, among a stack trace, when it cannot listen on a port."""


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


class PortTaken(Unreachable):
    """Another program took a port between its choice and the engine's start."""


async def start(settings: Settings, port: int, ui_port: int, lock: int) -> tuple[process.Process, Client]:
    """Starts the engine, which inherits the lock, and waits until it answers; its histories are kept from the start.

    Raises `PortTaken`; `Unreachable` with its last output when it ends otherwise or does not answer in time."""
    log = settings.data / "log" / "engine.log"
    written = log.stat().st_size if log.exists() else 0
    words = command(settings, port, ui_port)
    started = await process.start("engine", words, log, env=plain_environment(), keep=[lock])
    try:
        client = await _answering(started, port, written)
        await temporal_client.keep_histories(client, settings.retention_days)
        await temporal_client.prepare(client)
    except BaseException:
        await started.stop(0)
        raise
    return started, client


async def _answering(started: process.Process, port: int, written: int) -> Client:
    give_up = time.monotonic() + START
    while time.monotonic() < give_up and not started.gone.done():
        if client := await _client_of(started, port):
            return client
        await asyncio.wait([started.gone], timeout=0.1)
    if started.gone.done() and ADDRESS_IN_USE in started.output_after(written):
        raise PortTaken(f"another program took a port of the engine ({started.last_words()})")
    why = "ended at once" if started.gone.done() else f"did not answer within {START:.0f} seconds"
    raise Unreachable(f"the engine {why}: {started.last_words() or 'it said nothing'} (see {started.log})")


async def _client_of(started: process.Process, port: int) -> Client | None:
    """Returns a client once the engine answers; None before, and where it is another engine that listens on the port."""
    if not ports.listens(started.pid, port):
        return None
    try:
        client = await temporal_client.connect_to(f"{HERE}:{port}")
        await temporal_client.retention(client)  # the namespace comes a moment after the port
    except (Unreachable, RPCError):
        return None
    return client
