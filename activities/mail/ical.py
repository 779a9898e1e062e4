"""The calendar invitation to a set-up meeting (para 32): one entry for each inspection and meeting, moved by its sequence."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar, Event, vCalAddress, vText

from framework.calendar.london_time import LONDON

LASTS = timedelta(hours=2)
"""How long a set-up meeting is booked for, where its facts do not say."""


def invitation(
    inspection: Mapping[str, Any],
    meeting: Mapping[str, Any],
    organizer: Mapping[str, str],
    invited: Sequence[Mapping[str, str]],
    moment: datetime,
    name: str = "set-up-meeting",
) -> bytes:
    """An iCalendar request. `meeting` has `day` and `time` (London), `place` and `sequence`: a higher one moves the entry.

    `moment` is when the letter is sent. The title names authority and inspection, never a child.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//inspections//set-up meeting//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    calendar.add_component(_event(inspection, meeting, organizer, invited, moment, name))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(
    inspection: Mapping[str, Any],
    meeting: Mapping[str, Any],
    organizer: Mapping[str, str],
    invited: Sequence[Mapping[str, str]],
    moment: datetime,
    name: str,
) -> Event:
    starts = datetime.combine(date.fromisoformat(meeting["day"]), time.fromisoformat(meeting["time"]), LONDON)
    event = Event()
    event.add("uid", f"{inspection['id']}-{name}@inspections")
    event.add("sequence", int(meeting.get("sequence", 0)))
    event.add("dtstamp", moment.astimezone(UTC))
    event.add("dtstart", starts)
    event.add("dtend", starts + LASTS)
    event.add("summary", _line(f"Set-up meeting, {inspection['authority']}, inspection {inspection['id']}"))
    event.add("location", _line(meeting["place"]))
    event.add("description", f"The agenda is with the letter. Reference {inspection['id']}.")
    event.add("status", "CONFIRMED")
    event.add("organizer", _address(organizer))
    for person in invited:
        attendee = _address(person)
        attendee.params["role"] = vText("REQ-PARTICIPANT")
        attendee.params["partstat"] = vText("NEEDS-ACTION")
        attendee.params["rsvp"] = vText("TRUE")
        event.add("attendee", attendee)
    return event


def _address(person: Mapping[str, str]) -> vCalAddress:
    address = vCalAddress(f"mailto:{_line(person['email'])}")
    address.params["cn"] = vText(_line(person["name"]).replace('"', "'"))
    return address


def _line(value: str) -> str:
    """Typed text on one line, without the control characters that would begin a property of its own."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
