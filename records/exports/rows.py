"""The rows of an export, as JSON lines in the canonical form of `records.log.hash_chain`.

A line of `events.jsonl` is the text that is hashed: the sha256 of the line (without its line end) is the hash of the event,
and the member `previous` of the next line."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select
from sqlmodel import Session

from framework.common.errors import CheckFailed, Remedy
from framework.messages.events import StoredEvent
from records.log.hash_chain import GENESIS, EventKey, canonical, event_form
from records.log.read import history
from records.tables.checkpoints import ENGINE_HISTORIES
from records.tables.content import COMMENTS, EXPLANATIONS, SECTIONS
from records.tables.directory import CALENDARS, HOLIDAYS, PEOPLE
from records.tables.inspections import LIMITS, SUBMISSIONS, TASKS, TEXTS
from records.tables.outbox import DOCUMENTS, LETTERS, PUBLICATIONS

Row = dict[str, Any]
TABLES: Mapping[str, tuple[Table, tuple[str, ...]]] = {
    "texts": (TEXTS, ("id",)),
    "letters": (LETTERS, ("event_number", "id")),
    "documents": (DOCUMENTS, ("event_number", "id")),
    "publications": (PUBLICATIONS, ("document_id",)),
    "sections": (SECTIONS, ("heading",)),
    "comments": (COMMENTS, ("number",)),
    "explanations": (EXPLANATIONS, ("subject",)),
    "limits": (LIMITS, ("due", "key")),
    "tasks": (TASKS, ("id",)),
    "submissions": (SUBMISSIONS, ("received_at", "command_id")),
    "histories": (ENGINE_HISTORIES, ("kept_at", "workflow_id", "run_id")),
}
"""Name of the member -> its table, and the columns that order its lines."""


def lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Returns the rows as JSON lines."""
    return "".join(canonical(row) + "\n" for row in rows).encode()


def of(connection: Connection, name: str, inspection: str) -> list[Row]:
    """Returns the inspection's rows of one table, in a fixed order."""
    table, order = TABLES[name]
    return _rows(connection, table, table.c.inspection_id == inspection, order)


def events(session: Session, inspection: str) -> tuple[list[StoredEvent], bytes]:
    """Returns the log of the inspection, and its lines. Raises `CheckFailed` for a log that was altered."""
    log, written, previous = history(session, inspection), [], GENESIS
    for stored in log:
        key = EventKey(stored.inspection, stored.number, stored.command_id, stored.ordinal, stored.recorded)
        line = canonical(event_form(key, stored.event, stored.event.data, previous))
        if sha256(line.encode()).hexdigest() != stored.hash:
            what = f"{inspection} event {stored.number} was altered"
            raise CheckFailed(what, remedy=Remedy.VERIFY, subject=inspection)
        written.append(line + "\n")
        previous = stored.hash
    return log, "".join(written).encode()


def calendars(connection: Connection, since: Any, until: Any) -> list[Row]:
    """Returns every version of the calendar that was in force at a moment from `since` to `until` (None: to now)."""
    versions = _rows(connection, CALENDARS, CALENDARS.c.version.is_not(None), ("made_at", "version"))
    first = max((index for index, version in enumerate(versions) if version["made_at"] <= since), default=0)
    in_force = [version for version in versions[first:] if until is None or version["made_at"] <= until]
    return [{**version, "holidays": _holidays(connection, version["version"])} for version in in_force]


def people(connection: Connection, identifiers: Sequence[str]) -> list[Row]:
    """Returns the directory's rows of these people."""
    return _rows(connection, PEOPLE, PEOPLE.c.id.in_(identifiers), ("id",))


def _holidays(connection: Connection, version: str) -> dict[str, str]:
    query = select(HOLIDAYS.c.day, HOLIDAYS.c.title).where(HOLIDAYS.c.version == version)
    return {row.day.isoformat(): row.title for row in connection.execute(query)}


def _rows(connection: Connection, table: Table, clause: ColumnElement[bool], order: Sequence[str]) -> list[Row]:
    query = select(table).where(clause).order_by(*(table.c[name] for name in order))
    return [dict(row) for row in connection.execute(query).mappings()]
