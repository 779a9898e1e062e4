"""A morning's reminders are not lost where the workflow does something else first, and nothing new is asked for at midday."""

from datetime import date, datetime, timedelta

import pytest

from framework.calendar.holiday_changes import HolidayChange
from framework.calendar.london_time import at_nine
from tests.framework.calendars import add, next_version, take_in, without
from tests.framework.in_memory import InMemoryInspection, up_to_fieldwork
from tests.words import WHY

LISTS_DUE = "2010-11-05"


def notified() -> InMemoryInspection:
    return InMemoryInspection().until("2010-11-03")


def rungs(scenario: InMemoryInspection, limit: str) -> list[tuple[str, int]]:
    return [(f"{at:%Y-%m-%d}", rung) for at, name, rung, _ in scenario.reminders if name == limit]


def at(scenario: InMemoryInspection, day: str, **after_nine: int) -> InMemoryInspection:
    """Sets the clock to so long after nine, without anything being done that was due by then."""
    scenario.now = at_nine(date.fromisoformat(day)) + timedelta(**after_nine)
    return scenario


def until(scenario: InMemoryInspection, day: str, hour: int) -> InMemoryInspection:
    return scenario.until(datetime.fromisoformat(f"{day}T{hour:02}:00+00:00"))


@pytest.mark.parametrize("after_nine", [{"milliseconds": 300}, {"hours": 2}], ids=["a moment late", "an outage"])
def test_a_command_that_is_decided_before_the_reminders_of_the_morning_does_not_stop_them(
    after_nine: dict[str, int],
) -> None:
    scenario = at(notified().until("2010-11-04"), LISTS_DUE, **after_nine)
    scenario.do("receive_documents", "link.330")
    until(scenario, LISTS_DUE, 12)
    assert rungs(scenario, "case_lists") == [(LISTS_DUE, 0)]
    assert rungs(scenario.until("2010-11-30"), "case_lists")[:2] == [(LISTS_DUE, 0), ("2010-11-08", 1)]


def test_what_that_command_did_is_not_asked_for() -> None:
    scenario = at(notified().until("2010-11-04"), LISTS_DUE, hours=2)
    scenario.do("receive_case_lists", "link.330")
    assert rungs(scenario.until("2010-11-30"), "case_lists") == []


def test_what_became_due_by_a_step_after_nine_waits_for_the_next_morning() -> None:
    scenario = notified().until("2010-11-09")
    before = len(scenario.reminders)
    scenario.do("receive_case_lists", "link.330")
    assert len(until(scenario, "2010-11-09", 18).reminders) == before
    assert rungs(scenario.until("2010-11-10"), "first_cases_choice") == [("2010-11-10", 1)]


def test_what_a_correction_after_nine_made_due_waits_for_the_next_morning() -> None:
    """The lead ended fieldwork a day earlier than was entered: the draft is due on 13 December, no longer on the 14th."""
    scenario = up_to_fieldwork(InMemoryInspection()).until("2010-11-29")
    scenario.do("give_oral_feedback", "i.ashdown", headings=WHY)
    scenario.until("2010-11-30").do(
        "end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True
    )
    scenario.until("2010-12-09")
    before = rungs(scenario, "draft_report")
    ended = scenario.number_of("fieldwork_ended")
    at(scenario, "2010-12-09", hours=1).do("correct", "i.ashdown", event=ended, on="2010-11-29", reason=WHY)
    assert str(scenario.standing("draft_report").due) == "2010-12-13"
    until(scenario, "2010-12-09", 18)
    assert rungs(scenario, "draft_report") == before == [("2010-12-09", -3)]
    assert rungs(scenario.until("2010-12-10"), "draft_report") == [*before, ("2010-12-10", -1)]


def test_a_calendar_made_after_nine_makes_nothing_due_on_the_same_day() -> None:
    """A holiday on the 9th is taken back at ten on the 8th: documents are due on the 9th, no longer on the 10th."""
    scenario = InMemoryInspection(calendar=next_version(without(), add(date(2010, 11, 9)))).until("2010-11-08")
    assert rungs(scenario, "documents") == [("2010-11-08", -1)]
    take_in(at(scenario, "2010-11-08", hours=1), HolidayChange("remove", date(2010, 11, 9)))
    assert str(scenario.standing("documents").due) == "2010-11-09"
    until(scenario, "2010-11-08", 18)
    assert rungs(scenario, "documents") == [("2010-11-08", -1)]
    assert rungs(scenario.until("2010-11-09"), "documents") == [("2010-11-08", -1), ("2010-11-09", 0)]


def test_a_step_withdrawn_after_nine_makes_nothing_due_on_the_same_day() -> None:
    scenario = notified().until("2010-11-04")
    scenario.do("receive_case_lists", "link.330")
    scenario.until("2010-11-05")
    assert rungs(scenario, "case_lists") == []
    scenario.do("withdraw", "c.marsh", event=scenario.number_of("case_lists_received"), reason=WHY)
    until(scenario, "2010-11-05", 18)
    assert rungs(scenario, "case_lists") == []
    assert rungs(scenario.until("2010-11-08"), "case_lists") == [("2010-11-08", 1)]
