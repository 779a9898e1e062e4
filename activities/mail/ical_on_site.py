"""The calendar entry of a member's days on site (para 11): one for each inspection and member, moved and withdrawn under its UID."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event, vCalAddress, vText


def on_site_entry(
    inspection: Mapping[str, Any],
    entry: Mapping[str, Any],
    organizer: Mapping[str, str],
    to: Sequence[Mapping[str, str]],
    moment: datetime,
) -> bytes:
    """Returns an iCalendar request for the days on site, or the cancellation of one (RFC 5546).

    `entry` has `first` and `last` (London days, both on site), `person`, `sequence`, which grows with each change, and
    `withdrawn`. `to` is the one person whose days they are; `moment` is when the letter was queued."""
    (member,) = to
    event = Event()
    event.add("uid", f"{inspection['id']}-on-site-{entry['person']}@inspections")
    event.add("sequence", int(entry["sequence"]))
    event.add("dtstamp", moment.astimezone(UTC))
    event.add("dtstart", date.fromisoformat(entry["first"]))
    event.add(
        "dtend", date.fromisoformat(entry["last"]) + timedelta(days=1)
    )  # the day after the last (RFC 5545, 3.6.1)
    event.add("summary", f"On site, {inspection['authority']}, inspection {inspection['id']}")
    event.add("status", "CANCELLED" if entry["withdrawn"] else "CONFIRMED")
    event.add("organizer", _address(organizer))
    event.add("attendee", _address(member))
    calendar = Calendar()
    calendar.add("prodid", "-//inspections//days on site//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry["withdrawn"] else "REQUEST")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _address(person: Mapping[str, str]) -> vCalAddress:
    address = vCalAddress(f"mailto:{person['email']}")
    address.params["cn"] = vText(person["name"].replace('"', "'"))
    return address
