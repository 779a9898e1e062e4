"""The types of the parts of an inspection's state."""

from dataclasses import dataclass
from datetime import date, datetime, time

from framework.inspection.order import Scope


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The day and the event number of the newest event of a kind."""

    number: int
    on: date
    received: datetime


@dataclass(frozen=True, slots=True)
class AgreedMeeting:
    """The set-up meeting as agreed: an appointment, never moved by the system."""

    day: date
    at: time
    place: str
    sequence: int = 0
    """How many times it was changed or withdrawn since the first invitation: calendar programs order its messages by it."""
    withdrawn: bool = False
    """True once the invitation was withdrawn; another meeting is arranged under the next sequence."""


@dataclass(frozen=True, slots=True)
class FirstCases:
    """The first cases as chosen last: the text identifiers of the children's unique identifiers, by half (para 41)."""

    safeguarding: tuple[str, ...] = ()
    looked_after: tuple[str, ...] = ()

    def counts(self) -> dict[Scope, int]:
        """Returns how many cases of each half are chosen."""
        return {Scope.SAFEGUARDING: len(self.safeguarding), Scope.LOOKED_AFTER: len(self.looked_after)}


@dataclass(frozen=True, slots=True)
class Deferral:
    """One row of the ledger of deferrals: from the day it was granted to the day of the new notification."""

    began: date
    ended: date | None = None
    granted_by: int = 0
    """The event that granted it."""
    ended_by: int = 0
    """The event that notified the authority anew."""


@dataclass(frozen=True, slots=True)
class KeptDueDate:
    """A limit that keeps the day it was due on, because a correction would have shortened the time of its owner."""

    due: date
    number: int
    """The event of that correction."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A limit that was missed, as an event recorded it: it counts as missed whatever happens afterwards."""

    limit: str
    round: int
    """The round of the limit: a new one begins with each new notification, or request to defer."""
    due: date
    state: str
    """met_late, lapsed, or open: past its day and not met when it was recorded."""
    met_on: date | None
    anchor_date: date | None
    settled_by: int | None
    """The event that met it late, or recorded that its time had run out."""
    recorded_on: date
    """The London day on which the event that records the miss was received."""
    recorded_by: str
    """The kind of that event."""
    number: int
    """The number of that event."""


@dataclass(slots=True)
class ReportInProgress:
    """A report from its submission for quality assurance until it is sent (para 61)."""

    submitted: int | None = None
    author: str | None = None
    approved_document: str | None = None
    issue_on: date | None = None
    """The day of issue that its title page names, if any."""
