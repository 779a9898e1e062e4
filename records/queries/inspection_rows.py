"""The rows of one inspection for screens, and open tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, or_, select
from sqlmodel import Session

from framework.editions.registry import edition
from records.log.texts import bodies
from records.privacy.personal_columns import ERASED
from records.tables.content import COMMENTS, SECTIONS
from records.tables.directory import AUTHORITIES
from records.tables.inspections import SUBMISSIONS, TASKS
from records.tables.outbox import DOCUMENTS, LETTERS

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class InspectionRows:
    """What belongs to one inspection, beside its own row and its log."""

    authority: str
    """The authority's name."""
    letters: Sequence[Row]
    """Without the data they are rendered from, but with whether it was `erased`; so are documents."""
    documents: Sequence[Row]
    sections: Sequence[Row]
    """Those that are written, in the order of para 49."""
    comments: Sequence[Row]
    """With the text (`text`) and the text of its location (`where`)."""
    waiting: Sequence[Row]
    """Commands that wait for the workflow."""


def rows_of(session: Session, row: RowMapping) -> InspectionRows:
    """Reads what belongs to an inspection, given its row."""
    identifier = row["id"]
    authority = select(AUTHORITIES.c.name).where(AUTHORITIES.c.code == row["authority_code"])
    return InspectionRows(
        authority=session.connection().execute(authority).scalar_one(),
        letters=_without_data(session, LETTERS, identifier, LETTERS.c.queued_at, LETTERS.c.number),
        documents=_without_data(session, DOCUMENTS, identifier, DOCUMENTS.c.event_number),
        sections=_sections(session, row),
        comments=_comments(session, identifier),
        waiting=[
            command
            for command in _of(session, SUBMISSIONS, identifier, SUBMISSIONS.c.received_at)
            if command["state"] == "waiting"
        ],
    )


def tasks(
    session: Session,
    identifier: str | None = None,
    moment: datetime | None = None,
    among: frozenset[str] | None = None,
) -> list[RowMapping]:
    """Returns the tasks that are open now, or were at a moment, oldest first: of one inspection, of all, or of those `among`."""
    conditions: list[ColumnElement[bool]] = [TASKS.c.closed_at.is_(None)]
    if moment is not None:
        conditions = [TASKS.c.opened_at <= moment, or_(TASKS.c.closed_at.is_(None), TASKS.c.closed_at > moment)]
    if identifier is not None:
        conditions.append(TASKS.c.inspection_id == identifier)
    if among is not None:
        conditions.append(TASKS.c.inspection_id.in_(sorted(among)))
    query = select(TASKS).where(*conditions).order_by(TASKS.c.opened_at, TASKS.c.id)
    return list(session.connection().execute(query).mappings())


def _of(session: Session, table: Table, identifier: str, *order: ColumnElement[Any]) -> list[Row]:
    query = select(table).where(table.c.inspection_id == identifier).order_by(*order)
    return [dict(row) for row in session.connection().execute(query).mappings()]


def _without_data(session: Session, table: Table, identifier: str, *order: ColumnElement[Any]) -> list[Row]:
    columns = [column for column in table.c if column.name != "data_json"]
    erased = (table.c.data_json == ERASED).label("erased")
    query = select(*columns, erased).where(table.c.inspection_id == identifier).order_by(*order)
    return [dict(row) for row in session.connection().execute(query).mappings()]


def _comments(session: Session, identifier: str) -> list[Row]:
    rows = _of(session, COMMENTS, identifier, COMMENTS.c.number)
    words = bodies(session.connection(), {row[name] for row in rows for name in ("location_text_id", "text_id")})
    return [{**row, "where": words[row["location_text_id"]], "text": words[row["text_id"]]} for row in rows]


def _sections(session: Session, row: RowMapping) -> list[Row]:
    written = {section["heading"]: section for section in _of(session, SECTIONS, row["id"], SECTIONS.c.heading)}
    order = edition(row["edition"]).report.sections(row["scope"])
    return [written[key] for key in order if key in written]
