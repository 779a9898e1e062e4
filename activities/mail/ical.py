"""The calendar entry of the set-up meeting (para 32): one for each inspection, moved and withdrawn under the same UID (RFC 5546)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar import Event, Timezone, TimezoneDaylight, TimezoneStandard, vText

from activities.mail.ical_objects import address, calendar_object, entry, one_line
from framework.calendar.london_time import LONDON

DURATION = timedelta(hours=2)
"""How long a set-up meeting is booked for."""
PRODUCT = "set-up meeting"


def invitation(
    inspection: Mapping[str, Any],
    meeting: Mapping[str, Any],
    organizer: Mapping[str, str],
    invited: Sequence[Mapping[str, str]],
    moment: datetime,
) -> bytes:
    """Returns an iCalendar request. `meeting` has `day` and `time` (London), `place` and `sequence`: a higher one moves the entry.

    `moment` is when the letter was queued. The title names authority and inspection, never a child.
    """
    event = _event(inspection, meeting, organizer, moment)
    event.add("status", "CONFIRMED")
    event.add("description", f"The agenda is with the letter. Reference {inspection['id']}.")
    for person in invited:
        attendee = address(person)
        attendee.params["role"] = vText("REQ-PARTICIPANT")
        attendee.params["partstat"] = vText("NEEDS-ACTION")
        attendee.params["rsvp"] = vText("TRUE")
        event.add("attendee", attendee)
    return calendar_object("REQUEST", PRODUCT, _london(), event)


def withdrawal(
    inspection: Mapping[str, Any],
    meeting: Mapping[str, Any],
    organizer: Mapping[str, str],
    invited: Sequence[Mapping[str, str]],
    moment: datetime,
) -> bytes:
    """Returns an iCalendar cancellation of the entry that `invitation` made, for those `invited`; arguments as there.

    `organizer` must be who sent the invitation: a calendar takes a cancellation from no other."""
    event = _event(inspection, meeting, organizer, moment)
    event.add("status", "CANCELLED")
    for person in invited:
        event.add("attendee", address(person))
    return calendar_object("CANCEL", PRODUCT, _london(), event)


def _london() -> Timezone:
    """Returns the zone as rules without an end (RFC 5545, 3.6.5), in force since 1996.

    A reader without time zones of its own knows no others. The library's own table lists each change by its day, of which
    readers take the first alone: meetings in winter stood an hour early."""
    zone = Timezone()
    zone.add("tzid", "Europe/London")
    summer, winter = TimezoneDaylight(), TimezoneStandard()
    hour = timedelta(hours=1)
    rows = (
        (summer, "BST", datetime(1996, 3, 31, 1, 0), 3, timedelta(), hour),  # noqa: DTZ001 - local time, as the format has it
        (winter, "GMT", datetime(1996, 10, 27, 2, 0), 10, hour, timedelta()),  # noqa: DTZ001
    )
    for observance, name, begins, month, before, after in rows:
        observance.add("tzname", name)
        observance.add("dtstart", begins)
        observance.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        observance.add("tzoffsetfrom", before)
        observance.add("tzoffsetto", after)
        zone.add_component(observance)
    return zone


def _event(
    inspection: Mapping[str, Any], meeting: Mapping[str, Any], organizer: Mapping[str, str], moment: datetime
) -> Event:
    starts = datetime.combine(date.fromisoformat(meeting["day"]), time.fromisoformat(meeting["time"]), LONDON)
    event = entry(
        uid=f"{inspection['id']}-set-up-meeting",
        sequence=int(meeting.get("sequence", 0)),
        moment=moment,
        span=(starts, starts + DURATION),
        summary=f"Set-up meeting, {inspection['authority']}, inspection {inspection['id']}",
        organizer=organizer,
    )
    event.add("location", one_line(meeting["place"]))
    return event
