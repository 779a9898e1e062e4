"""The filters of auditors on both databases: late letters, overrides, grades changed after the draft report was sent."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from framework.calendar.london_time import london_day
from records.database.connection import reading, writing
from records.log.append import append
from records.log.criteria import EventFilter
from records.log.read import history, page
from records.outbox import states
from tests.records.builders import ID, MOMENT, begin, event, record, reminder

GRADED = {"heading": "safeguarding.overall", "grade": "good"}
EVENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("gate_overridden", {"gate": "team"}),
    ("connection_decided", {"person": "i.ashdown", "allowed": True, "override": True}),
    ("connection_decided", {"person": "i.ashdown", "allowed": True}),
    ("heading_graded", GRADED),
    ("draft_sent", {}),
    ("heading_graded", {**GRADED, "grade": "adequate", "before": {"grade": "good"}}),
    ("heading_graded", {**GRADED, "grade": "adequate", "before": {"grade": "adequate"}}),
)


def numbers(engine: Engine, **criteria: Any) -> list[int]:
    """The numbers of the events that match, of all and of one inspection and page by page alike."""
    with reading(engine) as session:
        matching = EventFilter(**criteria)
        events = history(session, None, matching)
        assert history(session, ID, matching) == events
        assert page(session, None, matching, 100).events == events
    return [stored.number for stored in events]


def test_departures_are_found(records: Engine) -> None:
    begin(records)
    with writing(records) as session:
        for number, (kind, data) in enumerate(EVENTS):
            append(session, ID, f"c{number}", [event(kind, data=data)], MOMENT)
    assert numbers(records, overrides=True) == [1, 2]
    assert numbers(records, grades_after_draft=True) == [6]


@pytest.mark.parametrize(("minutes", "late"), [(14 * 60 + 59, False), (15 * 60, True)])
def test_a_letter_is_late_once_its_london_day_is_over(records: Engine, minutes: int, late: bool) -> None:
    """It is ordered at nine in the morning."""
    begin(records)
    letter = record(records, letters=(reminder(),)).letters[0]
    moment = MOMENT + timedelta(minutes=minutes)
    assert numbers(records, late_letters=london_day(moment)) == ([1] if late else [])
    with writing(records) as session:
        states.mark_sending(session, letter, moment)
        states.mark_accepted(session, letter, moment)
    assert numbers(records, late_letters=london_day(moment)) == ([2] if late else [])
    assert numbers(records, late_letters=london_day(moment), person="c.marsh") == []
