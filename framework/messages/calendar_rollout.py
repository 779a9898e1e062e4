"""What passes between the entry point, the round of the calendar and its activities: identifiers only."""

from datetime import timedelta

from framework.messages.base import Message


class CalendarRollout(Message):
    """Tell every open inspection of a newer calendar."""

    clock_shift: timedelta = timedelta()


class RolloutPage(Message):
    """Where a round goes on: the inspections after this one, by identifier."""

    after: str = ""
    clock_shift: timedelta = timedelta()


class RolloutPageResult(Message):
    """One page of a round."""

    last: str = ""
    """The last inspection of the page; empty when there is none left."""
    finished: tuple[str, ...] = ()
    """Those whose story has ended in the engine: nobody can tell them."""
