"""What can be made again from the events: their words, and how the limits stood. A backup does not carry them."""

from sqlalchemy import select
from sqlmodel import Session

from records.log import word_index
from records.projections import limit_history
from records.tables.inspections import INSPECTIONS


def rebuild_all(session: Session) -> None:
    """Makes them anew for every inspection."""
    connection = session.connection()
    for identifier in list(connection.execute(select(INSPECTIONS.c.id).order_by(INSPECTIONS.c.id)).scalars()):
        word_index.rebuild(connection, identifier)
        limit_history.rebuild(session, identifier)
