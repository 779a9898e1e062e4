"""What can be made again from the events: their words, and how the limits stood. For records of an older product, and in need."""

from sqlalchemy import Engine, select
from sqlmodel import Session

from records import standings, words
from records.database import reading, writing
from records.tables import INSPECTIONS
from records.tables_search import EVENT_WORDS, STANDINGS


def make_missing(engine: Engine) -> int:
    """Makes them for every inspection that has events and none of them yet; answers for how many. Quick when none lacks them."""
    with reading(engine) as session:
        lacking = _lacking(session)
    for identifier in lacking:
        with writing(engine) as session:
            make_again(session, identifier)
    return len(lacking)


def make_again(session: Session, identifier: str) -> None:
    """Makes them anew for one inspection."""
    words.keep_again(session.connection(), identifier)
    standings.keep_again(session, identifier)


def _lacking(session: Session) -> list[str]:
    has_words = select(EVENT_WORDS.c.id).where(
        EVENT_WORDS.c.inspection_id == INSPECTIONS.c.id, EVENT_WORDS.c.number == INSPECTIONS.c.head_number
    )
    stood = select(STANDINGS.c.number).where(STANDINGS.c.inspection_id == INSPECTIONS.c.id)
    query = select(INSPECTIONS.c.id).where(INSPECTIONS.c.head_number > 0, ~has_words.exists() | ~stood.exists())
    return list(session.connection().execute(query.order_by(INSPECTIONS.c.started_at, INSPECTIONS.c.id)).scalars())
