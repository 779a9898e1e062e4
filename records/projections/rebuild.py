"""Rebuilds the projections that backups do not contain: the word index and the history of limits."""

from sqlalchemy import select
from sqlmodel import Session

from records.log import word_index
from records.projections import limit_history, parts
from records.tables.inspections import INSPECTIONS


def rebuild_all(session: Session) -> None:
    """Rebuilds them for every inspection."""
    connection = session.connection()
    for identifier in list(connection.execute(select(INSPECTIONS.c.id).order_by(INSPECTIONS.c.id)).scalars()):
        word_index.rebuild(connection, identifier)
        limit_history.rebuild(session, identifier)
        parts.rebuild(session, identifier)
