"""The access log: who read, searched and exported what. Apart from the inspections' chains, and only ever added to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, insert, or_, select, type_coerce
from sqlmodel import Session

from framework.clock import end_of, start_of
from records.tables_search import ACCESS
from records.words import split


@dataclass(frozen=True, slots=True)
class Access:
    """One reading."""

    at: datetime
    person: str
    """Who said they were reading; empty where nobody was named."""
    ran_as: str
    """The account on the machine."""
    door: str
    command: str
    """What was called, such as history."""
    inspection: str
    """Empty where it went across all."""
    asked: Mapping[str, Any]
    """The filters and options, as given."""
    id: int = 0
    """Its place in the log; 0 before it is kept."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which readings; what is None is not asked."""

    by: str | None = None
    """Who said they were reading, or whose account it was."""
    first: date | None = None
    """On this London day or later."""
    last: date | None = None
    """On this London day or earlier."""
    words: str | None = None
    """Each of these words stands in the command, the inspection or what was asked."""


def note(session: Session, access: Access) -> None:
    """Keeps one reading."""
    row = {name: getattr(access, name) for name in ("at", "person", "ran_as", "door", "command")}
    row |= {"inspection_id": access.inspection, "asked_json": dict(access.asked)}
    session.connection().execute(insert(ACCESS), row)


def found(
    session: Session, wanted: Wanted = Wanted(), size: int | None = None, before: int | None = None
) -> list[Access]:
    """The readings asked for, newest first; at most `size`, and those before the one with the number `before`."""
    where = _conditions(wanted)
    if before is not None:
        where.append(ACCESS.c.id < before)
    query = select(ACCESS).where(*where).order_by(ACCESS.c.id.desc()).limit(size)
    return [_access(row) for row in session.connection().execute(query).mappings()]


def _access(row: Any) -> Access:
    same = {name: row[name] for name in ("at", "person", "ran_as", "door", "command", "id")}
    return Access(**same, inspection=row["inspection_id"], asked=row["asked_json"])


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.by is not None:
        where.append(or_(ACCESS.c.person == wanted.by, ACCESS.c.ran_as == wanted.by))
    if wanted.first is not None:
        where.append(ACCESS.c.at >= start_of(wanted.first))
    if wanted.last is not None:
        where.append(ACCESS.c.at <= end_of(wanted.last))
    said = ACCESS.c.command + " " + ACCESS.c.inspection_id + " " + type_coerce(ACCESS.c.asked_json, String)
    for word in split(wanted.words or ""):
        where.append(said.icontains(word, autoescape=True))
    return where
