"""The context of a use case: settings, records, the engine and a clock. Its caller is in `application.caller`."""

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
    """Ignores a warning."""


def _clock() -> datetime:
    # Looked up at each call, because tests replace the machine's clock.
    return clock.now()


@dataclass(frozen=True, slots=True)
class AppContext:
    """One installation, as use cases use it."""

    settings: Settings
    records: Engine
    client: "Client | None" = None
    engine_error: Unreachable = UNREACHABLE
    """The error that `engine` raises if there is no client."""
    now: Callable[[], datetime] = _clock
    clock_shift: timedelta = timedelta()
    """The offset of a rehearsal's days from the machine's; zero elsewhere."""
    warn: Callable[[str], None] = ignore
    """Called with warnings for the caller: that a read is not in the access log, for instance."""

    def engine(self) -> "Client":
        """Returns the engine's client. Raises `Unreachable` if there is none."""
        if self.client is None:
            raise self.engine_error
        return self.client
