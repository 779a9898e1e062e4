"""`inspections do ID withdraw`: the records say for which steps a letter was ordered, and what was written to the report since."""

import pytest

from framework.common.errors import Refused
from tests.cli_harness import ID, CliHarness

WHY = "Entered for another authority"


def number(counter: CliHarness, kind: str) -> int:
    ((number,),) = counter.rows(f"SELECT number FROM events WHERE kind = '{kind}'")
    return int(number)


def test_lists_that_had_not_come_are_owed_again_and_the_history_says_what_was_withdrawn(counter: CliHarness) -> None:
    counter.notified().on("2010-11-04").take("receive_case_lists", "c.marsh")
    counter.take("withdraw", "c.marsh", reason=WHY)
    lists = next(limit for limit in counter.json("show", ID)["limits"] if limit["key"] == "case_lists")
    assert (lists["state"], lists["met_on"]) == ("open", None)
    (event,) = counter.json("history", ID, "--kind", "withdrawn")
    withdrawn = number(counter, "case_lists_received")
    assert event["words"] == f"withdrawn: event {withdrawn}, case lists received of 2010-11-04"
    counter.run("verify", ID)


def test_a_step_for_which_a_letter_was_ordered_is_not_withdrawn(counter: CliHarness) -> None:
    counter.on_site()
    held = number(counter, "set_up_meeting_held")
    with pytest.raises(Refused, match=f"a letter went out for event {held}"):
        counter.take("withdraw", "c.marsh", event=held, reason=WHY)


def test_nor_the_start_of_fieldwork_once_a_grade_was_written(counter: CliHarness) -> None:
    counter.on_site()
    counter.take(
        "grade", "i.ashdown", heading="safeguarding.ambition", grade="good", text="Sound", equality="In most cases"
    )
    with pytest.raises(Refused, match="heading graded"):
        counter.take("withdraw", "c.marsh", event=number(counter, "fieldwork_started"), reason=WHY)
