"""Filters of events: each against the same filter in plain Python, whichever query the counts choose."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update

from framework.calendar.london_time import london_day
from framework.common.errors import BadInput
from framework.inspection.steps import STEPS
from framework.messages.events import StoredEvent
from records.database.connection import reading, writing
from records.inspections import submissions
from records.log import filters, word_index
from records.log.append import append
from records.log.criteria import EventFilter
from records.log.read import history, iterate, key_of, page
from records.tables.inspections import INSPECTIONS, LIMITS, TEXTS
from records.tables.projections import EVENT_WORD_INDEX
from tests.records.builders import ID, MOMENT, begin, event, text_id

OTHER = "SLAC-2010-002"
PEOPLE = ("c.marsh", "i.ashdown", "system")
KINDS = ("case_lists_received", "documents_received", "draft_sent", "step_refused")
PARAGRAPHS = (42, 30, 50, None)
TEXTS_WRITTEN = ("the lake", "a Lake and a café", "latecomers", "nothing")
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"person": "system"},
    {"person": "i.ashdown"},
    {"kind": "draft_sent"},
    {"paragraph": 42},
    {"kind": "draft_sent", "person": "system", "paragraph": 42},
    {"first": date(2010, 11, 5), "last": date(2010, 11, 9)},
    {"first": date(2010, 11, 9), "kind": "draft_sent"},
    {"authority": "330"},
    {"authority": "331", "person": "c.marsh"},
    {"authority": "332"},
    {"region": "West Midlands"},
    {"region": "London"},
    {"region": "West Midlands", "person": "c.marsh", "stage": "planned"},
    {"among": frozenset({OTHER})},
    {"among": frozenset({OTHER}), "kind": "draft_sent"},
    {"among": frozenset()},
    {"stage": "planned"},
    {"stage": "closed"},
    {"stage": "planned", "authority": "331", "kind": "draft_sent"},
    {"limit": "draft_report"},
    {"missed": True},
    {"missed": True, "kind": "draft_sent"},
    {"words": "lake"},
    {"words": "LATE"},
    {"words": "cafe lake"},
    {"words": "draft lake", "person": "c.marsh"},
    {"words": "e"},
    {"words": "never written"},
    {"words": "7"},
)


@pytest.fixture(params=["looked up first", "event by event"])
def both_queries(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chooses one of the two ways to query by the bounds of the counts."""
    if request.param == "event by event":
        for name in ("FEW_INSPECTIONS", "FEW_MISSED", "HITS_PER_PAGE"):
            monkeypatch.setattr(filters, name, 0)


