"""Reports on their way to the public: wanted in the transaction of the step, put there by an activity, marked here."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, literal, select, update
from sqlmodel import Session

from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, Refused
from records.database.columns import Moment
from records.database.upserts import insert_new
from records.tables.directory import AUTHORITIES
from records.tables.inspections import INSPECTIONS
from records.tables.outbox import DOCUMENTS, PUBLICATIONS


def order_publication(connection: Connection, inspection: str) -> None:
    """Marks the newest final report for publication. Raises `Refused` (para 53) when there is none."""
    newest = (
        select(DOCUMENTS.c.id)
        .where(DOCUMENTS.c.inspection_id == inspection, DOCUMENTS.c.kind == "final_report")
        .order_by(DOCUMENTS.c.event_number.desc())
        .limit(1)
    )
    document = connection.execute(newest).scalar()
    if document is None:
        raise Refused(f"the final report of {inspection} is not made yet, so it cannot be published", 53)
    row = {"inspection_id": inspection, "document_id": document, "path": "", "published_at": None}
    connection.execute(insert_new(connection, PUBLICATIONS), row)


def to_publish(session: Session, inspection: str) -> str | None:
    """Returns the document that waits to be published, if any."""
    query = select(PUBLICATIONS.c.document_id).where(
        PUBLICATIONS.c.inspection_id == inspection, PUBLICATIONS.c.published_at.is_(None)
    )
    return session.connection().execute(query).scalar()


def mark_published(session: Session, inspection: str, document: str, path: str, moment: datetime) -> None:
    """Records the path of the published report. Raises `BadInput` if it was not to be published."""
    updated = session.connection().execute(
        update(PUBLICATIONS)
        .where(PUBLICATIONS.c.inspection_id == inspection, PUBLICATIONS.c.document_id == document)
        .values(path=path, published_at=func.coalesce(PUBLICATIONS.c.published_at, literal(moment, Moment)))
    )
    if not updated.rowcount:
        raise BadInput(f"the document {document} of {inspection} is not to be published")


def published(session: Session) -> list[dict[str, Any]]:
    """Returns the published reports, newest first: authority, inspection, published_on (London day), file."""
    query = (
        select(AUTHORITIES.c.name, PUBLICATIONS.c.inspection_id, PUBLICATIONS.c.published_at, PUBLICATIONS.c.path)
        .join(INSPECTIONS, INSPECTIONS.c.id == PUBLICATIONS.c.inspection_id)
        .join(AUTHORITIES, AUTHORITIES.c.code == INSPECTIONS.c.authority_code)
        .where(PUBLICATIONS.c.published_at.is_not(None))
        .order_by(PUBLICATIONS.c.published_at.desc(), PUBLICATIONS.c.inspection_id)
    )
    rows = session.connection().execute(query)
    return [
        {"authority": name, "inspection": inspection, "published_on": london_day(at), "file": path}
        for name, inspection, at, path in rows
    ]
