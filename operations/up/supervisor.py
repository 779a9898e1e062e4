"""Runs `inspections up`: starts its parts in order, keeps them running, and stops them in the opposite order.

lock ▶ records ▶ mailbox ▶ engine ▶ worker. If the engine dies, engine and worker are started again (a worker that outlived a
killed engine was observed to hang); if the worker dies alone, only the worker is.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url
from temporalio.client import Client

from application.runtime import data_lock, dev_mailbox, private_files, run_file, temporal_client
from application.runtime.pending_restore import SQLITE_PARTS
from application.runtime.settings import Settings
from framework.common.errors import BadInput, Unreachable
from operations.embedded_engine import engine_process, ports
from operations.embedded_engine.process import Process
from operations.up import worker_process
from operations.up.components import Components
from operations.up.console import Backoff, say, say_ready

ATTEMPTS = 5
"""How often a port is chosen again because another program took it first."""
ENGINE_GONE_GRACE = 2.0
"""Seconds a worker gets to end when its engine is gone: it cannot report results."""


async def run(settings: Settings, *, port: int | None = None, components: Components | None = None) -> None:
    """Runs the whole system on the data folder until Ctrl-C or SIGTERM; a second one does not wait for the worker.

    Raises `Refused` if the folder is in use, `Unreachable` if the engine does not start or the records cannot be reached,
    `BadInput` if `port` is taken."""
    components = components or Components()
    lock = data_lock.take(settings.data)
    try:
        _restrict_permissions(settings)
        run_file.remove(settings.data)  # a crash may have left one
        components.prepare(settings)
        async with _mailbox(settings) as mailbox_port:
            await _until_stopped(LocalSupervisor(settings, components, mailbox_port, lock, port))
    finally:
        run_file.remove(settings.data)
        os.close(lock)


def _restrict_permissions(settings: Settings) -> None:
    """Removes the permissions of other accounts from the data, which a copy may have added, and reports it."""
    url = make_url(settings.records_url)
    file = [Path(f"{url.database}{part}") for part in SQLITE_PARTS] if url.get_backend_name() == "sqlite" else []
    restricted, left = private_files.restrict((settings.data, *file))
    if restricted:
        names = f"{restricted[0]}{f' and {len(restricted) - 1} more' if restricted[1:] else ''}"
        say(f"other accounts of this machine could read {names}: now only this one can")
    if left:
        say(
            f"other accounts can still read {left[0]}, which is not this account's: have its owner close it ({len(left)})"
        )


@asynccontextmanager
async def _mailbox(settings: Settings) -> AsyncIterator[int]:
    """Serves the local mailbox and yields its port; chooses another port if a program took the first."""
    async with AsyncExitStack() as stack:
        for attempt in range(ATTEMPTS):
            port = ports.choose(settings.data, {"mailbox": None})["mailbox"]
            try:
                await stack.enter_async_context(dev_mailbox.serve(dev_mailbox.folder(settings.data), port))
                break
            except Unreachable:
                if attempt == ATTEMPTS - 1:
                    raise
        yield port


async def _until_stopped(supervisor: "LocalSupervisor") -> None:
    work = asyncio.ensure_future(supervisor.keep_up())
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(name, work.cancel)
    with suppress(asyncio.CancelledError):
        await work
    say("stopped; nothing is lost")


@dataclass
class LocalSupervisor:
    """The engine and the worker of one data folder."""

    settings: Settings
    components: Components
    mailbox_port: int
    lock: int
    requested_port: int | None = None
    ports: dict[str, int] = field(default_factory=dict)
    """The ports of the engine and its web pages, chosen at each start: the same as before if they are free."""
    _worker_pause: Backoff = field(default_factory=Backoff)
    _ready_once: bool = False

    async def keep_up(self) -> None:
        """Runs both until cancelled. Raises `Unreachable` if the first start of the engine fails."""
        pause = Backoff()
        while True:
            pause.begin()
            try:
                async with self._engine() as (process, client):
                    await self._keep_worker(process, client)
                say(f"the engine ended unasked ({process.last_words() or 'it said nothing'}): starting it again")
            except Unreachable as error:
                if not self._ready_once:
                    raise
                say(f"{error}: starting it again")
            await pause.sleep()

    @asynccontextmanager
    async def _engine(self) -> AsyncIterator[tuple[Process, Client]]:
        say("starting the engine")
        process, client = await self._start_engine()
        self._ready_once = True
        try:
            yield process, client
        finally:
            await process.stop(engine_process.STOP_GRACE)

    async def _start_engine(self, attempt: int = 1) -> tuple[Process, Client]:
        requested = {"engine": self.requested_port} | ({"ui": None} if self.settings.engine_ui else {})
        try:
            self.ports = ports.choose(self.settings.data, requested)
            return await engine_process.start(self.settings, self.ports["engine"], self.ports.get("ui", 0), self.lock)
        except engine_process.PortTaken as error:
            if attempt == ATTEMPTS:
                raise
            say(f"{error}: choosing again")
            return await self._start_engine(attempt + 1)
        except BadInput as error:
            if not self._ready_once:
                raise
            raise Unreachable(str(error)) from None  # retried: the other program may release the port

    async def _keep_worker(self, engine_: Process, client: Client) -> None:
        """Runs a worker, and starts it again if it ends, until the engine is gone."""
        while not engine_.gone.done():
            self._worker_pause.begin()
            async with self._worker(engine_) as worker:
                await self._serve(engine_, worker, client)
            if not engine_.gone.done():
                say(f"the worker ended unasked ({worker.last_words() or 'it said nothing'}): starting it again")
                await self._worker_pause.sleep(unless=engine_.gone)

    @asynccontextmanager
    async def _worker(self, engine_: Process) -> AsyncIterator[Process]:
        say("starting the worker")
        environment = worker_process.environment(self.settings, self.ports["engine"], self.mailbox_port)
        worker = await worker_process.start(self.components.worker, self.settings, environment)
        try:
            yield worker
        finally:
            run_file.remove(self.settings.data)
            await worker.stop(ENGINE_GONE_GRACE if engine_.gone.done() else worker_process.STOP_GRACE)

    async def _serve(self, engine_: Process, worker: Process, client: Client) -> None:
        """Publishes the run file once the worker polls; returns when engine or worker is gone."""
        ready = asyncio.ensure_future(worker_process.taking_work(worker, client, self.settings))
        gone = {engine_.gone, worker.gone}
        try:
            await asyncio.wait({ready, *gone}, return_when=asyncio.FIRST_COMPLETED)
            if not any(process.done() for process in gone):
                self._publish_run_file(engine_, worker)
                await asyncio.wait(gone, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()

    def _publish_run_file(self, engine_: Process, worker: Process) -> None:
        running = run_file.Running(
            address=f"{ports.HERE}:{self.ports['engine']}",
            namespace=temporal_client.NAMESPACE,
            mailbox_port=self.mailbox_port,
            up=os.getpid(),
            engine=engine_.pid,
            worker=worker.pid,
        )
        run_file.write(self.settings.data, running)
        say_ready(self.settings, {**self.ports, "mailbox": self.mailbox_port})
