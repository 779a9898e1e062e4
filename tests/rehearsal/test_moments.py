"""On which moment an entry of a script falls."""

from datetime import UTC, datetime
from typing import Any

import pytest

from framework.calendar.london_time import LONDON
from framework.common.errors import BadInput
from rehearsal.entry_time import Known, moment_of
from rehearsal.script import Entry
from tests.framework.in_memory import InMemoryInspection, up_to_fieldwork


def moment(scenario: InMemoryInspection, **fields: Any) -> str:
    """The moment of an entry, in London's words."""
    entry = Entry.model_validate({"nobody": "x", **fields})
    result = moment_of(entry, Known(scenario.inspection, scenario.calendar), scenario.now)
    return f"{result.astimezone(LONDON):%a %d %b %Y %H:%M}"


def test_an_entry_that_says_nothing_comes_straight_after_the_one_before() -> None:
    scenario = InMemoryInspection()
    assert moment_of(Entry(nobody="x"), Known(scenario.inspection, scenario.calendar), scenario.now) == scenario.now


def test_the_due_day_of_a_limit_is_the_one_that_follows_from_what_has_happened() -> None:
    scenario = up_to_fieldwork(InMemoryInspection())
    assert moment(scenario, due="inspection_ends") == "Tue 30 Nov 2010 10:00"
    assert moment(scenario, due="draft_report", time="15:30") == "Tue 14 Dec 2010 15:30"


def test_working_days_are_counted_over_weekends_and_holidays() -> None:
    scenario = up_to_fieldwork(InMemoryInspection())
    assert moment(scenario, due="final_report") == "Thu 30 Dec 2010 10:00"
    assert moment(scenario, due="final_report", working_days="+2") == "Tue 04 Jan 2011 10:00"
    assert moment(scenario, due="final_report", working_days="-2") == "Fri 24 Dec 2010 10:00"


def test_calendar_days_are_counted_as_they_come() -> None:
    assert moment(up_to_fieldwork(InMemoryInspection()), after="fieldwork_started", days="3") == "Sat 20 Nov 2010 10:00"


def test_a_day_is_counted_from_when_something_happened() -> None:
    assert moment(up_to_fieldwork(InMemoryInspection()), after="notified", working_days="12") == "Fri 19 Nov 2010 10:00"


def test_a_moment_a_few_minutes_ago_is_now() -> None:
    scenario = InMemoryInspection(start="2010-11-01T10:04+00:00")
    assert moment(scenario, at="2010-11-01 10:00") == "Mon 01 Nov 2010 10:04"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"at": "2010-11-16"}, "2010-11-16 10:00 is over: it is 2010-11-17 09:01"),
        ({"after": "published"}, "published has not happened yet"),
        ({"due": "complaint_answer"}, "cannot be dated yet"),
        ({"due": "set_up_meeting"}, "is over"),
    ],
)
def test_a_moment_that_cannot_be_is_refused(fields: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        moment(up_to_fieldwork(InMemoryInspection()), **fields)


def test_summer_time_is_london_s() -> None:
    entry = Entry(at="2011-05-04 10:00", nobody="x")
    scenario = InMemoryInspection()
    result = moment_of(entry, Known(scenario.inspection, scenario.calendar), scenario.now)
    assert result.astimezone(UTC) == datetime(2011, 5, 4, 9, 0, tzinfo=UTC)
