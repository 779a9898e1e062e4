"""The access log: who read, searched and exported what, and who restored, erased, or changed the calendar or
the directory, or was refused.

It only grows, and is a hash chain of its own, apart from those of inspections. The hash of a row is sha256 over one JSON
object in the form of `records.log.hash_chain` with the members number, at, person, ran_as, entry_point, command,
inspection, asked (the text of the column `parameters_json`) and previous (the hash of the row before; 64 zeros for the
first)."""

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
    """One entry of the access log."""

    at: datetime
    person: str
    """The person named as the caller; empty where none was named."""
    ran_as: str
    """The account on the machine."""
    entry_point: str
    command: str
    """The command, such as "history"."""
    inspection: str
    """Empty for a command about all inspections."""
    parameters: Mapping[str, Any]
    """The filters and options, as given."""
    id: int = 0
    """Its number in the log; 0 before it is stored."""


@dataclass(frozen=True, slots=True)
class AccessLogFilter:
    """Criteria that an entry must match, all of them; None is no criterion."""

    by: str | None = None
    """The person named as the caller, or the account on the machine."""
    person: str | None = None
    """The person named as the caller."""
    first: date | None = None
    """On this London day or later."""
    last: date | None = None
    """On this London day or earlier."""
    words: str | None = None
    """Each of these words occurs in the command, the inspection or the parameters."""
    mark: str = ""
    """With `words`: also entries of a search for exactly these words, by their mark (`records.audit.search_term_digest`)."""


_ADVISORY_LOCK = 20101004
"""Number of the advisory lock of PostgreSQL under which entries are appended. SQLite has one writer at a time."""
_NEWEST = select(ACCESS.c.id, ACCESS.c.hash).order_by(ACCESS.c.id.desc()).limit(1)
_ASKED = type_coerce(ACCESS.c.parameters_json, String).label("parameters_json")
IN_ORDER = (*(column for column in ACCESS.c if column.name != "parameters_json"), _ASKED)
"""The columns of a row, `parameters_json` as the text that is hashed."""


def entry_digest(row: Mapping[Any, Any]) -> str:
    """Returns the hash of a row, whose `at` and `parameters_json` are given as texts."""
    members = {name: row[name] for name in ("at", "person", "ran_as", "entry_point", "command")}
    members |= {"number": row["id"], "inspection": row["inspection_id"], "asked": row["parameters_json"]}
    return sha256(canonical({**members, "previous": row["previous_hash"]}).encode()).hexdigest()


def log_read(session: Session, access: Access) -> None:
    """Appends an entry. Holds the lock of the access log until this transaction ends: keep it short."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
    number, previous = head(connection)
    row: dict[str, Any] = {name: getattr(access, name) for name in ("person", "ran_as", "entry_point", "command")}
    row |= {"id": number + 1, "inspection_id": access.inspection, "previous_hash": previous or GENESIS}
    digest = entry_digest({**row, "at": to_text(access.at), "parameters_json": json_text(dict(access.parameters))})
    connection.execute(
        insert(ACCESS), {**row, "at": access.at, "parameters_json": dict(access.parameters), "hash": digest}
    )


def head(connection: Connection) -> tuple[int, str]:
    """Returns number and hash of the newest entry; 0 and "" where there is none."""
    newest = connection.execute(_NEWEST).first()
    return (newest[0], newest[1]) if newest else (0, "")


def hash_of(connection: Connection, number: int) -> str:
    """Returns the hash of an entry; empty where there is none of this number."""
    return connection.execute(select(ACCESS.c.hash).where(ACCESS.c.id == number)).scalar() or ""


def carry_over(session: Session, present: Session) -> int:
    """Appends the entries that `present` has after the newest of this one; returns their number.

    Copies none where the newest entry here is not in `present`: then they are two different logs."""
    connection, source = session.connection(), present.connection()
    number, newest = head(connection)
    if number and hash_of(source, number) != newest:
        return 0
    query = select(ACCESS).where(ACCESS.c.id > number).order_by(ACCESS.c.id)
    rows = [dict(row) for row in source.execute(query).mappings()]
    if rows:
        connection.execute(insert(ACCESS), rows)
    return len(rows)


def entries(
    session: Session, criteria: AccessLogFilter = AccessLogFilter(), size: int | None = None, before: int | None = None
) -> list[Access]:
    """Returns the entries that match, newest first: at most `size`, and with numbers below `before`."""
    where = _where_clauses(criteria)
    if before is not None:
        where.append(ACCESS.c.id < before)
    query = select(ACCESS).where(*where).order_by(ACCESS.c.id.desc()).limit(size)
    return [_access(row) for row in session.connection().execute(query).mappings()]


def _access(row: Any) -> Access:
    columns = {name: row[name] for name in ("at", "person", "ran_as", "entry_point", "command", "id")}
    return Access(**columns, inspection=row["inspection_id"], parameters=row["parameters_json"])


def _where_clauses(criteria: AccessLogFilter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if criteria.by is not None:
        where.append(or_(ACCESS.c.person == criteria.by, ACCESS.c.ran_as == criteria.by))
    if criteria.person is not None:
        where.append(ACCESS.c.person == criteria.person)
    if criteria.first is not None:
        where.append(ACCESS.c.at >= start_of(criteria.first))
    if criteria.last is not None:
        where.append(ACCESS.c.at <= end_of(criteria.last))
    searched = ACCESS.c.command + " " + ACCESS.c.inspection_id + " " + type_coerce(ACCESS.c.parameters_json, String)
    if clauses := [searched.icontains(word, autoescape=True) for word in split(criteria.words or "")]:
        where.append(or_(and_(*clauses), searched.contains(criteria.mark)) if criteria.mark else and_(*clauses))
    return where
