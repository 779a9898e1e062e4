"""Everything of one inspection, gathered from one moment of the records."""

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
from records.exports.redaction import LEFT_OUT
from records.exports.rows import Row, lines
from records.inspections import erasure
from records.inspections.repository import find
from records.log.hash_chain import GENESIS

OPEN = "none yet, for the inspection is open: the engine has its history, and it is kept once the inspection is over"
NOT_KEPT = "none, though the inspection is over: the engine did not have it any more, or it is not kept yet"
SO_FAR = "those kept so far; the inspection is open"
KEPT = "all that the engine had when the inspection was over"
_HISTORIES = {(True, True): KEPT, (True, False): NOT_KEPT, (False, True): SO_FAR, (False, False): OPEN}
"""Whether it is over, and whether any are kept -> what the manifest says of them."""

Tables = dict[str, list[Row]]


def gather(session: Session, data: Path, inspection: str, personal: Personal) -> Gathered:
    """What goes into the export. Raises `BadInput` for an unknown inspection, `CheckFailed` where something was altered,
    `Refused` where names and words are asked for and were erased."""
    connection = session.connection()
    row = dict(find(session, inspection))
    events, log = rows.events(session, inspection)
    if personal is Personal.INCLUDE:
        _must_be_there(events)
    tables = {name: rows.of(connection, name, inspection) for name in rows.TABLES}
    tables["calendars"] = rows.calendars(connection, row["started_at"], row["closed_at"])
    name = authority(session, row["authority_code"])["name"]
    people = rows.people(connection, _people(row, events, tables)) if personal is Personal.INCLUDE else []
    lists = tuple(files.witnesses(connection, inspection))
    witnesses = tuple(one for one in lists if one.public_key == public_key(data))
    found = Gathered(inspection, personal)
    found.members = {format.EVENTS: log, "inspection.json": lines([{**row, "authority": name}])}
    found.members |= {f"{table}.jsonl": lines(_shown(table, tables[table], personal)) for table in sorted(tables)}
    found.members |= dict(files.histories(events, data))
    found.members |= {files.witness_file(one): one.to_file().encode() for one in witnesses}
    if restored := restores.rows(connection):
        found.members[format.RESTORES] = lines(restored)
    if personal is Personal.INCLUDE:
        found.members["people.jsonl"] = lines(people)
        found.members |= dict(files.documents(events, tables["documents"], data))
        found.members |= dict(files.published(events, data))
        found.members |= dict(files.letters(connection, events, tables["letters"], data))
    found.facts = _facts(row, events, tables, found)
    found.facts |= {"witnesses": len(witnesses), "witnesses_by_another_key": len(lists) - len(witnesses)}
    found.story = chronology_context({**row, "authority": name}, events, tables, people)
    return found


def _must_be_there(events: list[StoredEvent]) -> None:
    erased = next((one for one in events if one.event.kind == erasure.KIND), None)
    if erased is not None:
        what = f"the names and words of {erased.inspection} were erased on {say_day(erased.event.on)}"
        raise Refused(f"{what} (event {erased.number})", remedy=Remedy.LEAVE_OUT_PERSONAL)


def _shown(table: str, found: list[Row], personal: Personal) -> list[Row]:
    if personal is Personal.INCLUDE or table not in LEFT_OUT:
        return found
    return [LEFT_OUT[table](row) for row in found]


def _people(row: Row, events: list[StoredEvent], tables: Tables) -> list[str]:
    held = {person for part in ("people_json", "first_people_json") for who in row[part].values() for person in who}
    acted = {one.event.by for one in events}
    written_to = {one["person"] for letter in tables["letters"] for one in (*letter["to_json"], *letter["cc_json"])}
    return sorted(held | acted | written_to)


def _facts(row: Row, events: list[StoredEvent], tables: Tables, found: Gathered) -> dict[str, Any]:
    over = row["closed_at"] is not None
    histories = [name for name in found.members if name.startswith(f"{format.HISTORY_FILES}/")]
    plain = ("reference", "authority_code", "scope", "edition", "stage")
    return {
        "inspection": row["id"],
        **{name: row[name] for name in plain},
        "open": not over,
        "events": len(events),
        "head": events[-1].hash if events else GENESIS,
        "personal": found.personal.value,
        "left_out": _left_out(tables, found),
        "kept_elsewhere": _elsewhere(events, tables),
        "letters_as_sent": sum(name.startswith(f"{format.LETTER_FILES}/") for name in found.members),
        "engine_histories": {"files": len(histories), "what": _HISTORIES[over, bool(histories)]},
    }


def _left_out(tables: Tables, found: Gathered) -> dict[str, int]:
    """What was left out, and how many of each."""
    if found.personal is Personal.INCLUDE:
        return {}
    count = {name: len(tables[name]) for name in ("texts", "letters", "documents")}
    return {
        **count,
        "document_files": sum(bool(one["html_path"]) + bool(one["pdf_path"]) for one in tables["documents"]),
    }


def _elsewhere(events: list[StoredEvent], tables: Tables) -> list[str]:
    """What the log commits to, and no member holds: named, so that its absence is nobody's discovery.

    Raises `CheckFailed` for a text, comment, letter or document that ought to be there."""
    here = {one["id"] for name in ("texts", "letters", "documents") for one in tables[name]}
    here |= {f"comment-{one['number']}" for one in tables["comments"]}
    named = {found for one in events for found in one.event.data.get("commitments", {})}
    spoken_of = {one.event.data.get(name) for one in events for name in ("letter", "document")}
    gone = sorted(named - here)
    if owed := [name for name in gone if name.startswith(("t-", "comment-")) or name in spoken_of]:
        what = f"{events[0].inspection}: the log commits to {owed[0]}, and it is gone"
        raise CheckFailed(f"{what} (nothing was exported)", remedy=Remedy.VERIFY, subject=events[0].inspection)
    return gone
