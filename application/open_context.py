"""Opening what a use case works with: the records alone, or records and engine."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import Engine

from application.runtime import rehearsal_marker, run_file, settings
from application.runtime.context import UNREACHABLE, AppContext, ignore
from application.runtime.pending_restore import is_cut_off
from application.runtime.settings import Settings
from framework.common.errors import Remedy, Unreachable
from records.database.connection import BUSY_SECONDS, READER_SECONDS, connect

TIMEOUT_SECONDS = 1.0
"""Seconds in which an engine on this machine takes a connection."""
Warn = Callable[[str], None]


@contextmanager
def open_to_read(data: Path | None, warn: Warn = ignore) -> Iterator[AppContext]:
    """Opens the records of a data folder for reading, without the engine. Raises `Unreachable` without them.

    Readers wait for a lock much shorter than writers do."""
    with open_context(data, warn, READER_SECONDS) as context:
        yield context


@contextmanager
def open_context(data: Path | None, warn: Warn = ignore, timeout_seconds: float = BUSY_SECONDS) -> Iterator[AppContext]:
    """Opens the records of a data folder for reading and writing, without the engine. Raises `Unreachable` without them."""
    chosen = settings.read(data)
    records = open_records(chosen, timeout_seconds)
    try:
        yield AppContext(chosen, records, warn=warn)
    finally:
        records.dispose()


@asynccontextmanager
async def open_with_engine(data: Path | None, warn: Warn = ignore) -> AsyncIterator[AppContext]:
    """Opens records and engine. Where no engine can be reached the context has none, and the error that says so.

    Raises `Unreachable` without records, and where the settings name another engine than the one the records belong to."""
    from application.runtime import engine_owner, temporal_client  # slow to load, and reading needs none

    chosen = settings.read(data)
    client, error = None, UNREACHABLE
    records = open_records(chosen)
    try:
        engine_owner.require(chosen, records)
        try:
            client = await temporal_client.connect(chosen)
        except Unreachable as missing:
            error = missing
        yield AppContext(chosen, records, client, error, warn=warn)
    finally:
        records.dispose()


def open_records(chosen: Settings, timeout_seconds: float = BUSY_SECONDS) -> Engine:
    """Opens the database of an installation. Raises `Unreachable` where the system has not made it yet. Who finds it locked
    waits `timeout_seconds` seconds."""
    if is_cut_off(chosen.data):
        raise Unreachable(f"a restore of {chosen.data} was cut off", remedy=Remedy.FINISH_RESTORE)
    url = chosen.own_records_url if rehearsal_marker.find(chosen.data) else chosen.records_url
    records = connect(url, timeout_seconds)
    if records.dialect.name == "sqlite" and not Path(str(records.url.database)).is_file():
        raise Unreachable(f"there are no records in {chosen.data}", remedy=Remedy.MAKE_RECORDS)
    return records


def require_engine(chosen: Settings) -> None:
    """Raises `Unreachable` where no engine runs beside the records. A rehearsal's folder needs none to be read."""
    if rehearsal_marker.find(chosen.data) is not None or _embedded_engine_answers(chosen):
        return
    from application.runtime import temporal_client

    try:
        asyncio.run(temporal_client.connect(chosen))
    except Unreachable as error:
        what = f"answered from the records alone: {error}"
        raise Unreachable(what, remedy=error.remedy, subject=error.subject) from None


def _embedded_engine_answers(chosen: Settings) -> bool:
    running = run_file.find(chosen.data)
    if running is None:
        return False
    host, port = running.address.rsplit(":", 1)
    try:
        with socket.create_connection((host, int(port)), TIMEOUT_SECONDS):
            return True
    except OSError:
        return False
