"""Searching the log: every filter against the same filter in plain Python, by whichever way it is looked up."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update

from framework.calendar.london_time import london_day
from framework.common.errors import BadInput
from framework.lifecycle.limit_status import MET_BY
from framework.messages.events import StoredEvent
from records.database.connection import reading, writing
from records.log import filters, word_index
from records.log.append import append
from records.log.read import History, history, iterate, key_of, page
from records.tables.inspections import INSPECTIONS, LIMITS, TEXTS
from records.tables.projections import EVENT_WORD_INDEX
from tests.records.builders import ID, MOMENT, begin, event, keep, text_id

OTHER = "SLAC-2010-002"
PEOPLE = ("c.marsh", "i.ashdown", "system")
KINDS = ("case_lists_received", "documents_received", "draft_sent", "step_refused")
PARAGRAPHS = (42, 30, 50, None)
SAID = ("the lake", "a Lake and a café", "latecomers", "nothing")
WANTED: tuple[dict[str, Any], ...] = (
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
    {"words": "never said"},
    {"words": "7"},
)


@pytest.fixture(params=["looked up first", "one by one"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of looking find the same."""
    if request.param == "one by one":
        for name in ("FEW_INSPECTIONS", "FEW_MISSED", "HITS_A_PAGE"):
            monkeypatch.setattr(filters, name, 0)


