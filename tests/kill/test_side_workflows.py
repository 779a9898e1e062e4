"""What the tests of kills allow for London's midnight: one letter, where it really came between, and nothing else."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from framework.messages.events import StoredEvent
from records.database.connection import reading, writing
from records.log import read
from records.outbox import states
from tests.cli_harness import ID, CliHarness
from tests.kill.expectations import ANNOUNCED, midnight_letter, settled
from tests.kill.process_harness import ProcessHarness

WEDNESDAY, THURSDAY = date(2010, 11, 3), date(2010, 11, 4)


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliHarness:
    """Ordered on Monday; what is announced, is on Wednesday."""
    counter = CliHarness(tmp_path, monkeypatch)
    counter.start()
    counter.on(str(WEDNESDAY)).take("notify")
    return counter


def accepted_on(counter: CliHarness, day: date) -> ProcessHarness:
    """The announcement was accepted on this day, and everything else went after it."""
    counter.on(str(day))
    everything_goes(counter)
    counter.take("record_service", method="email")
    everything_goes(counter)
    return ProcessHarness(counter.data, began=WEDNESDAY)


def everything_goes(counter: CliHarness) -> None:
    """What the outbox holds is made, sent and accepted."""
    with writing(counter.records) as session:
        work = states.waiting(session, ID)
        for document in work.documents:
            made = {"template_version": "1", "html_path": "a.html", "html_sha256": "a"}
            states.mark_rendered(session, document, moment=counter.now, **made)
        for letter in work.letters:
            states.mark_sending(session, letter.id, counter.now)
            states.mark_accepted(session, letter.id, counter.now)


def held(counter: CliHarness) -> tuple[Sequence[StoredEvent], list[dict[str, Any]]]:
    with reading(counter.records) as session:
        log = read.history(session, ID)
    return log, [dict(row._mapping) for row in counter.rows("SELECT * FROM letters")]


def test_an_announcement_of_one_day_is_settled_with_two_letters(counter: CliHarness) -> None:
    settled(accepted_on(counter, WEDNESDAY), ANNOUNCED)
    assert midnight_letter(*held(counter), WEDNESDAY, WEDNESDAY) == []


def test_an_announcement_accepted_after_midnight_is_settled_with_the_letter_on_changed_dates(
    counter: CliHarness,
) -> None:
    settled(accepted_on(counter, THURSDAY), ANNOUNCED)
    (letter,) = midnight_letter(*held(counter), WEDNESDAY, THURSDAY)
    assert letter["kind"] == "changed_dates"


@pytest.mark.parametrize(("began", "today"), [(WEDNESDAY, WEDNESDAY), (THURSDAY, THURSDAY)])
def test_the_letter_is_one_too_many_where_the_day_did_not_change_between(
    counter: CliHarness, began: date, today: date
) -> None:
    accepted_on(counter, THURSDAY)
    with pytest.raises(AssertionError, match="1 letters on changed dates"):
        midnight_letter(*held(counter), began, today)


def test_the_letter_must_go_where_the_day_did_change_and_only_once(counter: CliHarness) -> None:
    accepted_on(counter, THURSDAY)
    log, rows = held(counter)
    (own,) = midnight_letter(log, rows, WEDNESDAY, THURSDAY)
    for others in ([row for row in rows if row is not own], [*rows, own]):
        with pytest.raises(AssertionError, match=r"[02] letters on changed dates"):
            midnight_letter(log, others, WEDNESDAY, THURSDAY)


@pytest.mark.parametrize(("day", "letters"), [(WEDNESDAY, 3), (THURSDAY, 4)])
def test_a_letter_on_dates_that_somebody_changed_is_never_allowed_for(
    counter: CliHarness, day: date, letters: int
) -> None:
    house = accepted_on(counter, day)
    counter.take("override", "m.okafor", gate="notice", reason="The authority asked for it.")
    counter.take("arrange_fieldwork", "i.ashdown", starts="2010-11-16")
    everything_goes(counter)
    with pytest.raises(AssertionError, match=f"happened too often: .*'letter_accepted': {letters}"):
        settled(house, {**ANNOUNCED, "fieldwork_arranged": 1})
