"""The records as known at a past moment, beside the state of an inspection: calendar, letters, documents, report."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from framework.calendar.bank_holidays import Calendar
from framework.messages.events import StoredEvent
from records.calendars import versions
from records.log.commitments import comment_name

_STATUS_BY_KIND = {"letter_accepted": "accepted", "letter_failed": "failed", "letter_stopped": "stopped"}


def calendar_at(session: Session, moment: datetime) -> Calendar:
    """Returns the version of the calendar in force at `moment`, or the first one for a moment before it was made.

    Raises `BadInput` where there is none."""
    row = _row_at(versions.versions(session), moment)
    return Calendar(**versions.calendar(session, str(row["version"]) if row else "").model_dump())


def _row_at(rows: list[dict[str, object]], moment: datetime) -> Mapping[str, object] | None:
    return next((row for row in rows if _made_at(row) <= moment), rows[-1] if rows else None)


def _made_at(row: Mapping[str, object]) -> datetime:
    made_at = row["made_at"]
    assert isinstance(made_at, datetime)
    return made_at


class Calendars:
    """Reads versions of the calendar, each once, for callers that need those of many moments in one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: list[dict[str, object]] = []
        self._calendars: dict[str, Calendar] = {}

    def older(self, version: str, moment: datetime | None) -> Calendar | None:
        """Returns the older of `version` and the version in force at `moment` (None: now); None where there is no version.

        Where `version` is empty or unknown, returns the one in force: a restore may have removed it."""
        names = [str(row["version"]) for row in self._versions()]
        in_force = self.at(moment) if moment else self.version(names[0] if names else "")
        if in_force is None or version not in names:
            return in_force
        return self.version(max(version, in_force.version, key=names.index))

    def version(self, name: str) -> Calendar | None:
        """Returns a version, or None for an unknown one."""
        if name not in self._calendars and any(row["version"] == name for row in self._versions()):
            self._calendars[name] = Calendar(**versions.calendar(self._session, name).model_dump())
        return self._calendars.get(name)

    def at(self, moment: datetime) -> Calendar | None:
        """Returns the version in force at `moment`, as `calendar_at` does; None where there is none."""
        row = _row_at(self._versions(), moment)
        return self.version(str(row["version"])) if row else None

    def _versions(self) -> list[dict[str, object]]:
        self._rows = self._rows or versions.versions(self._session)
        return self._rows


def letter_as_known(
    row: Mapping[str, Any], events: list[StoredEvent], moment: datetime, words: Mapping[str, str]
) -> dict[str, Any]:
    """Returns a letter's row as it was once `events` had been recorded; `words` are the texts they name, by identifier.

    Addresses are those of now: where the letter was sent again since, the former ones are not stored."""
    kinds = (*_STATUS_BY_KIND, "letter_sent_again")
    own = [stored for stored in events if stored.event.kind in kinds and stored.event.data.get("letter") == row["id"]]
    last = own[-1] if own else None
    queued = {**row, "status": "queued", "accepted_at": None, "refused_json": {}, "error": "", "sha256": ""}
    queued["returned_json"] = row["returned_json"] if _came_back(row, events) else {}
    if last is None or last.event.kind == "letter_sent_again":
        began = row["sending_at"]
        in_progress = began is not None and began <= moment and (last is None or began > last.recorded)
        return {**queued, "status": "sending" if in_progress else "queued"}
    status = _STATUS_BY_KIND[last.event.kind]
    if status != "accepted":
        return {**queued, "status": status, "error": words.get(last.event.reason or "", "")}
    copies_refused = last.event.data.get("copies_refused", ())
    accepted = {"accepted_at": last.event.received, "sha256": last.event.data.get("sha256", "")}
    refused = dict(row["refused_json"]) if copies_refused else {}
    return {**queued, **accepted, "status": "partly" if copies_refused else status, "refused_json": refused}


def _came_back(row: Mapping[str, Any], events: list[StoredEvent]) -> bool:
    kinds = ("letter_returned", "copy_returned")
    return any(stored.event.kind in kinds and stored.event.data.get("letter") == row["id"] for stored in events)


def document_as_known(row: Mapping[str, Any], events: list[StoredEvent], words: Mapping[str, str]) -> dict[str, Any]:
    """Returns a document's row as it was once `events` had been recorded; `words` as in `letter_as_known`."""
    kinds = ("document_rendered", "document_failed")
    own = [stored for stored in events if stored.event.kind in kinds and stored.event.data.get("document") == row["id"]]
    if own and own[-1].event.kind == "document_rendered":
        return dict(row)
    no_files = dict.fromkeys(("html_path", "html_sha256", "pdf_path", "pdf_sha256"), "")
    status, error = ("failed", words.get(own[-1].event.reason or "", "")) if own else ("wanted", "")
    return {**row, **no_files, "status": status, "rendered_at": None, "error": error}


def sections_as_known(rows: list[dict[str, Any]], events: list[StoredEvent]) -> list[dict[str, Any]]:
    """Returns the sections of the report as they were once `events` had been recorded, in the order of today's `rows`."""
    newest = {stored.event.data["heading"]: stored for stored in events if stored.event.kind in _SECTION_KINDS}
    return [_section(row, newest[row["heading"]]) for row in rows if row["heading"] in newest]


_SECTION_KINDS = ("heading_graded", "section_written")


def _section(row: Mapping[str, Any], stored: StoredEvent) -> dict[str, Any]:
    members = {"grade": "grade", "text_id": "text", "equality_text_id": "equality"}
    content = {column: stored.event.data.get(member) for column, member in members.items()}
    content["areas_json"] = stored.event.data.get("areas") or []
    author = {"person": stored.event.by, "changed_at": stored.event.received, "event_number": stored.number}
    return {**row, **content, **author}


def comments_as_known(rows: list[dict[str, Any]], events: list[StoredEvent]) -> list[dict[str, Any]]:
    """Returns the comments received once `events` had been recorded, each with its answer by then."""
    received_by = {name: stored.number for stored in events for name in stored.event.data.get("commitments", {})}
    answers = {
        stored.event.data["number"]: stored.event for stored in events if stored.event.kind == "comment_answered"
    }
    decisions = [stored for stored in events if stored.event.kind == "late_comments_decided"]
    comments = []
    for row in filter(lambda row: comment_name(row) in received_by, rows):
        answer = answers.get(row["number"])
        uses = [bool(d.event.data["use"]) for d in decisions if d.number > received_by[comment_name(row)]]
        answered = {
            "used": (uses[0] if uses else None) if row["late"] else True,
            "accepted": answer.data["accepted"] if answer else None,
            "answer_text_id": answer.reason if answer else None,
            "sections_json": answer.data["sections"] if answer else [],
        }
        comments.append({**row, **answered})
    return comments
