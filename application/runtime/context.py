"""What a use case works with: settings, records, the engine and a clock. Who calls it is in `application.caller`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from application.runtime import clock
from application.runtime.settings import Settings
from framework.common.errors import Remedy, Unreachable

if TYPE_CHECKING:
    from temporalio.client import Client  # slow to load, and reading needs none

UNREACHABLE = Unreachable("the engine cannot be reached", remedy=Remedy.START_SYSTEM)


def ignore(warning: str) -> None:
    """Passes over a warning."""


def _clock() -> datetime:
    # Looked up at each call: tests put another clock in the place of the machine's.
    return clock.now()


@dataclass(frozen=True, slots=True)
class AppContext:
    """One installation, as a use case reaches it."""

    settings: Settings
    records: Engine
    client: "Client | None" = None
    engine_error: Unreachable = UNREACHABLE
    """Why there is no client, where there is none."""
    now: Callable[[], datetime] = _clock
    clock_shift: timedelta = timedelta()
    """Only in rehearsals: how far their days lie from the machine's."""
    warn: Callable[[str], None] = ignore
    """Takes what the caller ought to know beside the answer: that a reading is not in the access log, for instance."""

    def engine(self) -> "Client":
        """Returns the engine's client. Raises `Unreachable` where the entry point came without one."""
        if self.client is None:
            raise self.engine_error
        return self.client
