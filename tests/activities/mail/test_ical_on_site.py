"""The calendar entry of a member's days on site."""

from datetime import UTC, date, datetime
from typing import Any

import icalendar

from activities.mail.ical_on_site import on_site_entry
from framework.vocabulary.roles import Role
from tests.activities.letter_data import inspection, person

MOMENT = datetime(2010, 11, 3, 9, 0, tzinfo=UTC)
ENTRY = {"first": "2010-11-15", "last": "2010-11-26", "person": "i.bellamy", "sequence": 7, "withdrawn": False}


def entry(**changes: Any) -> tuple[icalendar.Calendar, icalendar.Event]:
    raw = on_site_entry(
        inspection(), {**ENTRY, **changes}, person(Role.COORDINATOR), [person(Role.CQC_INSPECTOR)], MOMENT
    )
    calendar = icalendar.Calendar.from_ical(raw)
    assert isinstance(calendar, icalendar.Calendar)
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return calendar, event


def test_it_lasts_whole_days_from_the_first_to_the_last_on_site() -> None:
    calendar, event = entry()
    assert (calendar["method"], event["status"]) == ("REQUEST", "CONFIRMED")
    assert (event.start, event.end) == (date(2010, 11, 15), date(2010, 11, 27))
    assert str(event["attendee"]) == "mailto:cqc_inspector@people.example"


def test_a_change_and_the_withdrawal_keep_its_identity_and_count_on() -> None:
    _, first = entry()
    calendar, withdrawn = entry(sequence=9, withdrawn=True)
    assert first["uid"] == withdrawn["uid"]
    assert int(str(withdrawn["sequence"])) > int(str(first["sequence"]))
    assert (calendar["method"], withdrawn["status"]) == ("CANCEL", "CANCELLED")


def test_each_member_has_an_entry_of_their_own_that_names_no_child_and_no_judgement() -> None:
    _, event = entry(person="i.edgar")
    assert event["uid"] != entry()[1]["uid"]
    assert str(event["summary"]) == "On site, Birmingham, inspection SLAC-2010-001"
