"""The one clock of a rehearsal: the test server's skipped time, carried to the days of the script."""

from datetime import UTC, datetime, timedelta

from temporalio.testing import WorkflowEnvironment

from application.runtime import clock


class SkippedClock:
    """Skipped time, as the script has it. It goes on by itself while real work is done, and leaps when told to."""

    def __init__(self, engine: WorkflowEnvironment, shift: timedelta, ahead: timedelta) -> None:
        self._engine = engine
        self.shift = shift
        """How far the script's days lie from the engine's; what `clock_shift` says everywhere."""
        self._ahead = ahead
        """How far the engine's clock has run ahead of the machine's."""

    @classmethod
    async def starting_at(cls, begins: datetime, engine: WorkflowEnvironment) -> "SkippedClock":
        """A clock that stands at `begins` now."""
        there = await engine.get_current_time()
        return cls(engine, begins.astimezone(UTC) - there, there - clock.now())

    def now(self) -> datetime:
        """The moment it is in the script, UTC."""
        return clock.now() + self._ahead + self.shift

    async def leap_to(self, moment: datetime) -> None:
        """Let time pass up to `moment`: what the engine waits for in between happens at its own time."""
        pause = moment - self.now()
        if pause <= timedelta():
            return
        await self._engine.sleep(pause)
        self._ahead = await self._engine.get_current_time() - clock.now()
