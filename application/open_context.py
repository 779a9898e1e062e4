"""The one place where a command gets what it works with: the records to read from, or the whole system to act on.

A command that only reads answers from the records, and says at its end when no engine runs beside them."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from application.runtime import clock, rehearsal_marker, run_file, settings
from application.runtime.settings import Settings
from framework.calendar.london_time import london_day
from framework.common.errors import Remedy, Unreachable

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

    from application.queries.access_logging import Read
    from application.runtime.context import AppContext

TIMEOUT_SECONDS = 1.0
"""Seconds in which an engine on this machine takes a connection."""


@dataclass(frozen=True, slots=True)
class View:
    """What a reading command looks at: one moment of the records."""

    settings: Settings
    session: "Session"
    now: datetime

    @property
    def today(self) -> date:
        """The day it is in London."""
        return london_day(self.now)


@contextmanager
def looking(data: Path | None, read: "Read | None" = None) -> Iterator[View]:
    """The records, for reading. Raises `Unreachable` without them, and after the answer where no engine runs.

    `read` says what is read, and goes into the access log first (decision 0014); `BadInput` for a reader nobody knows."""
    from records.database.connection import reading

    chosen = settings.read(data)
    records = open_to_read(chosen)
    try:
        if read is not None:
            from application.queries import access_logging

            access_logging.note(chosen, records, read)
        with reading(records) as session:
            yield View(chosen, session, clock.now())
    finally:
        records.dispose()
    _say_without_engine(chosen)


@asynccontextmanager
async def acting(data: Path | None) -> AsyncIterator["AppContext"]:
    """Records and engine. Raises `Unreachable` when one of them is not there; nothing has been written then."""
    async with with_or_without_engine(data) as (system, missing):
        if missing:
            raise missing
        yield system


@asynccontextmanager
async def with_or_without_engine(data: Path | None) -> AsyncIterator[tuple["AppContext", Unreachable | None]]:
    """The same, but where no engine runs the system comes without a client, and with the error that says so."""
    from application.runtime import temporal_client
    from application.runtime.context import AppContext

    chosen = settings.read(data)
    client, missing = None, None
    try:
        client = await temporal_client.connect(chosen)
    except Unreachable as error:
        missing = error
    records = open_records(chosen)
    try:
        yield AppContext(settings=chosen, records=records, client=client), missing
    finally:
        records.dispose()


def open_to_read(chosen: Settings) -> "Engine":
    """The same as `open_records`, for whoever only reads: where something is locked, it soon gives up waiting."""
    from records.database.connection import READER_SECONDS

    return open_records(chosen, READER_SECONDS)


def open_records(chosen: Settings, timeout_seconds: float | None = None) -> "Engine":
    """The database of this installation. Raises `Unreachable` where `up` has not made it yet. Who finds something locked
    waits `timeout_seconds` seconds; without it, as long as a writer does."""
    from application.runtime.pending_restore import is_cut_off
    from records.database.connection import BUSY_SECONDS, connect

    if is_cut_off(chosen.data):
        raise Unreachable(f"a restore of {chosen.data} was cut off", remedy=Remedy.FINISH_RESTORE)
    url = chosen.own_records_url if rehearsal_marker.find(chosen.data) else chosen.records_url
    records = connect(url, BUSY_SECONDS if timeout_seconds is None else timeout_seconds)
    if records.dialect.name == "sqlite" and not Path(str(records.url.database)).is_file():
        raise Unreachable(f"there are no records in {chosen.data}", remedy=Remedy.MAKE_RECORDS)
    return records


def _say_without_engine(chosen: Settings) -> None:
    if rehearsal_marker.find(chosen.data) is not None or _embedded_answers(chosen):
        return  # a rehearsal's folder needs no engine to be read
    from application.runtime import (
        temporal_client,  # the client is slow to load, and with an engine on this machine not needed
    )

    try:
        asyncio.run(temporal_client.connect(chosen))
    except Unreachable as error:
        what = f"answered from the records alone: {error}"
        raise Unreachable(what, remedy=error.remedy, subject=error.subject) from None


def _embedded_answers(chosen: Settings) -> bool:
    found = run_file.find(chosen.data)
    if found is None:
        return False
    host, port = found.address.rsplit(":", 1)
    try:
        with socket.create_connection((host, int(port)), TIMEOUT_SECONDS):
            return True
    except OSError:
        return False
