"""What can be made again from the events: their words, and how the limits stood. A backup does not carry them."""

from sqlalchemy import select
from sqlmodel import Session

from records import standings, words
from records.tables import INSPECTIONS


def make_again(session: Session) -> None:
    """Makes them anew for every inspection."""
    connection = session.connection()
    for identifier in list(connection.execute(select(INSPECTIONS.c.id).order_by(INSPECTIONS.c.id)).scalars()):
        words.keep_again(connection, identifier)
        standings.keep_again(session, identifier)
