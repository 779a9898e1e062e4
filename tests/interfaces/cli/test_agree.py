"""The board and one inspection's page say the same: what is due next, and on whom it waits."""

from typing import Any

import pytest

from application.serializers.task_wording import task_words
from records.database.connection import writing
from records.outbox import states
from tests.cli_harness import ID, CliHarness


def both(cli: CliHarness) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row of the board, and the page."""
    (row,) = cli.json("list")
    return row, cli.json("show", ID)


def agree(row: dict[str, Any], page: dict[str, Any]) -> None:
    waiting = page["next"] and {name: page["next"][name] for name in ("limit", "due", "waits_for")}
    assert row["next"] == waiting
    assert row["waits_for_mail"] == page["waits_for_mail"]


def test_an_announcement_that_waits_for_the_mail_system_is_due_today_on_both(cli: CliHarness) -> None:
    cli.start(notify="now")
    agree(*both(cli))
    cli.take("notify")
    row, page = both(cli)
    agree(row, page)
    assert row["next"] == {"limit": "notification", "due": "2010-11-01", "waits_for": None}
    assert row["waits_for_mail"]
    for words in (("list",), ("show", ID)):
        assert "the mail system" in cli.run(*words).stdout
    assert cli.json("list", "--due-within", "0") == [{**row, "due": row["due"][:1]}]
    assert cli.json("list", "--late") == []


def test_once_it_is_accepted_nothing_waits_for_the_mail_system(cli: CliHarness) -> None:
    cli.start(notify="now")
    cli.take("notify")
    letter = cli.json("show", ID)["letters"][0]["id"]
    with writing(cli.records) as session:
        states.mark_accepted(session, letter, cli.now)
    cli.take("record_service", method="email")
    row, page = both(cli)
    agree(row, page)
    assert not row["waits_for_mail"]


@pytest.mark.parametrize("within", ["0", "20"])
def test_what_is_due_later_than_asked_is_left_out(cli: CliHarness, within: str) -> None:
    cli.start(notify="2010-11-10")
    assert len(cli.json("list", "--due-within", within)) == (1 if within == "20" else 0)


def test_of_limits_due_on_one_day_both_name_the_same(cli: CliHarness) -> None:
    cli.notified().on("2010-11-08").take("receive_case_lists", "link.330")
    row, page = both(cli)
    agree(row, page)
    assert row["next"]["limit"] == "set_up_meeting", "of four due on the 9th, the first of the table"


# By stage ------------------------------------------------------------------------------------------------------------


def facts(cli: CliHarness) -> str:
    return " ".join(cli.run("show", ID).stdout.split("Limits")[0].split())


def test_the_meeting_is_shown_as_agreed_then_as_held(cli: CliHarness) -> None:
    cli.notified()
    assert "Set-up meeting Tue 9 Nov 2010 at 10:00, Council House" in facts(cli)
    assert cli.json("show", ID)["meeting"]["held"] is None
    cli.on("2010-11-09").take("hold_set_up_meeting", "i.ashdown", attendees="All", decisions="None")
    assert "Set-up meeting held on Tue 9 Nov 2010, Council House" in facts(cli)
    assert cli.json("show", ID)["meeting"]["held"] == "2010-11-09"


def test_a_cancelled_inspection_has_no_days_to_come(cli: CliHarness) -> None:
    cli.notified().take("cancel", "m.okafor", reason="Not now")
    assert "Fieldwork none: cancelled before it began" in facts(cli)
    assert "Set-up meeting not held" in facts(cli)


def test_a_deferred_inspection_waits_for_new_days(cli: CliHarness) -> None:
    cli.notified().take("defer", "m.okafor", reason="Flood")
    assert "deferred; «resume» names the new first day" in facts(cli)
    assert "was arranged for Tue 9 Nov 2010" in facts(cli)


def test_days_on_site_are_shown_as_they_were(cli: CliHarness) -> None:
    cli.on_site()
    assert "Fieldwork from Wed 17 Nov 2010" in facts(cli)
    assert cli.json("show", ID)["fieldwork_started"] == "2010-11-17"


# Tasks ---------------------------------------------------------------------------------------------------------------


def test_a_gate_that_holds_the_notification_names_the_step_once() -> None:
    words = task_words(
        "gate", {"step": "notify", "why": "notify: the team has 1 of at least three inspectors (para 11)"}
    )
    assert words.startswith("«notify» could not be taken: the team has 1 of")


def test_a_reminder_that_did_not_go_names_its_limits() -> None:
    facts = {"letter": "L1", "kind": "reminder", "limits": ["case_lists", "documents"], "why": "550 no such user"}
    assert task_words("letter_failed", facts).startswith(
        "The reminder of case lists, documents did not go: 550 no such user"
    )
