"""The letter of a reminder on each of its rungs: what it names, and what it asks for."""

import re

import pytest

from framework.vocabulary.roles import Role
from tests.activities.letter_data import person
from tests.activities.rendering.reading import reminder, words


@pytest.mark.parametrize("rung", [-3, -1, 0, 1, 3, 5, None])
@pytest.mark.parametrize(
    ("limit", "step"),
    [("case_lists", "receive_case_lists"), ("draft_report", "approve_draft"), ("some_new_limit", "some_new_step")],
)
def test_a_reminder_reads_well_on_every_rung(limit: str, step: str, rung: int | None) -> None:
    late = max(rung or 0, 0)
    letter = reminder({"limit": limit, "step": step, "rung": rung, "days_late": late})
    assert "Friday 5 November 2010" in letter.subject
    assert ("not recorded as done" in words(letter)) == (late > 0)
    assert ("it now holds up" in words(letter)) == (late > 0 and limit != "some_new_limit")


def test_a_reminder_of_several_names_each_with_its_day_and_how_to_hand_it_in() -> None:
    documents = {"limit": "documents", "step": "receive_documents", "title": "Documents asked for", "due": "2010-11-09"}
    letter = reminder({"rung": 1, "days_late": 1}, documents)
    assert letter.subject == "Birmingham: lists of cases, overdue since Friday 5 November 2010, and one more"
    assert letter.text.index("secure transfer") < letter.text.index("DOCUMENTS ASKED FOR: DUE BY TUESDAY 9 NOVEMBER")
    assert "Two things are due from you, the first since Friday 5 November 2010" in words(letter)
    assert "Send each document to the coordinator" in words(letter)


def test_a_note_of_an_appointment_gives_day_hour_and_place_and_asks_for_nothing() -> None:
    meeting = {"day": "2010-11-09", "time": "10:00", "place": "Council House"}
    letter = reminder(
        {"limit": "set_up_meeting", "step": "hold_set_up_meeting", "title": "Set-up meeting", "appointment": meeting}
    )
    assert letter.subject == "Birmingham: set-up meeting on Tuesday 9 November 2010 at 10:00"
    assert "Tuesday 9 November 2010 at 10:00, Council House. This is only a note beforehand" in words(letter)
    assert not re.search("due|overdue|midnight|hold the meeting", words(letter).split("Council House.")[1])


@pytest.mark.parametrize("rung", [-1, 0])
def test_a_reminder_of_comments_says_what_silence_brings(rung: int) -> None:
    item = {
        "limit": "factual_comments",
        "step": "return_comments",
        "title": "Comments on factual accuracy",
        "rung": rung,
    }
    text = words(reminder(item))
    assert "If nothing has come by the end of that day, we record that there were no comments" in text
    assert "say when it comes" not in text


def test_a_late_reminder_says_who_has_a_copy_and_that_is_never_who_signs_it() -> None:
    copies = [person(Role.COORDINATOR), person(Role.MANAGER)]
    text = words(reminder({"rung": 3, "days_late": 3}, cc=copies))
    assert "Miriam Oduya has a copy, because the day has passed and help may be needed" in text


def test_a_reminder_does_not_go_out_under_the_name_of_the_person_it_goes_to() -> None:
    item = {"limit": "publication", "step": "publish", "title": "Publication of the report"}
    letter = reminder(item, to=[person(Role.COORDINATOR)])
    assert "Dear Carol Marsh" in letter.text
    assert "Yours sincerely\n\nMiriam Oduya" in letter.text
