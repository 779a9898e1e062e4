"""The letters and documents of one inspection, with what became of each, now or at a past moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from framework.calendar.london_time import say_moment
from framework.correspondence.documents import document as document_rule
from framework.correspondence.letters import letter as letter_rule
from framework.inspection.limits import BY_KEY
from framework.messages.events import StoredEvent
from records.log.texts import known_bodies
from records.projections import as_known
from records.queries.inspection_rows import Row

ACCEPTED = ("accepted", "partly")


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. Recipients are None where they were erased, or where the addresses of then are not stored."""

    id: str
    number: int
    """Within the inspection, from 1 in order."""
    kind: str
    title: str
    limits: tuple[str, ...]
    """The limits a reminder carries; none for any other letter."""
    paragraph: int | None
    event: int
    to: tuple[str, ...] | None
    """Addresses."""
    cc: tuple[str, ...] | None
    to_people: tuple[str, ...] | None
    """Identifiers."""
    cc_people: tuple[str, ...] | None
    status: str
    outcome: str
    """What became of it, in words."""
    queued: datetime
    sent: datetime | None
    message_id: str
    documents: tuple[str, ...]
    """The identifiers of what is attached."""
    erased: bool


@dataclass(frozen=True, slots=True)
class Document:
    """One document, with its file where it is rendered."""

    id: str
    kind: str
    title: str
    state: str
    event: int
    status: str
    path: str | None
    """Under the folder `documents`."""
    sha256: str | None
    error: str | None
    erased: bool


def letters_at(
    session: Session, rows: Sequence[Row], log: Sequence[StoredEvent], as_of: datetime | None
) -> tuple[Letter, ...]:
    """Returns the letters of an inspection as they were known at a moment, or are now. `log` is the whole log."""
    events = [stored for stored in log if as_of is None or stored.recorded <= as_of]
    limits = {
        stored.number: tuple(str(rung["limit"]) for rung in stored.event.data["rungs"])
        for stored in events
        if stored.event.kind == "reminder_sent"
    }
    known = _known(rows, events)
    if as_of:
        texts = _reasons(session, events)
        known = [as_known.letter_as_known(row, list(events), as_of, texts) for row in known]
    letters = tuple(_letter(row, limits.get(row["event_number"], ())) for row in known)
    return tuple(_without_addresses(letter) if letter.id in _resent_since(log, as_of) else letter for letter in letters)


def documents_at(
    session: Session, rows: Sequence[Row], events: Sequence[StoredEvent], as_of: datetime | None
) -> tuple[Document, ...]:
    """Returns the documents of an inspection once `events` had been recorded."""
    known = _known(rows, events)
    if as_of:
        texts = _reasons(session, events)
        known = [as_known.document_as_known(row, list(events), texts) for row in known]
    return tuple(map(_document, known))


def _known(rows: Sequence[Row], events: Sequence[StoredEvent]) -> list[Row]:
    numbers = {0, *(stored.number for stored in events)}
    return [row for row in rows if row["event_number"] in numbers]


def _reasons(session: Session, events: Sequence[StoredEvent]) -> dict[str, str]:
    return known_bodies(session.connection(), {stored.event.reason for stored in events if stored.event.reason})


def _resent_since(log: Sequence[StoredEvent], as_of: datetime | None) -> frozenset[str]:
    """Returns the letters that were sent again later: their addresses of then are not stored."""
    later = [stored for stored in log if as_of and stored.recorded > as_of]
    return frozenset(str(stored.event.data["letter"]) for stored in later if stored.event.kind == "letter_sent_again")


def _without_addresses(letter: Letter) -> Letter:
    return replace(letter, to=None, cc=None)


def _letter(row: Row, limits: tuple[str, ...]) -> Letter:
    titles = ", ".join(BY_KEY[limit].title for limit in limits)
    to, cc = (None, None) if row["erased"] else (row["to_json"], row["cc_json"])
    status = row["status"]
    return Letter(
        id=row["id"],
        number=row["number"],
        kind=row["kind"],
        title=letter_rule(row["kind"]).title + (f": {titles}" if titles else ""),
        limits=limits,
        paragraph=row["paragraph"],
        event=row["event_number"],
        to=_each(to, "email"),
        cc=_each(cc, "email"),
        to_people=_each(to, "person"),
        cc_people=_each(cc, "person"),
        status=status,
        outcome=outcome(row, status),
        queued=row["queued_at"],
        sent=row["accepted_at"] if status in ACCEPTED else None,
        message_id=row["message_id"],
        documents=tuple(row["attachments_json"]),
        erased=bool(row["erased"]),
    )


def _each(people: Sequence[Mapping[str, str]] | None, member: str) -> tuple[str, ...] | None:
    return None if people is None else tuple(person[member] for person in people)


def outcome(row: Row, status: str) -> str:
    """Returns what became of a letter, in words."""
    sent = say_moment(row["accepted_at"]) if row["accepted_at"] else ""
    words = {
        "queued": _waits(row) + (f": {row['error']}" if row["error"] else ""),
        "sending": "being sent (after a crash in the attempt it goes again, under the same Message-ID)",
        "accepted": f"accepted {sent}",
        "partly": f"accepted {sent}, but refused for {'; '.join(map(': '.join, row['refused_json'].items()))}",
        "failed": f"refused for good: {row['error']}",
        "stopped": f"stopped: {row['error']}",
    }
    came_back = "; ".join(map(": ".join, row["returned_json"].items()))
    return words.get(status, status) + (f"; came back from {came_back}" if came_back else "")


def _waits(row: Row) -> str:
    waits_for_its_moment = row["not_before"] and not row["attempts"]
    return f"goes on {say_moment(row['not_before'])}" if waits_for_its_moment else "waits to be sent"


def _document(row: Row) -> Document:
    rendered = row["rendered_at"] is not None
    return Document(
        id=row["id"],
        kind=row["kind"],
        title=document_rule(row["kind"]).title,
        state=row["state"],
        event=row["event_number"],
        status=row["status"] if rendered or row["status"] == "failed" else "wanted",
        path=(row["pdf_path"] or row["html_path"]) if rendered and not row["erased"] else None,
        sha256=(row["pdf_sha256"] or row["html_sha256"]) if rendered else None,
        error=row["error"] or None,
        erased=bool(row["erased"]),
    )
