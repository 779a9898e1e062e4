"""What the history can be filtered by: the known passes, the unknown is answered with the nearest known."""

from collections.abc import Callable
from datetime import date

import pytest

from framework.errors import BadInput
from interfaces.cli.filters_check import known_kind, known_paragraph, known_person, period
from records.database import reading
from tests.interfaces.counter import Counter

DAY, LATER = date(2010, 11, 3), date(2010, 11, 4)


def test_what_is_known_passes(counter: Counter) -> None:
    assert [known_kind(kind) for kind in ("draft_sent", "step_refused")] == ["draft_sent", "step_refused"]
    assert [known_paragraph(number) for number in (1, 69)] == [1, 69]
    with reading(counter.records) as session:
        assert [known_person(session, person) for person in ("c.marsh", "dcs.330", "system")]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: known_kind("draft_snet"), "--kind draft_snet: there is no such kind of event; nearest: draft_sent"),
        (lambda: known_kind("nope"), "--kind nope: there is no such kind of event"),
        (lambda: known_paragraph(0), "paragraphs 1 to 69; nearest: 1"),
        (lambda: known_paragraph(999), "--paragraph 999: the framework has paragraphs 1 to 69; nearest: 69"),
        (lambda: period(LATER, DAY), "--from 2010-11-04 is later than --to 2010-11-03"),
    ],
    ids=["a kind like another", "a kind like none", "before the first", "beyond the last", "a period"],
)
def test_what_is_not_known_is_wrong_input(ask: Callable[[], object], said: str) -> None:
    with pytest.raises(BadInput) as raised:
        ask()
    assert said in str(raised.value)


def test_a_person_nobody_knows_is_answered_with_the_nearest(counter: Counter) -> None:
    with reading(counter.records) as session, pytest.raises(BadInput, match=r"--by c\.mash: .*; nearest: c\.marsh"):
        known_person(session, "c.mash")


@pytest.mark.parametrize("days", [(None, None), (DAY, None), (None, DAY), (DAY, DAY), (DAY, LATER)])
def test_a_period_may_be_open_or_one_day(days: tuple[date | None, date | None]) -> None:
    assert period(*days) == days
