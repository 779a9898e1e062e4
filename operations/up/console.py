"""What `up` says as it goes, and how long it waits before it tries again."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field

from application.runtime import console
from application.runtime.settings import Settings
from operations.embedded_engine.ports import HERE

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STABLE_AFTER = 60.0
"""Seconds after which something that ran counts as having run well."""


@dataclass
class Backoff:
    """A pause that doubles each time something ends soon after it began."""

    _next: float = FIRST_PAUSE
    _began: float = field(default_factory=time.monotonic)

    def begin(self) -> None:
        """Says that it begins (again)."""
        self._began = time.monotonic()

    def pause(self) -> float:
        """How many seconds to wait now that it ended."""
        if time.monotonic() - self._began > STABLE_AFTER:
            self._next = FIRST_PAUSE
        now, self._next = self._next, min(self._next * 2, LONGEST_PAUSE)
        return now

    async def sleep(self, unless: "asyncio.Future[int] | None" = None) -> None:
        """Waits that long, or until `unless` is done."""
        await asyncio.wait([unless or asyncio.get_running_loop().create_future()], timeout=self.pause())


def say(text: str) -> None:
    """Says it on standard error; nobody listening is no reason to stop."""
    with suppress(OSError):
        console.say(text)


def say_ready(settings: Settings, ports: dict[str, int]) -> None:
    """Says that steps can be taken now, and where everything is."""
    mail = settings.smtp_host or f"the local mailbox, {HERE}:{ports['mailbox']} (inspections mailbox)"
    pages = f"\n  its pages  http://{HERE}:{ports['ui']}" if "ui" in ports else ""
    say(
        f"ready\n"
        f"  data       {settings.data} (logs in {settings.data / 'log'})\n"
        f"  engine     {HERE}:{ports['engine']}{pages}\n"
        f"  letters    {mail}\n"
        f"Ctrl-C stops it."
    )
