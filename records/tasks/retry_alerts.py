"""What goes on failing and goes on being tried: a person hears of it, and the task closes when it is done at last."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from framework.messages.orders import TaskOrder
from records.tables.outbox import DOCUMENTS
from records.tasks.tasks import close_tasks, open_task

LONGEST = 300
"""Characters of a reason; what failed may say a great deal."""


def document_keeps_failing(session: Session, document_id: str, why: str, attempts: int, moment: datetime) -> None:
    """Opens the coordinator's task for a document that is still wanted and cannot be made; once, whatever comes after.

    Its key is the one that `outbox.mark_rendered` closes."""
    connection = session.connection()
    query = select(DOCUMENTS).where(DOCUMENTS.c.id == document_id, DOCUMENTS.c.status == "wanted")
    row = connection.execute(query.with_for_update()).mappings().first()
    if row is None:
        return
    facts = {"document": document_id, "kind": row["kind"], "why": why[:LONGEST], "attempts": attempts}
    task = TaskOrder(key=f"document:{document_id}", kind="document_failing", facts=facts)
    open_task(connection, row["inspection_id"], task, moment, row["event_number"])


def publication_keeps_failing(session: Session, document_id: str, why: str, attempts: int, moment: datetime) -> None:
    """Opens the coordinator's task for a report that is owed to the public, or its index, and cannot be put there; once."""
    inspection, event = _whose(session, document_id)
    facts = {"document": document_id, "why": why[:LONGEST], "attempts": attempts}
    task = TaskOrder(key=f"publication:{document_id}", kind="publication_failing", facts=facts)
    open_task(session.connection(), inspection, task, moment, event)


def publication_is_done(session: Session, document_id: str, moment: datetime) -> None:
    """The report stands there, and the index names it: closes the task, if there was one."""
    inspection, _ = _whose(session, document_id)
    close_tasks(session.connection(), inspection, [f"publication:{document_id}"], moment)


def _whose(session: Session, document_id: str) -> tuple[str, int]:
    query = select(DOCUMENTS.c.inspection_id, DOCUMENTS.c.event_number).where(DOCUMENTS.c.id == document_id)
    inspection, event = session.connection().execute(query).one()
    return inspection, event
