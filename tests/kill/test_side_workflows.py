"""What the tests of kills allow for London's midnight: one letter if the day changed in between, and nothing else."""

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
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliHarness:
    """An inspection that was ordered on Monday, with the announcement queued on Wednesday."""
    cli = CliHarness(tmp_path, monkeypatch)
    cli.start()
    cli.on(str(WEDNESDAY)).take("notify")
    return cli


def accepted_on(cli: CliHarness, day: date) -> ProcessHarness:
    """Marks the announcement as accepted on this day, and delivers everything else."""
    cli.on(str(day))
    deliver_all(cli)
    cli.take("record_service", method="email")
    deliver_all(cli)
    return ProcessHarness(cli.data, began=WEDNESDAY)


def deliver_all(cli: CliHarness) -> None:
    """Marks everything in the outbox as rendered or accepted."""
    with writing(cli.records) as session:
        work = states.waiting(session, ID)
        for document in work.documents:
            columns = {"template_version": "1", "html_path": "a.html", "html_sha256": "a"}
            states.mark_rendered(session, document, moment=cli.now, **columns)
        for letter in work.letters:
            states.mark_sending(session, letter.id, cli.now)
            states.mark_accepted(session, letter.id, cli.now)


def log_and_letters(cli: CliHarness) -> tuple[Sequence[StoredEvent], list[dict[str, Any]]]:
    with reading(cli.records) as session:
        log = read.history(session, ID)
    return log, [dict(row._mapping) for row in cli.rows("SELECT * FROM letters")]


def test_an_announcement_of_one_day_is_settled_with_its_letters(cli: CliHarness) -> None:
    settled(accepted_on(cli, WEDNESDAY), ANNOUNCED)
    assert midnight_letter(*log_and_letters(cli), WEDNESDAY, WEDNESDAY) == []


def test_an_announcement_accepted_after_midnight_is_settled_with_the_letter_on_changed_dates(
    cli: CliHarness,
) -> None:
    settled(accepted_on(cli, THURSDAY), ANNOUNCED)
    (letter,) = midnight_letter(*log_and_letters(cli), WEDNESDAY, THURSDAY)
    assert letter["kind"] == "changed_dates"


@pytest.mark.parametrize(("began", "today"), [(WEDNESDAY, WEDNESDAY), (THURSDAY, THURSDAY)])
def test_the_letter_is_not_allowed_if_the_day_did_not_change(cli: CliHarness, began: date, today: date) -> None:
    accepted_on(cli, THURSDAY)
    with pytest.raises(AssertionError, match="1 letters on changed dates"):
        midnight_letter(*log_and_letters(cli), began, today)


def test_exactly_one_letter_is_required_if_the_day_changed(cli: CliHarness) -> None:
    accepted_on(cli, THURSDAY)
    log, rows = log_and_letters(cli)
    (own,) = midnight_letter(log, rows, WEDNESDAY, THURSDAY)
    for others in ([row for row in rows if row is not own], [*rows, own]):
        with pytest.raises(AssertionError, match=r"[02] letters on changed dates"):
            midnight_letter(log, others, WEDNESDAY, THURSDAY)


@pytest.mark.parametrize(("day", "letters"), [(WEDNESDAY, 12), (THURSDAY, 13)])
def test_a_letter_on_dates_that_a_person_changed_is_not_allowed(cli: CliHarness, day: date, letters: int) -> None:
    here = accepted_on(cli, day)
    cli.take("override", "m.okafor", gate="notice", reason="Agreed with the director")
    cli.take("arrange_fieldwork", "i.ashdown", starts="2010-11-16")
    deliver_all(cli)
    with pytest.raises(AssertionError, match=f"happened too often: .*'letter_accepted': {letters}"):
        settled(here, {**ANNOUNCED, "gate_overridden": 1, "fieldwork_arranged": 1})
