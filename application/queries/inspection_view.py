"""One inspection as screens show it: now, or as it was known at a past moment. Read from the records alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day, say_moment
from framework.correspondence.documents import document as document_rule
from framework.correspondence.letters import START_CLOCKS
from framework.correspondence.letters import letter as letter_rule
from framework.inspection.state import Inspection
from framework.lifecycle.limits import BY_KEY
from framework.messages.events import StoredEvent
from framework.vocabulary.roles import Role
from records.directory.contacts import contacts
from records.inspections import erasure, repository
from records.log.criteria import EventFilter
from records.log.read import history
from records.log.texts import known_bodies
from records.outbox.states import UNDELIVERED
from records.projections import as_known
from records.queries import inspection_rows
from records.queries.report_changes import report_changes

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything a page about one inspection shows."""

    row: Row
    state: Inspection
    calendar: Calendar
    today: date
    """The London day it is looked at from."""
    people: tuple[dict[str, str | None], ...]
    """Role, person, name of today, and email: None for a past moment, for the directory keeps no past."""
    letters: tuple[dict[str, Any], ...]
    documents: tuple[dict[str, Any], ...]
    tasks: tuple[Row, ...]
    """Open tasks, as `screens.tasks` gives them."""
    sections: tuple[Row, ...] = ()
    """What stands, or stood then, under the headings of the report."""
    comments: tuple[Row, ...] = ()
    """Comments on the draft with the answers given by then; `where` and `text` are None where the words were erased."""
    changes: tuple[Row, ...] = ()
    """Sections that changed from the draft as sent to the final report, as `ChangeReview.data` gives them."""
    unchanged: tuple[Row, ...] = ()
    """Accepted comments for which nothing changed in the sections they are about."""
    erased_on: date | None = None
    """The London day on which words, names, addresses and files were erased: as of whatever moment, they are gone."""

    @property
    def waits_for_mail(self) -> bool:
        """Whether a letter on which a clock hangs has not been accepted yet, as `board.BoardRow` has it."""
        return any(one["kind"] in START_CLOCKS and one["status"] in UNDELIVERED for one in self.letters)


def case_view(session: Session, identifier: str, now: datetime, as_of: datetime | None = None) -> CaseView:
    """The inspection as known at `as_of`, or now. Raises `BadInput` for an unknown one."""
    moment = as_of or now
    row = inspection_rows.show(session, identifier)
    state = repository.state(session, identifier, as_of)
    known = history(session, identifier, EventFilter(as_of=as_of))
    numbers = {0, *(one.number for one in known)}
    sections, comments = row["sections"], row["comments"]
    letters = [one for one in row["letters"] if one["event_number"] in numbers]
    documents = [one for one in row["documents"] if one["event_number"] in numbers]
    if as_of:
        words = known_bodies(session.connection(), {one.event.reason for one in known if one.event.reason})
        letters = [as_known.letter_as_known(one, known, moment, words) for one in letters]
        documents = [as_known.document_as_known(one, known, words) for one in documents]
        sections = as_known.sections_as_known(sections, known)
        comments = as_known.comments_as_known(comments, known)
    by_role = contacts(session.connection(), row["authority_code"], state.people).by_role
    compared = report_changes(session, row, state, now=as_of is None)
    reminded, readdressed = _reminded(known), _sent_again_since(session, identifier, as_of)
    return CaseView(
        row=row,
        state=state,
        calendar=repository.calendar_of(session, identifier, as_of),
        today=london_day(moment),
        people=tuple(_person(contact.row(), as_of) for role in Role for contact in by_role.get(role, ())),
        letters=tuple(_letter(one, reminded) | _addresses_of_then(one, readdressed) for one in letters),
        documents=tuple(_document(one) for one in documents),
        tasks=tuple(_tasks(session, identifier, moment)),
        sections=tuple(sections),
        comments=tuple({**one, "where": one["where"] or None, "text": one["text"] or None} for one in comments),
        changes=tuple(compared["changes"]),
        unchanged=tuple(compared["unchanged"]),
        erased_on=erasure.erased_on(session, identifier),
    )


