"""What passes between the stories that stand beside an inspection (its delivery, the hourly round of signed lists) and their
activities: identifiers, days and numbers, like `messages`."""

from datetime import datetime, timedelta

from framework.messages.base import Message
from framework.messages.inspection import DeliveryOutcome


class DeliveryStart(Message):
    """Whose letters a delivery looks after."""

    inspection: str
    clock_shift: timedelta = timedelta()


class ShiftedId(Message):
    """One letter or document to see to, and how far a rehearsal's clock is carried."""

    id: str
    clock_shift: timedelta = timedelta()


class LetterToSend(Message):
    """A letter that waits in the outbox."""

    id: str
    kind: str
    documents: tuple[str, ...] = ()
    """The documents that go with it."""
    reports_outcome: bool = False
    """Whether the inspection waits for its outcome."""
    not_before: datetime | None = None
    """The moment from which it may go; None where it may go at once."""

    def may_go(self, moment: datetime) -> bool:
        """Returns whether its time has come at `moment`."""
        return self.not_before is None or self.not_before <= moment


class PendingDeliveries(Message):
    """What the outbox of one inspection holds."""

    documents: tuple[str, ...] = ()
    """Documents still to be rendered."""
    letters: tuple[LetterToSend, ...] = ()
    publish: str | None = None
    """The final report's document, when it is to be put among the published reports."""
    outcomes: tuple[DeliveryOutcome, ...] = ()
    """What became of each letter that went, or was given up, while it was looked at."""


class FirstAttempt(Message):
    """A wish to send what one inspection's outbox holds and can go at once."""

    inspection: str
    moment: datetime
    """The moment by the workflow's clock: a local activity has no clock of its own where time is skipped."""
    busy: tuple[str, ...] = ()
    """Letters and documents that an attempt of their own is busy with."""


class CheckpointsStart(Message):
    """What the hourly round of signed lists goes on with."""

    unsent: int = 0
    """The newest list that no auditor was sent yet; 0 for none."""
    clock_shift: timedelta = timedelta()
