"""What happened, in one inspection or across all: searched for, page by page or all at once."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlmodel import Session

from application.caller import Caller
from application.queries import lookups
from application.queries.access_logging import Use
from application.queries.letters import numbers_by_event
from application.queries.snapshot import Snapshot, snapshot
from application.runtime.context import AppContext
from framework.editions.registry import Edition
from framework.messages.events import StoredEvent
from records.log import read as log
from records.log.criteria import EventFilter
from records.log.texts import known_bodies
from records.log.word_index import parse_query

BATCH = 500
"""Events whose reasons are read together."""


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """Which events to read; what is empty is not asked."""

    inspection: str = ""
    by: str = ""
    authority: str = ""
    kind: str = ""
    paragraph: int | None = None
    first: date | None = None
    """Recorded on this London day or later."""
    last: date | None = None
    """Recorded on this London day or earlier."""
    stage: str = ""
    limit: str = ""
    missed: bool = False
    region: str = ""
    late_letters: bool = False
    overrides: bool = False
    grades_after_draft: bool = False
    words: str = ""
    size: int | None = None
    """At most so many events; all without."""
    after: str = ""
    """Those after the event with this key."""
    shape: str = ""
    """The form in which they are written out, for the access log; empty for the screen."""


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One event, with the words of its reason and the edition that its inspection follows."""

    stored: StoredEvent
    why: str | None
    edition: Edition | None
    letters: tuple[int, ...] = ()
    """The numbers of the letters that the event ordered, or names the outcome of."""

    @property
    def key(self) -> str:
        """What names the event among all."""
        return log.key_of(self.stored)


@dataclass(frozen=True, slots=True)
class EventsFound:
    """The events, oldest first, and the key after which the next page begins; None where there are no more."""

    events: Iterator[HistoryEvent]
    """Read as they are taken, while the use case is open: there may be millions."""
    next: str | None


@contextmanager
def history(caller: Caller, context: AppContext, request: HistoryRequest) -> Iterator[EventsFound]:
    """Opens the events asked for. Raises `BadInput` for a criterion that names nothing, or an unknown key."""
    with snapshot(caller, context, Use("history", request.inspection, _parameters(request))) as view:
        if request.inspection:
            view.inspection(request.inspection)
        criteria = _criteria(view, request)
        inspection = request.inspection or None
        if request.size is None and not request.after:
            yield EventsFound(_with_reasons(view.session, log.iterate(view.session, inspection, criteria)), None)
            return
        size = request.size or sys.maxsize - 1
        page = log.page(view.session, inspection, criteria, size, request.after or None)
        yield EventsFound(_with_reasons(view.session, iter(page.events)), page.next)


def _parameters(request: HistoryRequest) -> dict[str, object]:
    names = (
        *("by", "authority", "region", "kind", "stage", "limit", "words", "paragraph", "missed", "after"),
        *("late_letters", "overrides", "grades_after_draft"),
    )
    days = {"from": request.first, "to": request.last}
    given = {name: day.isoformat() for name, day in days.items() if day}
    return {**{name: getattr(request, name) for name in names}, **given, "format": request.shape}


def _criteria(view: Snapshot, request: HistoryRequest) -> EventFilter:
    """Returns the criteria, each compared with what is known. Raises `BadInput`."""
    session = view.session
    if request.words:
        parse_query(request.words)
    return EventFilter(
        person=lookups.known_actor(session, request.by) if request.by else None,
        kind=lookups.known_kind(session, request.kind) if request.kind else None,
        paragraph=request.paragraph,
        first=request.first,
        last=request.last,
        missed=request.missed,
        authority=lookups.known_authority(session, request.authority) if request.authority else None,
        region=lookups.known_region(session, request.region) if request.region else None,
        late_letters=view.today if request.late_letters else None,
        overrides=request.overrides,
        grades_after_draft=request.grades_after_draft,
        stage=lookups.known_stage(request.stage) if request.stage else None,
        limit=lookups.known_limit(request.limit) if request.limit else None,
        among=None if request.inspection else view.visible,
        words=request.words or None,
    )


def _with_reasons(session: Session, events: Iterator[StoredEvent]) -> Iterator[HistoryEvent]:
    while batch := list(islice(events, BATCH)):
        reasons = known_bodies(session.connection(), {stored.event.reason for stored in batch if stored.event.reason})
        editions = log.editions_of(session, batch)
        letters = numbers_by_event(session, batch)
        for stored in batch:
            yield HistoryEvent(
                stored,
                reasons.get(stored.event.reason or ""),
                editions.get(stored.inspection),
                tuple(letters[stored.inspection, stored.number]),
            )
