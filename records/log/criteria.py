"""The filter of events: what a reader of the log asks for."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Criteria that an event must match, all of them; None and False are no criterion."""

    person: str | None = None
    kind: str | None = None
    paragraph: int | None = None
    first: date | None = None
    """Recorded on this London day or later."""
    last: date | None = None
    """Recorded on this London day or earlier."""
    as_of: datetime | None = None
    """Recorded by this moment: the log as it was known then."""
    missed: bool = False
    """Met a limit late or let it lapse, by the state the limits have now."""
    newest: int | None = None
    """At most so many events, the newest."""
    authority: str | None = None
    """Of an inspection of this authority."""
    stage: str | None = None
    """Of an inspection that is now at this stage."""
    region: str | None = None
    """Of an inspection of an authority of this region."""
    limit: str | None = None
    """Settled this limit: met it, or recorded that it lapsed."""
    among: frozenset[str] | None = None
    """Of one of these inspections."""
    late_letters: date | None = None
    """Of a letter that is late on this London day (see `records.log.late_letters`)."""
    overrides: bool = False
    """Departs from a rule by a person's decision (see `records.log.departures`)."""
    grades_after_draft: bool = False
    """Changed a grade after the draft report had been sent (see `records.log.departures`)."""
    words: str | None = None
    """Has every one of these words in its facts or texts (see `records.log.word_index`)."""


EVERYTHING = EventFilter()
