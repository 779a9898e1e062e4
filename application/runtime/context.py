"""What an entry point needs to reach: the records, the engine, a clock, and who stands at the entry point."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from temporalio.client import Client

from application.runtime import clock
from application.runtime.os_account import who_runs_this
from application.runtime.settings import Settings
from framework.common.errors import Remedy, Unreachable


@dataclass(frozen=True, slots=True)
class AppContext:
    """One installation, as seen from one entry point."""

    settings: Settings
    records: Engine
    client: Client | None = None
    entry_point: str = "command line"
    ran_as: str = field(default_factory=who_runs_this)
    now: Callable[[], datetime] = clock.now
    clock_shift: timedelta = timedelta()
    """Only in rehearsals: how far their days lie from the machine's."""

    def engine(self) -> Client:
        """The engine's client. Raises `Unreachable` when this entry point came without one."""
        if self.client is None:
            raise Unreachable("the engine cannot be reached", remedy=Remedy.START_SYSTEM)
        return self.client
