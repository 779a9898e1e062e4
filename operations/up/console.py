"""Messages of `up` on standard error, and the pauses before it starts a process again."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field

from application.runtime import console
from application.runtime.settings import Settings
from operations.embedded_engine.ports import HERE

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STABLE_AFTER = 60.0
"""Seconds after which a process counts as stable: then the pause begins at the first length again."""


@dataclass
class Backoff:
    """A pause that doubles each time a process ends before it is stable."""

    _next: float = FIRST_PAUSE
    _began: float = field(default_factory=time.monotonic)

    def begin(self) -> None:
        """Records that the process starts now."""
        self._began = time.monotonic()

    def pause(self) -> float:
        """Returns the seconds to wait after the process ended."""
        if time.monotonic() - self._began > STABLE_AFTER:
            self._next = FIRST_PAUSE
        current, self._next = self._next, min(self._next * 2, LONGEST_PAUSE)
        return current

    async def sleep(self, unless: "asyncio.Future[int] | None" = None) -> None:
        """Waits for the pause, or until `unless` is done."""
        await asyncio.wait([unless or asyncio.get_running_loop().create_future()], timeout=self.pause())


def say(text: str) -> None:
    """Prints to standard error; a closed standard error is ignored."""
    with suppress(OSError):
        console.say(text)


def say_ready(settings: Settings, ports: dict[str, int]) -> None:
    """Prints that the system is ready, with its folder and addresses."""
    mail = settings.smtp_host or f"the local mailbox, {HERE}:{ports['mailbox']} (inspections mailbox)"
    pages = f"\n  its pages  http://{HERE}:{ports['ui']}" if "ui" in ports else ""
    say(
        f"ready\n"
        f"  data       {settings.data} (logs in {settings.data / 'log'})\n"
        f"  engine     {HERE}:{ports['engine']}{pages}\n"
        f"  letters    {mail}\n"
        f"Ctrl-C stops it."
    )