def _person(row: dict[str, str], as_of: datetime | None) -> dict[str, str | None]:
    """The directory keeps no past: who held a role then is known from the log, at which address they were reached is not."""
    return {**row, "email": None} if as_of else {**row}


def _sent_again_since(session: Session, identifier: str, as_of: datetime | None) -> frozenset[str]:
    """The letters whose addresses are others today than they were then."""
    again = history(session, identifier, EventFilter(kind="letter_sent_again")) if as_of else []
    return frozenset(str(one.event.data["letter"]) for one in again if as_of and one.recorded > as_of)


def _addresses_of_then(row: Row, readdressed: frozenset[str]) -> dict[str, None]:
    return {"to": None, "cc": None} if row["id"] in readdressed else {}


def _tasks(session: Session, identifier: str, moment: datetime) -> list[Row]:
    rows = [*inspection_rows.tasks(session, identifier), *inspection_rows.tasks(session, identifier, closed=True)]
    still_open = [row for row in rows if row["closed_at"] is None or row["closed_at"] > moment]
    return [dict(row) for row in still_open if row["opened_at"] <= moment]


def _reminded(known: list[StoredEvent]) -> dict[int, list[str]]:
    """Returns the limits that each reminder carries, by the number of its event."""
    sent = (one for one in known if one.event.kind == "reminder_sent")
    return {one.number: [str(rung["limit"]) for rung in one.event.data["rungs"]] for one in sent}


def _letter(row: Row, reminded: Mapping[int, list[str]]) -> dict[str, Any]:
    """Returns a letter; `to` is None where it was erased, which is not the same as nobody."""
    status, limits = row["status"], reminded.get(row["event_number"], [])
    titles = ", ".join(BY_KEY[limit].title for limit in limits)
    to, cc = (None, None) if row["erased"] else (row["to_json"], row["cc_json"])
    return {
        "id": row["id"],
        "number": row["number"],
        "kind": row["kind"],
        "title": letter_rule(row["kind"]).title + (f": {titles}" if titles else ""),
        "limits": limits,
        "paragraph": row["paragraph"],
        "event": row["event_number"],
        "to": _each(to, "email"),
        "cc": _each(cc, "email"),
        "to_people": _each(to, "person"),
        "cc_people": _each(cc, "person"),
        "status": status,
        "fate": fate(row, status),
        "queued": row["queued_at"],
        "sent": row["accepted_at"] if status in ("accepted", "partly") else None,
        "message_id": row["message_id"],
        "documents": row["attachments_json"],
        "erased": bool(row["erased"]),
    }


def _each(people: list[dict[str, str]] | None, what: str) -> list[str] | None:
    return None if people is None else [person[what] for person in people]


def fate(row: Row, status: str) -> str:
    """What became of a letter, in words."""
    sent = say_moment(row["accepted_at"]) if row["accepted_at"] else ""
    words = {
        "queued": _waits(row) + (f": {row['error']}" if row["error"] else ""),
        "sending": "being sent (after a crash in the attempt it goes again, under the same Message-ID)",
        "accepted": f"accepted {sent}",
        "partly": f"accepted {sent}, but refused for {'; '.join(map(': '.join, row['refused_json'].items()))}",
        "failed": f"refused for good: {row['error']}",
        "stopped": f"stopped: {row['error']}",
    }
    return words.get(status, status)


def _waits(row: Row) -> str:
    waits_for_its_moment = row["not_before"] and not row["attempts"]
    return f"goes on {say_moment(row['not_before'])}" if waits_for_its_moment else "waits to be sent"


def _document(row: Row) -> dict[str, Any]:
    made = row["rendered_at"] is not None
    return {
        "id": row["id"],
        "kind": row["kind"],
        "title": document_rule(row["kind"]).title,
        "state": row["state"],
        "event": row["event_number"],
        "status": row["status"] if made or row["status"] == "failed" else "wanted",
        "path": (row["pdf_path"] or row["html_path"]) if made and not row["erased"] else None,
        "sha256": (row["pdf_sha256"] or row["html_sha256"]) if made else None,
        "error": row["error"] or None,
        "erased": bool(row["erased"]),
    }
