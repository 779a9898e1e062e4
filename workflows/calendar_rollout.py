"""The round of a new calendar: every open inspection is told of it, until each has reckoned with the version in force.

Whom to tell stands in the records, never in the engine's list, which lags. What a new calendar moves each inspection
works out and writes down for itself; the round only makes sure that none is left out, whatever dies on the way. The
letters go once all limits have moved."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.names import COUNT_BEHIND_CALENDAR, NOTIFY_OF_CALENDAR, WAKE_DELIVERIES
    from framework.messages.calendar_rollout import CalendarRollout, RolloutPage, RolloutPageResult

RETRY_FOREVER = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=20))
ATTEMPT_TIMEOUT = timedelta(seconds=60)
POLL_INTERVAL, STABLE_POLLS = timedelta(seconds=2), 5
"""Between two looks at how many are still behind; and how many looks without anybody getting ahead mean that all is still."""
PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
"""Before those that did not move are told again: doubled each time."""
LAST_CHECK_DELAY = timedelta(seconds=30)
"""An entry point wakes the round before it writes and again after; one that died in between is made good by this look."""
MAX_POLLS = 30
"""Rounds in one run, so that its history stays short while a story stands still."""


@workflow.defn
class CalendarRolloutWorkflow:
    """One round at a time, for whatever version is in force."""

    def __init__(self) -> None:
        self.woken = True
        self.over: set[str] = set()

    @workflow.run
    async def run(self, start: CalendarRollout) -> int:
        """Go round until nobody is behind; the answer is how many could not be told, because their story is over."""
        nobody, times = False, 0
        while True:
            if times == MAX_POLLS:
                workflow.continue_as_new(start)
            times += 1
            nobody_before, self.woken = nobody, False
            self.over = await self._pages(NOTIFY_OF_CALENDAR, start)
            nobody = await self._until_settled() <= len(self.over)
            await self._pages(WAKE_DELIVERIES, start)
            if nobody and nobody_before and not self.woken:
                return len(self.over)
            await self._pause(LAST_CHECK_DELAY if nobody else min(PAUSE * 2**times, LONGEST_PAUSE))

    @workflow.signal(description="A version of the calendar was made")
    def calendar_changed(self) -> None:
        """Begin again at the first inspection."""
        self.woken = True

    async def _pages(self, activity: str, start: CalendarRollout) -> set[str]:
        """Page by page from the first inspection to the last; answers those whose story is over."""
        over: set[str] = set()
        page = RolloutPage(clock_shift=start.clock_shift)
        while True:
            told: RolloutPageResult = await workflow.execute_local_activity(
                activity,
                page,
                result_type=RolloutPageResult,
                start_to_close_timeout=ATTEMPT_TIMEOUT,
                retry_policy=RETRY_FOREVER,
                summary=f"{activity}: those after {page.after or 'the beginning'}",
            )
            over |= set(told.finished)
            if not told.last:
                return over
            page = RolloutPage(after=told.last, clock_shift=start.clock_shift)

    async def _until_settled(self) -> int:
        """How many are behind once nobody gets ahead any more: they are not told twice while they are at it."""
        counts: list[int] = []
        while True:
            left: int = await workflow.execute_local_activity(
                COUNT_BEHIND_CALENDAR,
                result_type=int,
                start_to_close_timeout=ATTEMPT_TIMEOUT,
                retry_policy=RETRY_FOREVER,
                summary="how many are behind",
            )
            counts = [*counts[-STABLE_POLLS:], left]
            still = len(counts) > STABLE_POLLS and left >= counts[0]
            if left <= len(self.over) or still or self.woken:
                return left
            await workflow.sleep(POLL_INTERVAL)

    async def _pause(self, pause: timedelta) -> None:
        try:
            await workflow.wait_condition(lambda: self.woken, timeout=pause)
        except TimeoutError:
            return
