"""The rollout of a new calendar: signals every open inspection until each has applied the version in force.

The inspections to signal come from the records, not from the engine's list, which lags. Each inspection computes and records
its own changes; the rollout only ensures that none is left out after a failure. Deliveries are woken once all limits have
moved."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.names import COUNT_BEHIND_CALENDAR, NOTIFY_OF_CALENDAR, WAKE_DELIVERIES
    from framework.messages.calendar_rollout import CalendarRollout, RolloutPage, RolloutPageResult

RETRY_FOREVER = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=20))
ATTEMPT_TIMEOUT = timedelta(seconds=60)
POLL_INTERVAL, STABLE_POLLS = timedelta(seconds=2), 5
"""The pause between two counts of inspections that are behind, and the number of counts without progress that end the wait."""
PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
"""The pause before the inspections that did not move are signalled again: doubled each time."""
LAST_CHECK_DELAY = timedelta(seconds=30)
"""The pause before the last check: an entry point signals before it writes and again after, but may die in between."""
MAX_POLLS = 30
"""Passes in one run, so that its history stays short while a workflow is stuck."""


@workflow.defn
class CalendarRolloutWorkflow:
    """The only rollout: a newer version restarts it."""

    def __init__(self) -> None:
        self.must_restart = True
        self.finished: set[str] = set()

    @workflow.run
    async def run(self, start: CalendarRollout) -> int:
        """Signals until no inspection is behind; returns the number of those whose workflow has ended."""
        is_done, times = False, 0
        while True:
            if times == MAX_POLLS:
                workflow.continue_as_new(start)
            times += 1
            was_done, self.must_restart = is_done, False
            self.finished = await self._pages(NOTIFY_OF_CALENDAR, start)
            is_done = await self._until_settled() <= len(self.finished)
            await self._pages(WAKE_DELIVERIES, start)
            if is_done and was_done and not self.must_restart:
                return len(self.finished)
            await self._pause(LAST_CHECK_DELAY if is_done else min(PAUSE * 2**times, LONGEST_PAUSE))

    @workflow.signal(description="A version of the calendar was made")
    def calendar_changed(self) -> None:
        """Restarts at the first inspection."""
        self.must_restart = True

    async def _pages(self, activity: str, start: CalendarRollout) -> set[str]:
        """Runs the activity on every page; returns the inspections whose workflow has ended."""
        finished: set[str] = set()
        page = RolloutPage(clock_shift=start.clock_shift)
        while True:
            result: RolloutPageResult = await workflow.execute_local_activity(
                activity,
                page,
                result_type=RolloutPageResult,
                start_to_close_timeout=ATTEMPT_TIMEOUT,
                retry_policy=RETRY_FOREVER,
                summary=f"{activity}: those after {page.after or 'the beginning'}",
            )
            finished |= set(result.finished)
            if not result.last:
                return finished
            page = RolloutPage(after=result.last, clock_shift=start.clock_shift)

    async def _until_settled(self) -> int:
        """Waits until the number of inspections that are behind no longer falls; returns it."""
        # Without the wait, inspections that are still applying the calendar would be signalled again.
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
            is_stable = len(counts) > STABLE_POLLS and left >= counts[0]
            if left <= len(self.finished) or is_stable or self.must_restart:
                return left
            await workflow.sleep(POLL_INTERVAL)

    async def _pause(self, pause: timedelta) -> None:
        try:
            await workflow.wait_condition(lambda: self.must_restart, timeout=pause)
        except TimeoutError:
            return
