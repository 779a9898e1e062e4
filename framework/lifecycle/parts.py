"""The types of what every matter's state holds."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The day and the event number of the newest event of a kind."""

    number: int
    on: date
    received: datetime


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
