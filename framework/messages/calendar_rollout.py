"""Messages between entry point, calendar rollout and its activities: identifiers only."""

from datetime import timedelta

from framework.messages.base import Message


class CalendarRollout(Message):
    """The argument of the calendar rollout."""

    clock_shift: timedelta = timedelta()


class RolloutPage(Message):
    """One page of a rollout: the inspections after this one, by identifier."""

    after: str = ""
    clock_shift: timedelta = timedelta()


class RolloutPageResult(Message):
    """The result of one page of a rollout."""

    last: str = ""
    """The last inspection of the page; empty if there is none left."""
    finished: tuple[str, ...] = ()
    """Those whose workflow has ended, so that they cannot be signalled."""
