"""Appending to the log: numbers without a gap, one chain, each command once; and reading it."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Engine, text

from framework.common.errors import BadInput
from framework.vocabulary.roles import Role
from records.database.connection import reading, writing
from records.inspections.repository import find
from records.log.append import Appended, VersionConflict, append
from records.log.criteria import EventFilter
from records.log.hash_chain import GENESIS, canonical
from records.log.read import history
from tests.records.builders import ID, MOMENT, begin, event, limit, record, store, text_id

THREADS, EACH = 20, 5


def _append(engine: Engine, command: str, *events: Any, head: int | None = None) -> Appended:
    with writing(engine) as session:
        return append(session, ID, command, events, MOMENT, head)


def _rows(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT * FROM events ORDER BY number")).mappings())


def test_twenty_threads_append_to_one_inspection_without_fork_or_gap(records: Engine) -> None:
    begin(records)

    def work(thread: int) -> None:
        for turn in range(EACH):
            _append(records, f"{thread}-{turn}", event(), event())

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    rows = _rows(records)
    assert [row["number"] for row in rows] == list(range(1, THREADS * EACH * 2 + 1))
    assert [row["previous_hash"] for row in rows] == [GENESIS, *(row["hash"] for row in rows[:-1])]
    with reading(records) as session:
        head = find(session, ID)
    assert (head["head_number"], head["head_hash"]) == (rows[-1]["number"], rows[-1]["hash"])


def test_the_same_command_from_many_threads_is_recorded_once(records: Engine) -> None:
    begin(records)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _append(records, "same", event(), event()), range(8)))
    assert len(_rows(records)) == 2
    assert {(answer.first_event, answer.head, answer.hash) for answer in answers} == {(1, 2, answers[0].hash)}
    assert sorted(answer.already_committed for answer in answers) == [False] + [True] * 7


def test_the_moments_of_a_log_never_go_back_whichever_clock_is_behind(records: Engine) -> None:
    begin(records)
    late, later = MOMENT + timedelta(seconds=5), MOMENT + timedelta(seconds=9)
    for command, moment in (("entry_point", late), ("engine", MOMENT), ("entry point again", later)):
        with writing(records) as session:
            append(session, ID, command, [event(), event()], moment)
    with reading(records) as session:
        assert [stored.recorded for stored in history(session, ID)] == [late] * 4 + [later] * 2
        assert {stored.event.received for stored in history(session, ID)} == {MOMENT}


def test_an_append_to_a_head_that_moved_is_refused_and_writes_nothing(records: Engine) -> None:
    begin(records)
    _append(records, "a", event())
    with pytest.raises(VersionConflict, match="event 1, not 0"):
        _append(records, "b", event(), head=0)
    assert len(_rows(records)) == 1
    assert _append(records, "b", event(), head=1).head == 2


def test_a_command_sent_again_is_answered_although_the_head_moved_on(records: Engine) -> None:
    begin(records)
    first = _append(records, "a", event(), head=0)
    _append(records, "b", event(), head=1)
    assert _append(records, "a", event(), head=0) == Appended(
        first.head, first.hash, first.first_event, already_committed=True
    )


def test_an_unknown_inspection_is_named(records: Engine) -> None:
    with pytest.raises(BadInput, match="no inspection SLAC-2010-001"):
        _append(records, "a", event())


def test_an_event_comes_back_as_it_went_in_with_its_moments_in_utc(records: Engine) -> None:
    begin(records)
    summer = datetime(2010, 7, 1, 0, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    given = event(received=summer, data={"day": "2010-07-01", "n": 3, "list": ["a", None, True]}, cause="command:a")
    _append(records, "a", given)
    with reading(records) as session:
        (stored,) = history(session, ID)
    assert stored.event == given
    assert stored.event.received.tzinfo is UTC
    assert stored.event.received.hour == 23
    assert (stored.recorded, stored.command_id, stored.ordinal, stored.number) == (MOMENT, "a", 0, 1)


def test_a_moment_without_an_offset_is_refused(records: Engine) -> None:
    begin(records)
    with pytest.raises(ValueError, match="carries no offset"):
        _append(records, "a", event(received=datetime(2010, 11, 3, 9, 0)))  # noqa: DTZ001 - the point
    assert _rows(records) == []


def test_the_hash_can_be_computed_from_the_row_alone(records: Engine) -> None:
    begin(records)
    _append(records, "a", event(data={"b": 1, "a": "é\n"}, reason=None))
    (row,) = _rows(records)

    def moment(value: Any) -> str:
        aware = datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)
        return f"{aware:%Y-%m-%dT%H:%M:%S.%f}Z"

    plain = {
        "inspection": row["inspection_id"],
        "number": row["number"],
        "command": row["command_id"],
        "ordinal": row["ordinal"],
        "kind": row["kind"],
        "happened_on": str(row["happened_on"]),
        "received_at": moment(row["received_at"]),
        "recorded_at": moment(row["recorded_at"]),
        "actor": row["actor"],
        "role": row["role"],
        "entry_point": row["entry_point"],
        "ran_as": row["ran_as"],
        "paragraph": row["paragraph"],
        "data": json.loads(row["data"]),
        "reason": row["reason_text"],
        "cause": row["cause"],
        "previous": row["previous_hash"],
    }
    written = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(written.encode()).hexdigest() == row["hash"]


def test_the_canonical_form_is_the_documented_one() -> None:
    assert canonical({"é": 1, "a": ["x", None, False], "A": {"z": "\u2028\x01", "b": date(2010, 11, 3)}}) == (
        '{"A":{"b":"2010-11-03","z":"\u2028\\u0001"},"a":["x",null,false],"é":1}'
    )
    assert canonical({"\ue000": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ue000":1}', "sorted by UTF-16 code units"


@pytest.mark.parametrize("value", [0.5, 2**53, {1, 2}, b"x", object()])
def test_values_that_other_languages_read_differently_cannot_be_in_an_event(value: Any) -> None:
    with pytest.raises(ValueError, match="event"):
        canonical({"value": value})


def test_an_event_holds_commitments_to_the_texts_it_names(records: Engine) -> None:
    begin(records)
    words = store(records, text_id(1), "because")
    _append(records, "a", event(data={"notes": [words, text_id(9)]}, reason=words))
    (row,) = _rows(records)
    commitments = json.loads(row["data"])["commitments"]
    with records.connect() as connection:
        row = connection.execute(text("SELECT salt, body FROM texts")).one()
    proof = hashlib.sha256(bytes.fromhex(row.salt) + row.body.encode()).hexdigest()
    assert commitments == {words: proof}


def test_history_is_filtered_by_who_what_when_and_paragraph(records: Engine) -> None:
    begin(records)
    _append(records, "a", event(by="i.ashdown", kind="heading_graded", paragraph=27))
    with writing(records) as session:
        later = MOMENT + timedelta(days=2)
        append(session, ID, "b", [event(paragraph=32, kind="set_up_meeting_held")], later)

    def numbers(**criteria: Any) -> list[int]:
        with reading(records) as session:
            return [stored.number for stored in history(session, ID, EventFilter(**criteria))]

    assert numbers() == [1, 2]
    assert numbers(person="i.ashdown") == [1]
    assert numbers(kind="set_up_meeting_held") == [2]
    assert numbers(paragraph=27) == [1]
    assert numbers(first=date(2010, 11, 4)) == [2]
    assert numbers(last=date(2010, 11, 4)) == [1]
    assert numbers(as_of=MOMENT) == [1]
    assert numbers(newest=1) == [2]


def test_history_goes_by_london_days(records: Engine) -> None:
    begin(records)
    with writing(records) as session:
        append(session, ID, "a", [event()], datetime(2010, 7, 1, 23, 30, tzinfo=UTC))
    with reading(records) as session:
        assert len(history(session, criteria=EventFilter(first=date(2010, 7, 2), last=date(2010, 7, 2)))) == 1
        assert history(session, criteria=EventFilter(last=date(2010, 7, 1))) == []


def test_missed_shows_the_events_that_met_a_limit_late_let_it_lapse_or_ended_it_undone(records: Engine) -> None:
    begin(records)
    kinds = ("case_lists_received", "documents_received", "comments_lapsed", "case_lists_received", "window_closed")
    limits = (
        limit("case_lists", state="met_late", missed=True, settled_by=1),
        limit("documents", state="met", settled_by=2),
        limit("factual_comments", state="lapsed", missed=True, settled_by=3),
        limit("evaluation", state="never_done", missed=True, settled_by=5),
    )
    record(records, events=[event(kind) for kind in kinds], limits=limits)
    with reading(records) as session:
        assert [stored.number for stored in history(session, ID, EventFilter(missed=True))] == [1, 3, 5]


def test_history_across_all_goes_by_the_moment_of_recording(records: Engine) -> None:
    begin(records)
    begin(records, "SLAC-2010-002", reference="REF-2", authority="878")
    with writing(records) as session:
        append(session, "SLAC-2010-002", "a", [event(role=Role.MANAGER)], MOMENT - timedelta(hours=1))
    _append(records, "a", event())
    with reading(records) as session:
        assert [stored.inspection for stored in history(session)] == ["SLAC-2010-002", ID]
