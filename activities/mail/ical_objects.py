"""What calendar entries of every kind share: an entry with its identity, addresses, and the object that is sent (RFC 5545, 5546)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Literal

from icalendar import Calendar, Component, Event, vCalAddress, vText

Method = Literal["REQUEST", "CANCEL"]


def entry(
    uid: str, sequence: int, moment: datetime, span: tuple[date, date], summary: str, organizer: Mapping[str, str]
) -> Event:
    """Returns an entry from the first to the second of `span`, which it does not include: London times, or whole days.

    A higher `sequence` under the same `uid` moves or withdraws it; `moment` is when its letter was queued."""
    event = Event()
    event.add("uid", f"{uid}@inspections")
    event.add("sequence", sequence)
    event.add("dtstamp", moment.astimezone(UTC))
    event.add("dtstart", span[0])
    event.add("dtend", span[1])
    event.add("summary", one_line(summary))
    event.add("organizer", address(organizer))
    return event


def calendar_object(method: Method, product: str, *components: Component) -> bytes:
    """Returns the object that is sent, with its components in this order."""
    calendar = Calendar()
    calendar.add("prodid", f"-//inspections//{product}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for component in components:
        calendar.add_component(component)
    return bytes(calendar.to_ical())


def address(person: Mapping[str, str]) -> vCalAddress:
    """Returns a person's address with their name."""
    written = vCalAddress(f"mailto:{one_line(person['email'])}")
    written.params["cn"] = vText(one_line(person["name"]).replace('"', "'"))
    return written


def one_line(value: str) -> str:
    """Returns typed text on one line, without the control characters that would begin a property of its own."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
