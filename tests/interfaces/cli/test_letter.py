"""`inspections letter`: what it answers where there is nothing to show; letters that were sent are read in the rehearsals."""

import json

from records.database.connection import writing
from records.outbox import states
from tests.cli_harness import ID, CliHarness


def accepted(cli: CliHarness) -> str:
    """An announcement that was accepted and whose message was lost; its identifier."""
    cli.notified()
    letter: str = cli.rows("SELECT id FROM letters WHERE kind = 'announcement'")[0][0]
    with writing(cli.records) as session:
        states.mark_sending(session, letter, cli.now)
        states.mark_accepted(session, letter, cli.now)
    return letter


def test_the_letters_are_listed_with_the_numbers_the_history_names(cli: CliHarness) -> None:
    letter = accepted(cli)
    listed = cli.json("letter", ID)
    assert [(letter["number"], letter["kind"]) for letter in listed] == [
        (1, "announcement"),
        (2, "set_up_invitation"),
        *((number, "assignment") for number in range(3, 8)),
    ]
    assert listed[0]["id"] == letter
    events = {event["kind"]: event["letters"] for event in cli.json("history", ID)}
    assert events["notification_issued"] == events["letter_accepted"] == [1]
    assert events["set_up_meeting_arranged"] == [2]
    assert events["inspection_ordered"] == []
    output = " ".join(cli.run("history", ID, "--full", "--kind", "letter_accepted").stdout.split())
    assert f"letter 1: inspections letter {ID} 1" in output


def test_a_screen_lists_title_people_and_what_became_of_each(cli: CliHarness) -> None:
    accepted(cli)
    output = " ".join(cli.run("letter", ID).stdout.split())
    assert "1 Announcement of the inspection dcs.330 accepted 3 Nov 2010 09:00" in output


def test_what_does_not_exist_is_named(cli: CliHarness) -> None:
    cli.notified()
    assert "has no letter 8: `inspections letter" in cli.run("letter", ID, "8", code=2).stderr
    assert "SLAC-2099-001" in cli.run("letter", "SLAC-2099-001", code=2).stderr


def test_a_letter_that_was_not_accepted_or_was_lost_is_shown_as_that(cli: CliHarness) -> None:
    accepted(cli)
    assert "was lost when the records were restored" in cli.run("letter", ID, "1", code=3).stderr
    with writing(cli.records) as session:
        assignment = cli.rows("SELECT id FROM letters WHERE number = 3")[0][0]
        states.mark_failed(session, assignment, "no such mailbox", cli.now)
    failed = cli.run("letter", ID, "3", code=3).stderr
    assert failed == f"letter 3 of {ID} was not accepted by the mail system: refused for good: no such mailbox\n"


def test_a_letter_that_has_not_gone_yet_is_no_refusal(cli: CliHarness) -> None:
    accepted(cli)
    for words in ((), ("--raw",), ("--json",), ("--html", str(cli.data / "letter.html"))):
        result = cli.run("letter", ID, "2", *words, code=4)
        assert result.stdout == ""
        assert result.stderr == f"letter 2 of {ID} has not gone yet: waits to be sent; ask again in a moment\n"
    assert not (cli.data / "letter.html").exists()


def test_options_that_do_not_go_together_are_refused(cli: CliHarness) -> None:
    cli.notified()
    cli.run("letter", ID, "--raw", code=2)
    cli.run("letter", ID, "1", "--raw", "--json", code=2)


def test_every_reading_of_a_letter_is_logged_with_its_number(cli: CliHarness) -> None:
    accepted(cli)
    cli.run("letter", ID, "1", code=3)
    rows = cli.rows("SELECT parameters_json FROM access_log WHERE command = 'letter'")
    assert [json.loads(row[0]) for row in rows] == [{"number": 1}]
