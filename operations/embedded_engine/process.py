"""A child process of `up`: it ends when its parent dies, writes to a log file, and is stopped by SIGTERM, then SIGKILL."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from application.runtime.parent_death import with_parent_death

LOG_LIMIT = 10_000_000
"""Bytes above which a log file is renamed when its process starts; one older file is kept."""


class Process:
    """One running process, made by `start`."""

    def __init__(self, name: str, running: asyncio.subprocess.Process, log: Path) -> None:
        self.name = name
        self.log = log
        self._running = running
        self.gone = asyncio.ensure_future(running.wait())
        """A future that is done when the process has ended, with its exit code."""

    @property
    def pid(self) -> int:
        """Returns the process identifier."""
        return self._running.pid

    async def stop(self, grace: float) -> None:
        """Sends SIGTERM, and SIGKILL after `grace` seconds or when the wait is cancelled."""
        with suppress(ProcessLookupError):
            self._running.terminate()
        try:
            await asyncio.wait([self.gone], timeout=grace)
        finally:
            self.kill()
        await self.gone

    def kill(self) -> None:
        """Sends SIGKILL."""
        with suppress(ProcessLookupError):
            self._running.kill()

    def output_after(self, position: int) -> str:
        """Returns the log after this many bytes; the whole log if it was renamed since."""
        with suppress(OSError):
            content = self.log.read_bytes()
            return content[position if position <= len(content) else 0 :].decode(errors="replace")
        return ""

    def last_words(self) -> str:
        """Returns the last line of the log that is not empty, for messages."""
        with suppress(OSError):
            lines = self.log.read_bytes()[-4000:].decode(errors="replace").split("\n")
            return next((line.strip() for line in reversed(lines) if line.strip()), "")
        return ""


async def start(
    name: str, command: Sequence[str], log: Path, *, env: Mapping[str, str], inherit: Sequence[int] = ()
) -> Process:
    """Starts `command` as a child that ends when this process dies, in a session of its own.

    Ctrl-C therefore reaches `up` alone, which stops its children in order. `env` is the whole environment
    (`application.runtime.child_environment`), `inherit` are file descriptors it inherits. Call it from the main thread only:
    the kernel's parent-death signal follows the thread that started the child."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".1.log"))
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        running = await asyncio.create_subprocess_exec(
            *with_parent_death(list(command)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(env),
            pass_fds=tuple(inherit),
            start_new_session=True,
        )
    finally:
        os.close(output)
    return Process(name, running, log)
