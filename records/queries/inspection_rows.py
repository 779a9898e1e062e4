"""What screens read of one inspection, and what waits for a person. Rows, not objects of the framework."""

from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, select
from sqlmodel import Session

from framework.editions.registry import edition
from framework.vocabulary.roles import Role
from records.directory.contacts import contacts
from records.inspections.repository import find
from records.log.texts import bodies
from records.privacy.personal_columns import ERASED
from records.tables.content import COMMENTS, SECTIONS
from records.tables.directory import AUTHORITIES
from records.tables.inspections import LIMITS, SUBMISSIONS, TASKS
from records.tables.outbox import DOCUMENTS, LETTERS, PUBLICATIONS


def show(session: Session, identifier: str) -> dict[str, Any]:
    """One inspection with people, limits, letters, documents, sections, comments, publication, open tasks and what was
    submitted and is not taken yet; letters and documents say whether they were `erased`. Raises `BadInput` for an unknown one."""
    row = find(session, identifier)
    authority = select(AUTHORITIES.c.name).where(AUTHORITIES.c.code == row["authority_code"])
    return {
        **row,
        "authority": session.connection().execute(authority).scalar_one(),
        "people": people(session, identifier),
        "limits": _of(session, LIMITS, identifier, LIMITS.c.due, LIMITS.c.key),
        "letters": _made(session, LETTERS, identifier, LETTERS.c.queued_at, LETTERS.c.event_number),
        "documents": _made(session, DOCUMENTS, identifier, DOCUMENTS.c.event_number),
        "sections": _sections(session, row),
        "comments": _comments(session, identifier),
        "publications": _of(session, PUBLICATIONS, identifier, PUBLICATIONS.c.published_at),
        "tasks": tasks(session, identifier),
        "waiting": [
            one for one in _of(session, SUBMISSIONS, identifier, SUBMISSIONS.c.received_at) if one["state"] == "waiting"
        ],
    }


def people(session: Session, identifier: str) -> list[dict[str, str]]:
    """Everybody in an inspection: role, person, name, email; the authority's where it names nobody itself included."""
    row = find(session, identifier)
    found = contacts(session.connection(), row["authority_code"], row["people_json"]).by_role
    return [contact.row() for role in Role for contact in found.get(role, ())]


def tasks(session: Session, identifier: str | None = None, *, closed: bool = False) -> list[RowMapping]:
    """What waits for a person, oldest first: of one inspection, or of all. `closed` shows what is done instead."""
    conditions: list[ColumnElement[bool]] = [TASKS.c.closed_at.is_not(None) if closed else TASKS.c.closed_at.is_(None)]
    if identifier is not None:
        conditions.append(TASKS.c.inspection_id == identifier)
    query = select(TASKS).where(*conditions).order_by(TASKS.c.opened_at, TASKS.c.id)
    return list(session.connection().execute(query).mappings())


def _of(session: Session, table: Table, identifier: str, *order: ColumnElement[Any]) -> list[dict[str, Any]]:
    query = select(table).where(table.c.inspection_id == identifier).order_by(*order)
    return [dict(row) for row in session.connection().execute(query).mappings()]


def _made(session: Session, table: Table, identifier: str, *order: ColumnElement[Any]) -> list[dict[str, Any]]:
    """Letters or documents, without what they were made from: only whether that was erased."""
    columns = [column for column in table.c if column.name != "data_json"]
    erased = (table.c.data_json == ERASED).label("erased")
    query = select(*columns, erased).where(table.c.inspection_id == identifier).order_by(*order)
    return [dict(row) for row in session.connection().execute(query).mappings()]


def _comments(session: Session, identifier: str) -> list[dict[str, Any]]:
    """Each comment with its words, which the lead has to answer."""
    rows = _of(session, COMMENTS, identifier, COMMENTS.c.number)
    words = bodies(session.connection(), {row[name] for row in rows for name in ("location_text_id", "text_id")})
    return [{**row, "where": words[row["location_text_id"]], "text": words[row["text_id"]]} for row in rows]


def _sections(session: Session, row: RowMapping) -> list[dict[str, Any]]:
    """In the order of para 49."""
    written = {one["heading"]: one for one in _of(session, SECTIONS, row["id"], SECTIONS.c.heading)}
    order = edition(row["edition"]).sections(row["scope"])
    return [written[key] for key in order if key in written]