def fill(engine: Engine) -> dict[str, str]:
    """Appends sixty events to two inspections; returns the words of each event, by its key."""
    chance, words = Random(7), {}
    begin(engine)
    begin(engine, OTHER, reference="REF-2", authority="331")
    with writing(engine) as session:
        for number in range(60):
            of = chance.choice((ID, OTHER))
            body = chance.choice(TEXTS_WRITTEN)
            submissions.store_text(session, of, text_id(number), body, MOMENT)
            kind, room = chance.choice(KINDS), chance.choice(("Room 7", "Room 12"))
            person, paragraph = chance.choice(PEOPLE), chance.choice(PARAGRAPHS)
            new = event(kind, by=person, paragraph=paragraph, reason=text_id(number), data={"place": room})
            head = append(session, of, f"c{number}", [new], MOMENT + timedelta(hours=6 * (number // 2))).head
            words[f"{of}/{head}"] = f"{kind} {room} {body}".replace("_", " ").replace("é", "e").lower()
    with writing(engine) as session:
        events = history(session)
        met_by = ((ID, "draft_report", "draft_sent"), (OTHER, "case_lists", "case_lists_received"))
        rows = [
            {"inspection_id": of, "key": key, "settled_by": int(newest(events, of, kind).rsplit("/", 1)[1])}
            for of, key, kind in met_by
        ]
        same = {"due": MOMENT.date(), "paragraph": 50, "state": "met_late", "round": 1, "missed": True}
        session.connection().execute(LIMITS.insert(), [{**row, **same} for row in rows])
    return words


def newest(events: list[StoredEvent], inspection: str, kind: str) -> str:
    return [key_of(event) for event in events if event.inspection == inspection and event.event.kind == kind][-1]


def matches(stored: StoredEvent, criteria: dict[str, Any], words: dict[str, str], missed: set[str]) -> bool:
    """Returns whether one event matches the filter, in plain Python."""
    indexed = words[key_of(stored)].split()
    checks: dict[str, Callable[[Any], bool]] = {
        "person": lambda value: stored.event.by == value,
        "kind": lambda value: stored.event.kind == value,
        "paragraph": lambda value: stored.event.paragraph == value,
        "first": lambda value: london_day(stored.recorded) >= value,
        "last": lambda value: london_day(stored.recorded) <= value,
        "authority": lambda value: value == {ID: "330", OTHER: "331"}[stored.inspection],
        "region": lambda value: value == "West Midlands",
        "among": lambda value: stored.inspection in value,
        "stage": lambda value: value == "planned",
        "limit": lambda value: stored.event.kind in STEPS.meeting[value],
        "missed": lambda _: key_of(stored) in missed,
        "words": lambda value: all(
            any(word.startswith(part) if len(part) > 2 else word == part for word in indexed)
            for part in value.lower().split()
        ),
    }
    return all(checks[name](value) for name, value in criteria.items())


@pytest.mark.usefixtures("both_queries")
def test_every_filter_finds_what_plain_python_finds(records: Engine) -> None:
    words = fill(records)
    with reading(records) as session:
        everything = history(session)
        assert len(everything) == 60
        missed = {newest(everything, ID, "draft_sent"), newest(everything, OTHER, "case_lists_received")}
        for criteria in FILTERS:
            for of in (None, ID):
                matching = [event for event in everything if matches(event, criteria, words, missed)]
                expected = [event for event in matching if of in (None, event.inspection)]
                assert history(session, of, EventFilter(**criteria)) == expected, (criteria, of)
                assert list(iterate(session, of, EventFilter(**criteria))) == expected, (criteria, of)


@pytest.mark.usefixtures("both_queries")
@pytest.mark.parametrize("criteria", [{}, {"person": "system"}, {"words": "lake"}, {"authority": "331"}])
def test_pages_follow_each_other_without_gap_or_repeat(records: Engine, criteria: dict[str, Any]) -> None:
    fill(records)
    for of in (None, OTHER):
        with reading(records) as session:
            whole = history(session, of, EventFilter(**criteria))
            paged: list[StoredEvent] = []
            after = None
            while len(paged) <= len(whole):
                current = page(session, of, EventFilter(**criteria), 7, after)
                paged += current.events
                assert len(current.events) == 7 or current.next is None
                if (after := current.next) is None:
                    break
            assert paged == whole


@pytest.mark.parametrize(
    "key", ["", "x", "SLAC-2010-001/0", "SLAC-2010-001/99", "SLAC-2010-001/²", "/1", "a/b/" + "9" * 30]
)
def test_a_key_that_names_no_event_is_wrong_input(records: Engine, key: str) -> None:
    fill(records)
    with reading(records) as session, pytest.raises(BadInput, match="names no event"):
        page(session, None, EventFilter(), 5, key)


def test_the_key_of_another_inspection_is_wrong_input(sqlite: Engine) -> None:
    fill(sqlite)
    with reading(sqlite) as session, pytest.raises(BadInput, match=f"names no event of {ID}"):
        page(session, ID, EventFilter(), 5, f"{OTHER}/1")


@pytest.mark.parametrize("nothing", ["", "!", "  ", "_", "'\""])
def test_words_without_a_word_are_wrong_input(sqlite: Engine, nothing: str) -> None:
    with reading(sqlite) as session, pytest.raises(BadInput, match="must hold a word"):
        history(session, criteria=EventFilter(words=nothing))


@pytest.mark.parametrize("sign", ['"', "'", "%", "*", "\\", ":", "&", "|", "!", "(", "NOT ", "OR ", "a\x00b "])
def test_signs_of_a_query_language_mean_nothing(records: Engine, sign: str) -> None:
    fill(records)
    with reading(records) as session:
        lakes = history(session, criteria=EventFilter(words="lake"))
        with_signs = history(session, criteria=EventFilter(words=f"{sign}lake{sign}"))
        assert lakes
        assert with_signs == (lakes if len(word_index.split(f"{sign}lake")) == 1 else with_signs)


def test_erased_words_match_no_more_once_the_index_is_rebuilt(records: Engine) -> None:
    fill(records)
    with writing(records) as session:
        connection = session.connection()
        connection.execute(update(TEXTS).where(TEXTS.c.inspection_id == ID).values(body="erased"))
        word_index.rebuild(connection, ID)
    with reading(records) as session:
        assert {stored.inspection for stored in history(session, criteria=EventFilter(words="lake"))} == {OTHER}
        assert history(session, ID, EventFilter(words="lake")) == []
        assert history(session, ID, EventFilter(words="erased")) == history(session, ID)


def test_the_rebuilt_index_has_the_words_that_were_saved(records: Engine) -> None:
    fill(records)

    def indexed() -> list[Any]:
        with reading(records) as session:
            query = select(EVENT_WORD_INDEX.c.inspection_id, EVENT_WORD_INDEX.c.number, EVENT_WORD_INDEX.c.words)
            return sorted(map(tuple, session.connection().execute(query)))

    before = indexed()
    with writing(records) as session:
        session.connection().execute(delete(EVENT_WORD_INDEX))
        for of in session.connection().execute(select(INSPECTIONS.c.id)).scalars().all():
            word_index.rebuild(session.connection(), of)
    assert indexed() == before
    assert len(before) == 60


def test_hashes_and_identifiers_of_texts_are_no_words() -> None:
    data = {"sha256": "a" * 64, "text": text_id(1), "commitments": {text_id(1): "b" * 64}, "grade": "good", "use": True}
    assert word_index.indexed_text("heading_graded", data, ["Ça va"]) == " heading graded good ca va"


ELSEWHERE = {"as_of", "newest", "late_letters", "overrides", "grades_after_draft"}
"""Criteria that need more than these events: see `tests.interfaces.cli.test_history_audit` for those of auditors."""


def test_every_criterion_is_tested_here() -> None:
    tested = {name for criteria in FILTERS for name in criteria}
    assert {field.name for field in fields(EventFilter)} - tested == ELSEWHERE
