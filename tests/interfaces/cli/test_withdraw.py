"""`inspections do ID withdraw`: the records say for which steps a letter was ordered, and what was written to the report since."""

import pytest

from framework.common.errors import Refused
from tests.cli_harness import ID, CliHarness

WHY = "Entered for another authority"


def number(cli: CliHarness, kind: str) -> int:
    ((number,),) = cli.rows(f"SELECT number FROM events WHERE kind = '{kind}'")
    return int(number)


def test_lists_that_had_not_come_are_owed_again_and_the_history_says_what_was_withdrawn(cli: CliHarness) -> None:
    cli.notified().on("2010-11-04").take("receive_case_lists", "c.marsh")
    cli.take("withdraw", "c.marsh", reason=WHY)
    lists = next(limit for limit in cli.json("show", ID)["limits"] if limit["key"] == "case_lists")
    assert (lists["state"], lists["met_on"]) == ("open", None)
    (event,) = cli.json("history", ID, "--kind", "withdrawn")
    withdrawn = number(cli, "case_lists_received")
    assert event["words"] == f"withdrawn: event {withdrawn}, case lists received of 2010-11-04"
    cli.run("verify", ID)


def test_a_step_for_which_a_letter_was_ordered_is_not_withdrawn(cli: CliHarness) -> None:
    cli.on_site()
    held = number(cli, "set_up_meeting_held")
    with pytest.raises(Refused, match=f"a letter went out for event {held}"):
        cli.take("withdraw", "c.marsh", event=held, reason=WHY)


def test_nor_the_start_of_fieldwork_once_a_grade_was_written(cli: CliHarness) -> None:
    cli.on_site()
    cli.take(
        "grade", "i.ashdown", heading="safeguarding.ambition", grade="good", text="Sound", equality="In most cases"
    )
    with pytest.raises(Refused, match="heading graded"):
        cli.take("withdraw", "c.marsh", event=number(cli, "fieldwork_started"), reason=WHY)
