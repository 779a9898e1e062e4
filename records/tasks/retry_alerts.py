"""Tasks about activities that keep failing and are still retried: opened after some attempts, closed at success."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from framework.messages.orders import TaskOrder
from records.tables.outbox import DOCUMENTS
from records.tasks.tasks import close_tasks, open_task

MAX_REASON_LENGTH = 300
"""Characters of the error's text that a task keeps."""


def document_keeps_failing(session: Session, document_id: str, why: str, attempts: int, moment: datetime) -> None:
    """Opens the coordinator's task for a document that is still to be made and cannot be; a second call changes nothing.

    `outbox.mark_rendered` closes it, by the same key."""
    connection = session.connection()
    query = select(DOCUMENTS).where(DOCUMENTS.c.id == document_id, DOCUMENTS.c.status == "wanted")
    row = connection.execute(query.with_for_update()).mappings().first()
    if row is None:
        return
    facts = {"document": document_id, "kind": row["kind"], "why": why[:MAX_REASON_LENGTH], "attempts": attempts}
    task = TaskOrder(key=f"document:{document_id}", kind="document_failing", facts=facts)
    open_task(connection, row["inspection_id"], task, moment, row["event_number"])


def publication_keeps_failing(session: Session, document_id: str, why: str, attempts: int, moment: datetime) -> None:
    """Opens the coordinator's task for a report, or the index, that cannot be published; a second call changes nothing."""
    inspection, event = _source_of(session, document_id)
    facts = {"document": document_id, "why": why[:MAX_REASON_LENGTH], "attempts": attempts}
    task = TaskOrder(key=f"publication:{document_id}", kind="publication_failing", facts=facts)
    open_task(session.connection(), inspection, task, moment, event)


def publication_is_done(session: Session, document_id: str, moment: datetime) -> None:
    """Closes the task about a report that could not be published, if there is one."""
    inspection, _ = _source_of(session, document_id)
    close_tasks(session.connection(), inspection, [f"publication:{document_id}"], moment)


def _source_of(session: Session, document_id: str) -> tuple[str, int]:
    query = select(DOCUMENTS.c.inspection_id, DOCUMENTS.c.event_number).where(DOCUMENTS.c.id == document_id)
    inspection, event = session.connection().execute(query).one()
    return inspection, event
