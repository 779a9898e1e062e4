"""The rows of one inspection for screens, and open tasks."""

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
    """Returns an inspection's row with its people, limits, letters, documents, sections, comments, publications and open
    tasks, and its commands that wait for the workflow.

    Letters and documents have a member `erased`. Raises `BadInput` for an unknown inspection."""
    row = find(session, identifier)
    authority = select(AUTHORITIES.c.name).where(AUTHORITIES.c.code == row["authority_code"])
    return {
        **row,
        "authority": session.connection().execute(authority).scalar_one(),
        "people": people(session, identifier),
        "limits": _of(session, LIMITS, identifier, LIMITS.c.due, LIMITS.c.key),
        "letters": _without_data(session, LETTERS, identifier, LETTERS.c.queued_at, LETTERS.c.event_number),
        "documents": _without_data(session, DOCUMENTS, identifier, DOCUMENTS.c.event_number),
        "sections": _sections(session, row),
        "comments": _comments(session, identifier),
        "publications": _of(session, PUBLICATIONS, identifier, PUBLICATIONS.c.published_at),
        "tasks": tasks(session, identifier),
        "waiting": [
            command
            for command in _of(session, SUBMISSIONS, identifier, SUBMISSIONS.c.received_at)
            if command["state"] == "waiting"
        ],
    }


def people(session: Session, identifier: str) -> list[dict[str, str]]:
    """Returns the people of an inspection, by role: role, person, name, email.

    A role that the inspection does not name has the holder from the directory. Raises `BadInput` for an unknown one."""
    row = find(session, identifier)
    by_role = contacts(session.connection(), row["authority_code"], row["people_json"]).by_role
    return [contact.row() for role in Role for contact in by_role.get(role, ())]


def tasks(session: Session, identifier: str | None = None, *, closed: bool = False) -> list[RowMapping]:
    """Returns the open tasks, or with `closed` the closed ones, of one inspection or of all, oldest first."""
    conditions: list[ColumnElement[bool]] = [TASKS.c.closed_at.is_not(None) if closed else TASKS.c.closed_at.is_(None)]
    if identifier is not None:
        conditions.append(TASKS.c.inspection_id == identifier)
    query = select(TASKS).where(*conditions).order_by(TASKS.c.opened_at, TASKS.c.id)
    return list(session.connection().execute(query).mappings())


def _of(session: Session, table: Table, identifier: str, *order: ColumnElement[Any]) -> list[dict[str, Any]]:
    query = select(table).where(table.c.inspection_id == identifier).order_by(*order)
    return [dict(row) for row in session.connection().execute(query).mappings()]


def _without_data(session: Session, table: Table, identifier: str, *order: ColumnElement[Any]) -> list[dict[str, Any]]:
    """Returns letters or documents without the data they are rendered from, but with whether it was erased."""
    columns = [column for column in table.c if column.name != "data_json"]
    erased = (table.c.data_json == ERASED).label("erased")
    query = select(*columns, erased).where(table.c.inspection_id == identifier).order_by(*order)
    return [dict(row) for row in session.connection().execute(query).mappings()]


def _comments(session: Session, identifier: str) -> list[dict[str, Any]]:
    """Returns each comment with its text and the text of its location."""
    rows = _of(session, COMMENTS, identifier, COMMENTS.c.number)
    words = bodies(session.connection(), {row[name] for row in rows for name in ("location_text_id", "text_id")})
    return [{**row, "where": words[row["location_text_id"]], "text": words[row["text_id"]]} for row in rows]


def _sections(session: Session, row: RowMapping) -> list[dict[str, Any]]:
    """Returns the sections that are written, in the order of para 49."""
    written = {section["heading"]: section for section in _of(session, SECTIONS, row["id"], SECTIONS.c.heading)}
    order = edition(row["edition"]).sections(row["scope"])
    return [written[key] for key in order if key in written]
