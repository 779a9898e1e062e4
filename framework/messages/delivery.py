"""Messages between the workflows beside an inspection (delivery, checkpoints, archive) and their activities: identifiers, days
and numbers only."""

from datetime import datetime, timedelta

from framework.messages.base import Message


class DeliveryOutcome(Message):
    """The outcome of a letter, reported to the inspection if a limit depends on it."""

    letter_id: str
    kind: str
    at: datetime
    """The moment of the outcome."""
    accepted: bool
    """Whether the mail system accepted it for the person it is addressed to; False if it was refused permanently."""


class DeliveryStart(Message):
    """The argument of the delivery of one inspection."""

    inspection: str
    clock_shift: timedelta = timedelta()


class ShiftedId(Message):
    """The identifier of one letter, document or inspection, and the clock shift of a rehearsal."""

    id: str
    clock_shift: timedelta = timedelta()


class LetterToSend(Message):
    """A letter in the outbox that is to be sent."""

    id: str
    kind: str
    documents: tuple[str, ...] = ()
    """The documents that are attached to it."""
    reports_outcome: bool = False
    """Whether the inspection waits for its outcome."""
    not_before: datetime | None = None
    """The moment from which it may be sent; None for at once."""

    def may_go(self, moment: datetime) -> bool:
        """Returns whether it may be sent at `moment`."""
        return self.not_before is None or self.not_before <= moment


class PendingDeliveries(Message):
    """The content of the outbox of one inspection."""

    documents: tuple[str, ...] = ()
    """Documents still to be rendered."""
    letters: tuple[LetterToSend, ...] = ()
    publish: str | None = None
    """The document of the final report, if it is to be published."""
    outcomes: tuple[DeliveryOutcome, ...] = ()
    """The outcomes of the letters that the same activity sent, or failed to send for good."""


class FirstAttempt(Message):
    """A request to send the letters in one inspection's outbox that can be sent at once."""

    inspection: str
    moment: datetime
    """The moment by the workflow's clock: a local activity has no skipped clock of its own."""
    busy: tuple[str, ...] = ()
    """Letters and documents for which an activity of their own is in progress."""


class CheckpointsStart(Message):
    """The argument of the workflow that makes checkpoints every hour, also when it continues as new."""

    unsent: int = 0
    """The newest checkpoint that was not sent to the auditors yet; 0 for none."""
    clock_shift: timedelta = timedelta()
