"""The calendar invitation to the set-up meeting."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import vobject

from activities.mail.ical import invitation
from framework.vocabulary.roles import Role
from tests.activities.letter_data import MEETING, inspection, person

MOMENT = datetime(2010, 11, 3, 9, 0, tzinfo=UTC)


def calendar_of(**meeting: Any) -> icalendar.Calendar:
    raw = raw_invitation(**meeting)
    calendar = icalendar.Calendar.from_ical(raw)
    assert isinstance(calendar, icalendar.Calendar)
    return calendar


def raw_invitation(**meeting: Any) -> bytes:
    invited = [person(Role.DCS), person(Role.LINK_OFFICER), person(Role.CQC_INSPECTOR)]
    return invitation(inspection(), {**MEETING, **meeting}, person(Role.LEAD_INSPECTOR), invited, MOMENT)


def attendees(event: icalendar.Event) -> list[str]:
    attendees: Any = event["attendee"]
    return [str(attendee) for attendee in attendees]


def only_event(calendar: icalendar.Calendar) -> icalendar.Event:
    [event] = calendar.walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return event


def test_it_is_a_request_that_a_calendar_can_accept() -> None:
    calendar = calendar_of()
    event = only_event(calendar)
    assert calendar["method"] == "REQUEST"
    assert attendees(event) == [
        "mailto:dcs@people.example",
        "mailto:link_officer@people.example",
        "mailto:cqc_inspector@people.example",
    ]
    assert event["organizer"].params["cn"] == "Lena Hartley"


def test_it_is_at_london_time_with_the_zone_spelt_out() -> None:
    event = only_event(calendar_of())
    assert event["dtstart"].params["tzid"] == "Europe/London"
    assert event.start == datetime.fromisoformat("2010-11-09T10:00:00+00:00")
    assert event.end - event.start == timedelta(hours=2)
    assert only_event(calendar_of(day="2010-07-09")).start == datetime.fromisoformat("2010-07-09T10:00:00+01:00")
    assert calendar_of().walk("VTIMEZONE")


def test_a_reader_without_time_zones_of_its_own_reads_the_hour_from_the_rules_in_the_entry() -> None:
    """This reader builds the zone from the file alone: with a zone of another name it agrees as well."""
    days = {"2010-11-09": 0, "2010-07-09": 1, "2010-10-29": 1, "2010-11-01": 0, "2011-03-25": 0, "2011-03-28": 1}
    for day, ahead in days.items():
        own = raw_invitation(day=day).replace(b"Europe/London", f"Made-up/{day}".encode())
        starts = vobject.readOne(own.decode()).vevent.dtstart.value
        assert starts.utcoffset() == timedelta(hours=ahead), day
        assert starts.replace(tzinfo=None) == datetime.fromisoformat(f"{day}T10:00")


def test_the_rules_of_the_zone_have_no_end() -> None:
    text = raw_invitation().decode()
    assert [word for word in ("RRULE", "RDATE", "UNTIL", "COUNT") if word in text] == ["RRULE"]
    assert text.count("RRULE:FREQ=YEARLY") == len(calendar_of().walk("STANDARD") + calendar_of().walk("DAYLIGHT")) == 2


def test_a_moved_meeting_keeps_its_identity_and_counts_on() -> None:
    first, second = only_event(calendar_of()), only_event(calendar_of(day="2010-11-10", sequence=1))
    assert first["uid"] == second["uid"] == "SLAC-2010-001-set-up-meeting@inspections"
    assert (first["sequence"], second["sequence"]) == (0, 1)


def test_its_title_names_authority_and_inspection_and_nothing_else() -> None:
    assert only_event(calendar_of())["summary"] == "Set-up meeting, Birmingham, inspection SLAC-2010-001"


def test_typed_text_begins_no_property_of_its_own() -> None:
    event = only_event(calendar_of(place="Room 2\r\nATTENDEE:mailto:x@y.example; floor 1, left"))
    assert event["location"] == "Room 2 ATTENDEE:mailto:x@y.example; floor 1, left"
    assert len(attendees(event)) == 3


def test_the_same_meeting_is_the_same_bytes() -> None:
    assert raw_invitation() == raw_invitation()
