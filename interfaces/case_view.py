"""One inspection as screens show it: now, or as it was known at a past moment. Read from the records alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from framework.calendar import Calendar
from framework.clock import london_day, say_moment
from framework.documents import document as document_rule
from framework.inspection import Inspection
from framework.letters import START_CLOCKS
from framework.letters import letter as letter_rule
from framework.limits import BY_KEY
from framework.roles import Role
from records import board, calendars, inspections
from records.addresses import contacts
from records.history import History, history
from records.outbox import UNSETTLED

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything a page about one inspection shows."""

    row: Row
    state: Inspection
    calendar: Calendar
    today: date
    """The London day it is looked at from."""
    people: tuple[dict[str, str], ...]
    letters: tuple[dict[str, Any], ...]
    documents: tuple[dict[str, Any], ...]
    tasks: tuple[Row, ...]
    """Open tasks, as `board.tasks` gives them."""

    @property
    def waits_for_mail(self) -> bool:
        """Whether a letter on which a clock hangs has not been accepted yet, as `board.BoardRow` has it."""
        return any(one["kind"] in START_CLOCKS and one["status"] in UNSETTLED for one in self.letters)


def case_view(session: Session, identifier: str, now: datetime, as_of: datetime | None = None) -> CaseView:
    """The inspection as known at `as_of`, or now. Raises `BadInput` for an unknown one."""
    moment = as_of or now
    row = board.show(session, identifier)
    state = inspections.state(session, identifier, as_of)
    head = max(state.log, default=0) if as_of else row["head_number"]
    by_role = contacts(session.connection(), row["authority_code"], state.people).by_role
    about = _reminded(session, identifier)
    return CaseView(
        row=row,
        state=state,
        calendar=_calendar(session, moment),
        today=london_day(moment),
        people=tuple(contact.row() for role in Role for contact in by_role.get(role, ())),
        letters=tuple(_letter(one, about, moment) for one in row["letters"] if one["queued_at"] <= moment),
        documents=tuple(_document(one, moment) for one in row["documents"] if not as_of or one["event_number"] <= head),
        tasks=tuple(_tasks(session, identifier, moment)),
    )


def _calendar(session: Session, moment: datetime) -> Calendar:
    """The calendar that was in force at this moment; the first one before that."""
    known = calendars.versions(session)
    then = next((one for one in known if _made(one) <= moment), known[-1])
    return Calendar(**calendars.calendar(session, str(then["version"])).model_dump())


def _made(version: Mapping[str, object]) -> datetime:
    made = version["made_at"]
    assert isinstance(made, datetime)
    return made


def _tasks(session: Session, identifier: str, moment: datetime) -> list[Row]:
    rows = [*board.tasks(session, identifier), *board.tasks(session, identifier, closed=True)]
    still_open = [row for row in rows if row["closed_at"] is None or row["closed_at"] > moment]
    return [dict(row) for row in still_open if row["opened_at"] <= moment]


def _reminded(session: Session, identifier: str) -> dict[int, str]:
    """Event -> the limit its letter reminds of."""
    sent = history(session, identifier, History(kind="reminder_sent"))
    return {one.number: str(one.event.data["limit"]) for one in sent}


def _letter(row: Row, about: Mapping[int, str], moment: datetime) -> dict[str, Any]:
    status, limit = row["status"], about.get(row["event_number"])
    if row["accepted_at"] and row["accepted_at"] > moment:
        status = "queued"
    return {
        "id": row["id"],
        "kind": row["kind"],
        "title": letter_rule(row["kind"]).title + (f": {BY_KEY[limit].title}" if limit else ""),
        "limit": limit,
        "paragraph": row["paragraph"],
        "event": row["event_number"],
        "to": [person["email"] for person in row["to_json"]],
        "cc": [person["email"] for person in row["cc_json"]],
        "to_people": [person["person"] for person in row["to_json"]],
        "cc_people": [person["person"] for person in row["cc_json"]],
        "status": status,
        "fate": fate(row, status),
        "queued": row["queued_at"],
        "sent": row["accepted_at"] if status in ("accepted", "partly") else None,
        "message_id": row["message_id"],
        "documents": row["attachments_json"],
    }


def fate(row: Row, status: str) -> str:
    """What became of a letter, in words."""
    sent = say_moment(row["accepted_at"]) if row["accepted_at"] else ""
    words = {
        "queued": "waits to be sent" + (f": {row['error']}" if row["error"] else ""),
        "sending": "being sent (after a crash in the attempt it goes again, under the same Message-ID)",
        "accepted": f"accepted {sent}",
        "partly": f"accepted {sent}, but refused for {'; '.join(map(': '.join, dict(row['refused_json'] or {}).items()))}",
        "failed": f"refused for good: {row['error']}",
        "stopped": f"stopped: {row['error']}",
    }
    return words.get(status, status)


def _document(row: Row, moment: datetime) -> dict[str, Any]:
    made = row["rendered_at"] is not None and row["rendered_at"] <= moment
    return {
        "id": row["id"],
        "kind": row["kind"],
        "title": document_rule(row["kind"]).title,
        "state": row["state"],
        "event": row["event_number"],
        "status": row["status"] if made or row["status"] == "failed" else "wanted",
        "path": (row["pdf_path"] or row["html_path"]) if made else None,
        "sha256": (row["pdf_sha256"] or row["html_sha256"]) if made else None,
        "error": row["error"] or None,
    }
