"""The check of the chain: its fast form is that of `hash_chain` for any event, and the first break is named."""

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from framework.messages.events import Event
from framework.vocabulary.roles import Role
from records.database.columns import to_text
from records.database.connection import reading, writing
from records.log.append import append
from records.log.hash_chain import MAX_INTEGER, EventKey, canonical, digest, event_form
from records.verify.chain_check import PAGE, chains
from records.verify.findings import Report
from records.verify.row_form import fast_form
from tests.records.builders import ID, MOMENT, begin, event

words = st.text(st.characters(codec="utf-8"))
moments = st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds it
data = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
events = st.builds(
    Event,
    kind=words,
    on=st.dates(),
    received=moments,
    by=words,
    role=st.sampled_from(Role),
    entry_point=words,
    ran_as=words,
    paragraph=st.none() | st.integers(1, 69),
    data=st.dictionaries(words, data, max_size=5),
    reason=st.none() | words,
    cause=words,
)
keys = st.builds(
    EventKey,
    inspection=words,
    number=st.integers(1, MAX_INTEGER),
    command=words,
    ordinal=st.integers(0, 99),
    recorded=moments,
)


def as_row(key: EventKey, event: Event, previous: str, postgres: bool) -> tuple[Any, ...]:
    """Returns the row of an event as a driver does: days and moments as text for SQLite, typed for PostgreSQL."""

    def stored(value: date | datetime) -> Any:
        if postgres:
            return value
        return to_text(value) if isinstance(value, datetime) else value.isoformat()

    return (
        *(key.inspection, key.number, event.by, event.cause, key.command, canonical(event.data), event.entry_point),
        *(stored(event.on), event.kind, key.ordinal, event.paragraph, previous, event.ran_as, event.reason),
        *(stored(event.received), stored(key.recorded), str(event.role), ""),
    )


@given(keys, events, words, st.booleans())
def test_the_fast_form_is_that_of_the_hash_chain(key: EventKey, new: Event, previous: str, postgres: bool) -> None:
    slow = canonical(event_form(key, new, new.data, previous))
    fast = fast_form(as_row(key, new, previous, postgres))
    assert fast == slow
    assert sha256(fast.encode()).hexdigest() == digest(key, new, new.data, previous)


def checked(engine: Engine, inspection: str = "") -> Report:
    report = Report()
    with reading(engine) as session:
        for _ in chains(session.connection(), report, inspection):
            pass
    return report


def fill(engine: Engine, count: int, inspection: str = ID) -> None:
    with writing(engine) as session:
        append(session, inspection, "many", [event(data={"n": number}) for number in range(count)], MOMENT)


def alter(engine: Engine, statement: str) -> None:
    """Executes a statement without the triggers of events."""
    sqlite = engine.dialect.name == "sqlite"
    guards = ("change", "go", "replace") if sqlite else ("change", "go")
    with engine.begin() as connection:
        for guard in guards if sqlite else ():
            connection.execute(text(f"DROP TRIGGER events_never_{guard}"))
        for guard in () if sqlite else guards:
            connection.execute(text(f"ALTER TABLE events DISABLE TRIGGER events_never_{guard}"))
        connection.execute(text(statement))
        for guard in () if sqlite else guards:
            connection.execute(text(f"ALTER TABLE events ENABLE ALWAYS TRIGGER events_never_{guard}"))


def test_chains_longer_than_a_page_are_checked_and_counted(records: Engine) -> None:
    begin(records)
    begin(records, "SLAC-2010-002", reference="REF-2", authority="878")
    begin(records, "SLAC-2010-003", reference="REF-3", authority="331")
    fill(records, PAGE + 5)
    fill(records, PAGE, "SLAC-2010-002")
    report = checked(records)
    assert report.findings == []
    assert report.checked == {"inspections": 3, "events": 2 * PAGE + 5}
    assert checked(records, ID).checked == {"inspections": 1, "events": PAGE + 5}


@pytest.mark.parametrize(
    ("statement", "number", "fault"),
    [
        ("UPDATE events SET actor = 'somebody' WHERE number = 3", 3, "altered after it was recorded"),
        ("UPDATE events SET happened_on = '2010-11-04' WHERE number = 3", 3, "altered after it was recorded"),
        ("UPDATE events SET recorded_at = '2010-11-03T09:00:00.000001Z' WHERE number = 2", 2, "altered after"),
        ("UPDATE events SET data = '{}' WHERE number = 5", 5, "altered after it was recorded"),
        ("DELETE FROM events WHERE number = 4", 5, "it comes after event 3"),
        ("DELETE FROM events WHERE number = 6", 5, "the log ends at 5"),
        ("UPDATE events SET number = 9 WHERE number = 6", 9, "it comes after event 5"),
        ("UPDATE events SET previous_hash = hash WHERE number = 2", 2, "does not follow the event before it"),
        ("UPDATE inspections SET head_number = 5", 6, "its row says the newest event is 5"),
        ("UPDATE inspections SET head_hash = 'x'", 6, "not the one its row names"),
        ("DELETE FROM events", None, "there are 6 events, and there are none"),
    ],
)
def test_the_first_break_is_named_with_its_event(
    records: Engine, statement: str, number: int | None, fault: str
) -> None:
    begin(records)
    fill(records, 6)
    alter(records, statement)
    first = checked(records).findings[0]
    assert (first.check, first.inspection, first.event) == ("chain", ID, number)
    assert fault in first.line()
