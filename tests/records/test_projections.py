"""Records of an older product get what search and statistics read, once."""

from sqlalchemy import Engine, delete

from records.database import reading, writing
from records.history import History, history
from records.projections import make_missing
from records.statistics import statistics
from records.tables_search import EVENT_WORDS, STANDINGS
from tests.records.builders import MOMENT, begin, event, record


def test_what_is_missing_is_made_once(records: Engine) -> None:
    begin(records)
    begin(records, "SLAC-2010-002", reference="REF-2", authority="331")
    record(records, events=[event()])
    assert make_missing(records) == 0
    with reading(records) as session:
        before = statistics(session, "paragraph", MOMENT)
    with writing(records) as session:
        session.connection().execute(delete(EVENT_WORDS))
        session.connection().execute(delete(STANDINGS).where(STANDINGS.c.inspection_id != "SLAC-2010-002"))
    assert make_missing(records) == 1
    assert make_missing(records) == 0
    with reading(records) as session:
        assert len(history(session, wanted=History(words="lists"))) == 1
        after = statistics(session, "paragraph", MOMENT)
    assert before.total.limits["met"].number == 0
    assert after.total.limits["open"].number >= before.total.limits["open"].number
