"""Gathers the content of an export of one inspection from one snapshot of the records."""

from pathlib import Path
from typing import Any

from sqlmodel import Session

from framework.calendar.london_time import say_day
from framework.common.errors import CheckFailed, Refused, Remedy
from framework.messages.events import StoredEvent
from records.audit import restores
from records.audit.signing import public_key
from records.directory.directory import authority
from records.exports import files, format, rows
from records.exports.chronology_context import chronology_context
from records.exports.format import Gathered, Personal
from records.exports.redaction import REDACTIONS
from records.exports.rows import Row, lines
from records.inspections import erasure
from records.inspections.repository import find
from records.log.hash_chain import GENESIS

NONE_YET = (
    "none yet, for the inspection is open: the engine has its history, and it is kept once the inspection is over"
)
NONE = "none, though the inspection is over: the engine did not have it any more, or it is not kept yet"
SO_FAR = "those kept so far; the inspection is open"
ALL = "all that the engine had when the inspection was over"
_HISTORIES = {(True, True): ALL, (True, False): NONE, (False, True): SO_FAR, (False, False): NONE_YET}
"""(whether it is over, whether any history is kept) -> the manifest's words about histories."""

Tables = dict[str, list[Row]]


def gather(session: Session, data: Path, inspection: str, personal: Personal) -> Gathered:
    """Returns the content of the export.

    Raises `BadInput` for an unknown inspection, `CheckFailed` where something was altered, and `Refused` where personal
    data is to be included and was erased."""
    connection = session.connection()
    row = dict(find(session, inspection))
    events, log = rows.events(session, inspection)
    if personal is Personal.INCLUDE:
        _require_not_erased(events)
    tables = {name: rows.of(connection, name, inspection) for name in rows.TABLES}
    tables["calendars"] = rows.calendars(connection, row["started_at"], row["closed_at"])
    row["authority"] = authority(session, row["authority_code"])["name"]
    people = rows.people(connection, _people(row, events, tables)) if personal is Personal.INCLUDE else []
    checkpoints = tuple(files.attesting_checkpoints(connection, inspection))
    own = tuple(checkpoint for checkpoint in checkpoints if checkpoint.public_key == public_key(data))
    gathered = Gathered(inspection, personal)
    gathered.members = {format.EVENTS: log, "inspection.json": lines([row])}
    gathered.members |= {f"{table}.jsonl": lines(_shown(table, tables[table], personal)) for table in sorted(tables)}
    gathered.members |= dict(files.histories(events, data))
    gathered.members |= {files.checkpoint_file(checkpoint): checkpoint.to_file().encode() for checkpoint in own}
    if restored := restores.rows(connection):
        gathered.members[format.RESTORES] = lines(restored)
    if personal is Personal.INCLUDE:
        gathered.members["people.jsonl"] = lines(people)
        gathered.members |= dict(files.documents(events, tables["documents"], data))
        gathered.members |= dict(files.published(events, data))
        gathered.members |= dict(files.letters(connection, events, tables["letters"], data))
    gathered.facts = _facts(row, events, tables, gathered)
    gathered.facts |= {"witnesses": len(own), "witnesses_by_another_key": len(checkpoints) - len(own)}
    gathered.chronology = chronology_context(row, events, tables, people)
    return gathered


def _require_not_erased(events: list[StoredEvent]) -> None:
    erased = next((stored for stored in events if stored.event.kind == erasure.KIND), None)
    if erased is not None:
        what = f"the names and words of {erased.inspection} were erased on {say_day(erased.event.on)}"
        raise Refused(f"{what} (event {erased.number})", remedy=Remedy.LEAVE_OUT_PERSONAL)


def _shown(table: str, rows: list[Row], personal: Personal) -> list[Row]:
    if personal is Personal.INCLUDE or table not in REDACTIONS:
        return rows
    return [REDACTIONS[table](row) for row in rows]


def _people(row: Row, events: list[StoredEvent], tables: Tables) -> list[str]:
    roles = (*row["people_json"].values(), *row["first_people_json"].values())
    holders = {person for people in roles for person in people}
    actors = {stored.event.by for stored in events}
    recipients = {
        person["person"] for letter in tables["letters"] for person in (*letter["to_json"], *letter["cc_json"])
    }
    return sorted(holders | actors | recipients)


def _facts(row: Row, events: list[StoredEvent], tables: Tables, gathered: Gathered) -> dict[str, Any]:
    over = row["closed_at"] is not None
    histories = [name for name in gathered.members if name.startswith(f"{format.HISTORY_FILES}/")]
    plain = ("reference", "authority_code", "scope", "edition", "stage")
    return {
        "inspection": row["id"],
        **{name: row[name] for name in plain},
        "open": not over,
        "events": len(events),
        "head": events[-1].hash if events else GENESIS,
        "personal": gathered.personal.value,
        "left_out": _left_out(tables, gathered),
        "kept_elsewhere": _kept_elsewhere(events, tables),
        "letters_as_sent": sum(name.startswith(f"{format.LETTER_FILES}/") for name in gathered.members),
        "engine_histories": {"files": len(histories), "what": _HISTORIES[over, bool(histories)]},
    }


def _left_out(tables: Tables, gathered: Gathered) -> dict[str, int]:
    """Returns how many texts, letters, documents and files of documents are left out or redacted."""
    if gathered.personal is Personal.INCLUDE:
        return {}
    count = {name: len(tables[name]) for name in ("texts", "letters", "documents")}
    files = sum(bool(document["html_path"]) + bool(document["pdf_path"]) for document in tables["documents"])
    return {**count, "document_files": files}


def _kept_elsewhere(events: list[StoredEvent], tables: Tables) -> list[str]:
    """Returns the identifiers that the log commits to and no member holds; the manifest names them.

    Raises `CheckFailed` for a text, comment, letter or document: those are missing, not kept elsewhere."""
    members = {row["id"] for name in ("texts", "letters", "documents") for row in tables[name]}
    members |= {f"comment-{row['number']}" for row in tables["comments"]}
    committed = {identifier for stored in events for identifier in stored.event.data.get("commitments", {})}
    letters_and_documents = {stored.event.data.get(name) for stored in events for name in ("letter", "document")}
    absent = sorted(committed - members)
    if missing := [name for name in absent if name.startswith(("t-", "comment-")) or name in letters_and_documents]:
        what = f"{events[0].inspection}: the log commits to {missing[0]}, and it is gone"
        raise CheckFailed(f"{what} (nothing was exported)", remedy=Remedy.VERIFY, subject=events[0].inspection)
    return absent
