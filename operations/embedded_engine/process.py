"""A process that `up` runs: tied to it, with its output in a log file, stopped kindly and then for certain."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from application.runtime.parent_death import with_parent_death

LOG_LIMIT = 10_000_000
"""Bytes after which a log file is laid aside (once) when its process starts."""


class Process:
    """One running process. Made by `start`."""

    def __init__(self, name: str, running: asyncio.subprocess.Process, log: Path) -> None:
        self.name = name
        self.log = log
        self._running = running
        self.gone = asyncio.ensure_future(running.wait())
        """Done, with the exit code, when the process has ended."""

    @property
    def pid(self) -> int:
        """Its process identifier."""
        return self._running.pid

    async def stop(self, grace: float) -> None:
        """Asks it to end, and ends it after `grace` seconds, or when nobody wants to wait for that any longer."""
        with suppress(ProcessLookupError):
            self._running.terminate()
        try:
            await asyncio.wait([self.gone], timeout=grace)
        finally:
            self.kill()
        await self.gone

    def kill(self) -> None:
        """Ends it now."""
        with suppress(ProcessLookupError):
            self._running.kill()

    def output_after(self, position: int) -> str:
        """Returns what its log holds beyond so many bytes; the whole log where that was laid aside since."""
        with suppress(OSError):
            content = self.log.read_bytes()
            return content[position if position <= len(content) else 0 :].decode(errors="replace")
        return ""

    def last_words(self) -> str:
        """Returns the last line of its log, for messages."""
        with suppress(OSError):
            lines = self.log.read_bytes()[-4000:].decode(errors="replace").split("\n")
            return next((line.strip() for line in reversed(lines) if line.strip()), "")
        return ""


async def start(
    name: str, command: Sequence[str], log: Path, *, env: Mapping[str, str], keep: Sequence[int] = ()
) -> Process:
    """Starts `command` tied to this process, in a session of its own: Ctrl-C is for `up`, which then stops it in turn.

    `env` is its whole environment (`application.runtime.child_environment`), `keep` are open files it inherits. Only for the
    main thread: the kernel ties a process to the thread it came from."""
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
            pass_fds=tuple(keep),
            start_new_session=True,
        )
    finally:
        os.close(output)
    return Process(name, running, log)