def fill(engine: Engine) -> dict[str, str]:
    """Two inspections with sixty events; what each says, by its key."""
    chance, said = Random(7), {}
    begin(engine)
    begin(engine, OTHER, reference="REF-2", authority="331")
    for number in range(60):
        of = chance.choice((ID, OTHER))
        body = chance.choice(SAID)
        reason = keep(engine, text_id(number), body, of)
        kind, place = chance.choice(KINDS), chance.choice(("Room 7", "Room 12"))
        happens = event(
            kind, by=chance.choice(PEOPLE), paragraph=chance.choice(PARAGRAPHS), reason=reason, data={"place": place}
        )
        with writing(engine) as session:
            head = append(session, of, f"c{number}", [happens], MOMENT + timedelta(hours=6 * (number // 2))).head
        said[f"{of}/{head}"] = f"{kind} {place} {body}".replace("_", " ").replace("é", "e").lower()
    with writing(engine) as session:
        rows = [{"inspection_id": ID, "key": "draft_report"}, {"inspection_id": OTHER, "key": "case_lists"}]
        same = {"due": MOMENT.date(), "paragraph": 50, "state": "met_late"}
        session.connection().execute(LIMITS.insert(), [{**row, **same} for row in rows])
    return said


def newest(events: list[StoredEvent], inspection: str, kind: str) -> str:
    return [key_of(one) for one in events if one.inspection == inspection and one.event.kind == kind][-1]


def fits(one: StoredEvent, asked: dict[str, Any], said: dict[str, str], missed: set[str]) -> bool:
    """The same question, asked of one event in plain Python."""
    told = said[key_of(one)].split()
    looks: dict[str, Callable[[Any], bool]] = {
        "person": lambda value: one.event.by == value,
        "kind": lambda value: one.event.kind == value,
        "paragraph": lambda value: one.event.paragraph == value,
        "first": lambda value: london_day(one.recorded) >= value,
        "last": lambda value: london_day(one.recorded) <= value,
        "authority": lambda value: value == {ID: "330", OTHER: "331"}[one.inspection],
        "stage": lambda value: value == "planned",
        "limit": lambda value: one.event.kind in MET_BY[value],
        "missed": lambda _: key_of(one) in missed,
        "words": lambda value: all(
            any(word.startswith(part) if len(part) > 2 else word == part for word in told)
            for part in value.lower().split()
        ),
    }
    return all(looks[name](value) for name, value in asked.items())


@pytest.mark.usefixtures("way")
def test_every_filter_finds_what_plain_python_finds(records: Engine) -> None:
    said = fill(records)
    with reading(records) as session:
        everything = history(session)
        assert len(everything) == 60
        missed = {newest(everything, ID, "draft_sent"), newest(everything, OTHER, "case_lists_received")}
        for asked in WANTED:
            for of in (None, ID):
                right = [one for one in everything if fits(one, asked, said, missed) and of in (None, one.inspection)]
                assert history(session, of, History(**asked)) == right, (asked, of)
                assert list(iterate(session, of, History(**asked))) == right, (asked, of)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("asked", [{}, {"person": "system"}, {"words": "lake"}, {"authority": "331"}])
def test_pages_follow_each_other_without_gap_or_repeat(records: Engine, asked: dict[str, Any]) -> None:
    fill(records)
    for of in (None, OTHER):
        with reading(records) as session:
            whole = history(session, of, History(**asked))
            found: list[StoredEvent] = []
            after = None
            while len(found) <= len(whole):
                some = page(session, of, History(**asked), 7, after)
                found += some.events
                assert len(some.events) == 7 or some.next is None
                if (after := some.next) is None:
                    break
            assert found == whole


@pytest.mark.parametrize(
    "key", ["", "x", "SLAC-2010-001/0", "SLAC-2010-001/99", "SLAC-2010-001/²", "/1", "a/b/" + "9" * 30]
)
def test_a_key_that_names_no_event_is_wrong_input(records: Engine, key: str) -> None:
    fill(records)
    with reading(records) as session, pytest.raises(BadInput, match="names no event"):
        page(session, None, History(), 5, key)


def test_the_key_of_another_inspection_is_wrong_input(sqlite: Engine) -> None:
    fill(sqlite)
    with reading(sqlite) as session, pytest.raises(BadInput, match=f"names no event of {ID}"):
        page(session, ID, History(), 5, f"{OTHER}/1")


@pytest.mark.parametrize("nothing", ["", "!", "  ", "_", "'\""])
def test_words_without_a_word_are_wrong_input(sqlite: Engine, nothing: str) -> None:
    with reading(sqlite) as session, pytest.raises(BadInput, match="must hold a word"):
        history(session, wanted=History(words=nothing))


@pytest.mark.parametrize("sign", ['"', "'", "%", "*", "\\", ":", "&", "|", "!", "(", "NOT ", "OR ", "a\x00b "])
def test_signs_of_a_query_language_mean_nothing(records: Engine, sign: str) -> None:
    fill(records)
    with reading(records) as session:
        lakes = history(session, wanted=History(words="lake"))
        found = history(session, wanted=History(words=f"{sign}lake{sign}"))
        assert lakes
        assert found == (lakes if len(word_index.split(f"{sign}lake")) == 1 else found)


def test_words_that_were_erased_are_found_no_more_once_they_are_kept_again(records: Engine) -> None:
    fill(records)
    with writing(records) as session:
        connection = session.connection()
        connection.execute(update(TEXTS).where(TEXTS.c.inspection_id == ID).values(body="erased"))
        word_index.rebuild(connection, ID)
    with reading(records) as session:
        assert {one.inspection for one in history(session, wanted=History(words="lake"))} == {OTHER}
        assert history(session, ID, History(words="lake")) == []
        assert history(session, ID, History(words="erased")) == history(session, ID)


def test_the_words_made_anew_are_those_that_were_kept(records: Engine) -> None:
    fill(records)

    def kept() -> list[Any]:
        with reading(records) as session:
            named = select(EVENT_WORD_INDEX.c.inspection_id, EVENT_WORD_INDEX.c.number, EVENT_WORD_INDEX.c.words)
            return sorted(map(tuple, session.connection().execute(named)))

    before = kept()
    with writing(records) as session:
        session.connection().execute(delete(EVENT_WORD_INDEX))
        for of in session.connection().execute(select(INSPECTIONS.c.id)).scalars().all():
            word_index.rebuild(session.connection(), of)
    assert kept() == before
    assert len(before) == 60


def test_hashes_and_identifiers_of_texts_are_no_words() -> None:
    data = {"sha256": "a" * 64, "text": text_id(1), "commitments": {text_id(1): "b" * 64}, "grade": "good", "use": True}
    assert word_index.indexed_text("heading_graded", data, ["Ça va"]) == " heading graded good ca va"


def test_everything_that_can_be_asked_is_asked_here() -> None:
    asked = {name for one in WANTED for name in one}
    assert {field.name for field in fields(History)} - asked == {"as_of", "newest"}
