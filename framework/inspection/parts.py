"""The types of the parts of an inspection's state."""

from dataclasses import dataclass
from datetime import date, time

from framework.inspection.order import Scope


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


@dataclass(slots=True)
class ReportInProgress:
    """A report from its submission for quality assurance until it is sent (para 61)."""

    submitted: int | None = None
    author: str | None = None
    approved_document: str | None = None
    issue_on: date | None = None
    """The day of issue that its title page names, if any."""
