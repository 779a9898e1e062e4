"""The rows of an export, as JSON lines in the canonical form of `records.log.hash_chain`.

A line of `events.jsonl` is exactly the text that is hashed: the sha256 of the line (without its line end) is the hash of the
event, and stands as `previous` in the next line."""

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
"""Member -> the table behind it, and the order of its lines."""


def lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """One row a line."""
    return "".join(canonical(row) + "\n" for row in rows).encode()


def of(connection: Connection, name: str, inspection: str) -> list[Row]:
    """The rows of one table of the inspection, in an order that is always the same."""
    table, order = TABLES[name]
    return _rows(connection, table, table.c.inspection_id == inspection, order)


def events(session: Session, inspection: str) -> tuple[list[StoredEvent], bytes]:
    """The log, and its lines. Raises `CheckFailed` for one that was altered."""
    found, written, previous = history(session, inspection), [], GENESIS
    for one in found:
        place = EventKey(one.inspection, one.number, one.command_id, one.ordinal, one.recorded)
        line = canonical(event_form(place, one.event, one.event.data, previous))
        if sha256(line.encode()).hexdigest() != one.hash:
            what = f"{inspection} event {one.number} was altered"
            raise CheckFailed(what, remedy=Remedy.VERIFY, subject=inspection)
        written.append(line + "\n")
        previous = one.hash
    return found, "".join(written).encode()


def calendars(connection: Connection, since: Any, until: Any) -> list[Row]:
    """Every version of the calendar that was in force at some moment from `since` to `until` (None: to this day)."""
    versions = _rows(connection, CALENDARS, CALENDARS.c.version.is_not(None), ("made_at", "version"))
    first = max((place for place, one in enumerate(versions) if one["made_at"] <= since), default=0)
    used = [one for one in versions[first:] if until is None or one["made_at"] <= until]
    return [{**one, "holidays": _holidays(connection, one["version"])} for one in used]


def people(connection: Connection, identifiers: Sequence[str]) -> list[Row]:
    """The directory's entries of these people."""
    return _rows(connection, PEOPLE, PEOPLE.c.id.in_(identifiers), ("id",))


def _holidays(connection: Connection, version: str) -> dict[str, str]:
    query = select(HOLIDAYS.c.day, HOLIDAYS.c.title).where(HOLIDAYS.c.version == version)
    return {row.day.isoformat(): row.title for row in connection.execute(query)}


def _rows(connection: Connection, table: Table, mine: ColumnElement[bool], order: Sequence[str]) -> list[Row]:
    query = select(table).where(mine).order_by(*(table.c[name] for name in order))
    return [dict(row) for row in connection.execute(query).mappings()]
