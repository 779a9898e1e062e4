"""The clock of a rehearsal: the test server's skipped time, shifted to the days of the script."""

from datetime import UTC, datetime, timedelta

from temporalio.testing import WorkflowEnvironment

from application.runtime import clock


class SkippedClock:
    """Skipped time in the days of the script. It runs while real work is done, and skips in `leap_to`."""

    def __init__(self, engine: WorkflowEnvironment, shift: timedelta, ahead: timedelta) -> None:
        self._engine = engine
        self.shift = shift
        """The offset of the script's days from the engine's: the `clock_shift` of all messages."""
        self._ahead = ahead
        """The offset of the engine's clock from the machine's."""

    @classmethod
    async def starting_at(cls, begins: datetime, engine: WorkflowEnvironment) -> "SkippedClock":
        """Returns a clock that shows `begins` now."""
        engine_time = await engine.get_current_time()
        return cls(engine, begins.astimezone(UTC) - engine_time, engine_time - clock.now())

    def now(self) -> datetime:
        """Returns the present moment in the days of the script, in UTC."""
        return clock.now() + self._ahead + self.shift

    async def leap_to(self, moment: datetime) -> None:
        """Skips to `moment`; timers of the engine in between fire at their own times."""
        pause = moment - self.now()
        if pause <= timedelta():
            return
        await self._engine.sleep(pause)
        self._ahead = await self._engine.get_current_time() - clock.now()
