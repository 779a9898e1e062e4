"""The access log: who read, searched and exported what, and who restored, erased or changed the calendar, or was refused.

Apart from the inspections' chains, only ever added to, and a chain of its own: the hash of a row is sha256 over one JSON
object in the form of `records.log.hash_chain`, with the members number, at, person, ran_as, entry_point, command, inspection, asked (the
text of the column) and previous (the hash of the row before; 64 zeros for the first)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, insert, or_, select, text, type_coerce
from sqlmodel import Session

from framework.calendar.london_time import end_of, start_of
from records.database.columns import json_text, to_text
from records.log.hash_chain import GENESIS, canonical
from records.log.word_index import split
from records.tables.projections import ACCESS


@dataclass(frozen=True, slots=True)
class Access:
    """One reading."""

    at: datetime
    person: str
    """Who said they were reading; empty where nobody was named."""
    ran_as: str
    """The account on the machine."""
    entry_point: str
    command: str
    """What was called, such as history."""
    inspection: str
    """Empty where it went across all."""
    parameters: Mapping[str, Any]
    """The filters and options, as given."""
    id: int = 0
    """Its place in the log; 0 before it is kept."""


@dataclass(frozen=True, slots=True)
class AccessLogFilter:
    """Which readings; what is None is not asked."""

    by: str | None = None
    """Who said they were reading, or whose account it was."""
    first: date | None = None
    """On this London day or later."""
    last: date | None = None
    """On this London day or earlier."""
    words: str | None = None
    """Each of these words stands in the command, the inspection or what was asked."""
    mark: str = ""
    """With `words`: those, too, in which just these words were searched for (`records.audit.search_term_digest`)."""


_ADVISORY_LOCK = 20101004
"""Names the lock of PostgreSQL under which readings are written down, one after another; SQLite has one writer anyway."""
_NEWEST = select(ACCESS.c.id, ACCESS.c.hash).order_by(ACCESS.c.id.desc()).limit(1)
_ASKED = type_coerce(ACCESS.c.parameters_json, String).label("parameters_json")
IN_ORDER = (*(column for column in ACCESS.c if column.name != "parameters_json"), _ASKED)
"""The columns, what was asked as the text it is kept as."""


def entry_digest(row: Mapping[Any, Any]) -> str:
    """The hash of a row: its columns with `at` and `parameters_json` as texts."""
    same = {name: row[name] for name in ("at", "person", "ran_as", "entry_point", "command")}
    chained = {"number": row["id"], "inspection": row["inspection_id"], "asked": row["parameters_json"]}
    return sha256(canonical({**same, **chained, "previous": row["previous_hash"]}).encode()).hexdigest()


def log_read(session: Session, access: Access) -> None:
    """Keeps one reading behind the newest. Whoever writes meanwhile waits for this transaction's end: keep it short."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
    number, previous = head(connection)
    row: dict[str, Any] = {name: getattr(access, name) for name in ("person", "ran_as", "entry_point", "command")}
    row |= {"id": number + 1, "inspection_id": access.inspection, "previous_hash": previous or GENESIS}
    made = entry_digest({**row, "at": to_text(access.at), "parameters_json": json_text(dict(access.parameters))})
    connection.execute(
        insert(ACCESS), {**row, "at": access.at, "parameters_json": dict(access.parameters), "hash": made}
    )


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the newest reading; 0 and nothing before the first."""
    newest = connection.execute(_NEWEST).first()
    return (newest[0], newest[1]) if newest else (0, "")


def hash_of(connection: Connection, number: int) -> str:
    """The hash of one reading; empty for one that is not there."""
    return connection.execute(select(ACCESS.c.hash).where(ACCESS.c.id == number)).scalar() or ""


def carry_over(session: Session, present: Session) -> int:
    """Keeps the readings that `present` has beyond this one, where both are one log; answers how many."""
    connection, there = session.connection(), present.connection()
    number, newest = head(connection)
    if number and hash_of(there, number) != newest:
        return 0
    query = select(ACCESS).where(ACCESS.c.id > number).order_by(ACCESS.c.id)
    rows = [dict(row) for row in there.execute(query).mappings()]
    if rows:
        connection.execute(insert(ACCESS), rows)
    return len(rows)


def entries(
    session: Session, wanted: AccessLogFilter = AccessLogFilter(), size: int | None = None, before: int | None = None
) -> list[Access]:
    """The readings asked for, newest first; at most `size`, and those before the one with the number `before`."""
    where = _conditions(wanted)
    if before is not None:
        where.append(ACCESS.c.id < before)
    query = select(ACCESS).where(*where).order_by(ACCESS.c.id.desc()).limit(size)
    return [_access(row) for row in session.connection().execute(query).mappings()]


def _access(row: Any) -> Access:
    same = {name: row[name] for name in ("at", "person", "ran_as", "entry_point", "command", "id")}
    return Access(**same, inspection=row["inspection_id"], parameters=row["parameters_json"])


def _conditions(wanted: AccessLogFilter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.by is not None:
        where.append(or_(ACCESS.c.person == wanted.by, ACCESS.c.ran_as == wanted.by))
    if wanted.first is not None:
        where.append(ACCESS.c.at >= start_of(wanted.first))
    if wanted.last is not None:
        where.append(ACCESS.c.at <= end_of(wanted.last))
    said = ACCESS.c.command + " " + ACCESS.c.inspection_id + " " + type_coerce(ACCESS.c.parameters_json, String)
    if each := [said.icontains(word, autoescape=True) for word in split(wanted.words or "")]:
        where.append(or_(and_(*each), said.contains(wanted.mark)) if wanted.mark else and_(*each))
    return where
