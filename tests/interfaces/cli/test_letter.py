"""`inspections letter`: what it answers where there is nothing to show; letters that were sent are read in the rehearsals."""

import json

from records.database.connection import writing
from records.outbox import states
from tests.cli_harness import ID, CliHarness


def accepted(counter: CliHarness) -> str:
    """An announcement that was accepted and whose message was lost; its identifier."""
    counter.notified()
    letter: str = counter.rows("SELECT id FROM letters WHERE kind = 'announcement'")[0][0]
    with writing(counter.records) as session:
        states.mark_sending(session, letter, counter.now)
        states.mark_accepted(session, letter, counter.now)
    return letter


def test_the_letters_are_listed_with_the_numbers_the_history_names(counter: CliHarness) -> None:
    letter = accepted(counter)
    listed = counter.json("letter", ID)
    assert [(letter["number"], letter["kind"]) for letter in listed] == [
        (1, "announcement"),
        (2, "set_up_invitation"),
        *((number, "assignment") for number in range(3, 8)),
    ]
    assert listed[0]["id"] == letter
    events = {event["kind"]: event["letters"] for event in counter.json("history", ID)}
    assert events["notification_issued"] == events["letter_accepted"] == [1]
    assert events["set_up_meeting_arranged"] == [2]
    assert events["inspection_ordered"] == []
    output = " ".join(counter.run("history", ID, "--full", "--kind", "letter_accepted").stdout.split())
    assert f"letter 1 (inspections letter {ID} N)" in output


def test_a_screen_lists_title_people_and_what_became_of_each(counter: CliHarness) -> None:
    accepted(counter)
    output = " ".join(counter.run("letter", ID).stdout.split())
    assert "1 Announcement of the inspection dcs.330 accepted 3 Nov 2010 09:00" in output


def test_what_does_not_exist_is_named(counter: CliHarness) -> None:
    counter.notified()
    assert "has no letter 8: `inspections letter" in counter.run("letter", ID, "8", code=2).stderr
    assert "SLAC-2099-001" in counter.run("letter", "SLAC-2099-001", code=2).stderr


def test_a_letter_that_was_not_accepted_or_was_lost_is_shown_as_that(counter: CliHarness) -> None:
    accepted(counter)
    assert "was lost when the records were restored" in counter.run("letter", ID, "1", code=3).stderr
    assert "was not accepted by the mail system (queued)" in counter.run("letter", ID, "2", code=3).stderr


def test_options_that_do_not_go_together_are_refused(counter: CliHarness) -> None:
    counter.notified()
    counter.run("letter", ID, "--raw", code=2)
    counter.run("letter", ID, "1", "--raw", "--json", code=2)


def test_every_reading_of_a_letter_is_logged_with_its_number(counter: CliHarness) -> None:
    accepted(counter)
    counter.run("letter", ID, "1", code=3)
    rows = counter.rows("SELECT parameters_json FROM access_log WHERE command = 'letter'")
    assert [json.loads(row[0]) for row in rows] == [{"number": 1}]
