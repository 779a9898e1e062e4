"""What was known at a past moment beside the state of an inspection: the calendar, the fate of letters and documents, the report."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from framework.calendar.bank_holidays import Calendar
from framework.messages.events import StoredEvent
from records.calendars import versions
from records.log.commitments import comment_name

_FATES = {"letter_accepted": "accepted", "letter_failed": "failed", "letter_stopped": "stopped"}


def calendar_at(session: Session, moment: datetime) -> Calendar:
    """The calendar that was in force at this moment; the first one before that. Raises `BadInput` where there is none."""
    known = versions.versions(session)
    then = next((one for one in known if _made(one) <= moment), known[-1] if known else {"version": ""})
    return Calendar(**versions.calendar(session, str(then["version"])).model_dump())


def _made(version: Mapping[str, object]) -> datetime:
    made = version["made_at"]
    assert isinstance(made, datetime)
    return made


class Calendars:
    """Every version that is kept, each read once: for whoever asks for many moments of one look at the records."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._made: list[dict[str, object]] = []
        self._known: dict[str, Calendar] = {}

    def older(self, kept: str, moment: datetime | None) -> Calendar | None:
        """The older of the version called `kept` and the one in force at this moment (None: now); the latter where `kept` is
        empty, or is not kept any more since a restore took it back. None where there is none at all."""
        names = [str(one["version"]) for one in self._versions()]
        then = self.at(moment) if moment else self.version(names[0] if names else "")
        if then is None or kept not in names:
            return then
        return self.version(max(kept, then.version, key=names.index))

    def version(self, name: str) -> Calendar | None:
        """A version; None for one that is not kept."""
        if name not in self._known and any(one["version"] == name for one in self._versions()):
            self._known[name] = Calendar(**versions.calendar(self._session, name).model_dump())
        return self._known.get(name)

    def at(self, moment: datetime) -> Calendar | None:
        """The one that was in force at this moment, as `calendar_at` has it; None where there is none."""
        known = self._versions()
        then = next((one for one in known if _made(one) <= moment), known[-1] if known else None)
        return self.version(str(then["version"])) if then else None

    def _versions(self) -> list[dict[str, object]]:
        self._made = self._made or versions.versions(self._session)
        return self._made


def letter_as_known(
    row: Mapping[str, Any], events: list[StoredEvent], moment: datetime, words: Mapping[str, str]
) -> dict[str, Any]:
    """A letter's row as it stood once `events` had been recorded, from its fates among them; `words` are their reasons.

    The addresses are those it has now: of one that was sent again since, those of then are not kept."""
    kinds = (*_FATES, "letter_sent_again")
    mine = [one for one in events if one.event.kind in kinds and one.event.data.get("letter") == row["id"]]
    last = mine[-1] if mine else None
    then = {**row, "status": "queued", "accepted_at": None, "refused_json": {}, "error": "", "sha256": ""}
    if last is None or last.event.kind == "letter_sent_again":
        began = row["sending_at"]
        under_way = began is not None and began <= moment and (last is None or began > last.recorded)
        return {**then, "status": "sending" if under_way else "queued"}
    status = _FATES[last.event.kind]
    if status != "accepted":
        return {**then, "status": status, "error": words.get(last.event.reason or "", "")}
    lost = last.event.data.get("copies_refused", ())
    same = {"accepted_at": last.event.received, "sha256": last.event.data.get("sha256", "")}
    refused = dict(row["refused_json"]) if lost else {}
    return {**then, **same, "status": "partly" if lost else status, "refused_json": refused}


def document_as_known(row: Mapping[str, Any], events: list[StoredEvent], words: Mapping[str, str]) -> dict[str, Any]:
    """A document's row as it stood once `events` had been recorded."""
    made = ("document_rendered", "document_failed")
    mine = [one for one in events if one.event.kind in made and one.event.data.get("document") == row["id"]]
    if mine and mine[-1].event.kind == "document_rendered":
        return dict(row)
    nothing = dict.fromkeys(("html_path", "html_sha256", "pdf_path", "pdf_sha256"), "")
    status, error = ("failed", words.get(mine[-1].event.reason or "", "")) if mine else ("wanted", "")
    return {**row, **nothing, "status": status, "rendered_at": None, "error": error}


def sections_as_known(rows: list[dict[str, Any]], events: list[StoredEvent]) -> list[dict[str, Any]]:
    """What stood under each heading once `events` had been recorded; `rows` are those of today, in their order."""
    written = {one.event.data["heading"]: one for one in events if one.event.kind in _WRITTEN}
    return [_section(row, written[row["heading"]]) for row in rows if row["heading"] in written]


_WRITTEN = ("heading_graded", "section_written")


def _section(row: Mapping[str, Any], one: StoredEvent) -> dict[str, Any]:
    said = {"grade": "grade", "text_id": "text", "equality_text_id": "equality"}
    known = {column: one.event.data.get(member) for column, member in said.items()}
    return {**row, **known, "person": one.event.by, "changed_at": one.event.received, "event_number": one.number}


def comments_as_known(rows: list[dict[str, Any]], events: list[StoredEvent]) -> list[dict[str, Any]]:
    """The comments that had come in once `events` had been recorded, each with its answer by then. Their words never change."""
    came = {name: one.number for one in events for name in one.event.data.get("commitments", {})}
    answers = {one.event.data["number"]: one.event for one in events if one.event.kind == "comment_answered"}
    decided = [one for one in events if one.event.kind == "late_comments_decided"]
    found = []
    for row in (one for one in rows if comment_name(one) in came):
        answer = answers.get(row["number"])
        uses = [bool(one.event.data["use"]) for one in decided if one.number > came[comment_name(row)]]
        known = {
            "used": (uses[0] if uses else None) if row["late"] else True,
            "accepted": answer.data["accepted"] if answer else None,
            "answer_text_id": answer.reason if answer else None,
            "change_text_id": answer.data.get("change") if answer else None,
        }
        found.append({**row, **known})
    return found
