"""The calendar entry of a member's days on site (para 11): one for each inspection and member, moved and withdrawn under its UID."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from activities.mail.ical_objects import address, calendar_object, entry


def on_site_entry(
    inspection: Mapping[str, Any],
    days_on_site: Mapping[str, Any],
    organizer: Mapping[str, str],
    to: Sequence[Mapping[str, str]],
    moment: datetime,
) -> bytes:
    """Returns an iCalendar request for the days on site, or the cancellation of one (RFC 5546).

    `days_on_site` has `first` and `last` (London days, both on site), `person`, `sequence`, which grows with each change, and
    `withdrawn`. `to` is the one person whose days they are; `moment` is when the letter was queued."""
    (member,) = to
    first, last = (date.fromisoformat(days_on_site[name]) for name in ("first", "last"))
    event = entry(
        uid=f"{inspection['id']}-on-site-{days_on_site['person']}",
        sequence=int(days_on_site["sequence"]),
        moment=moment,
        span=(first, last + timedelta(days=1)),  # the day after the last (RFC 5545, 3.6.1)
        summary=f"On site, {inspection['authority']}, inspection {inspection['id']}",
        organizer=organizer,
    )
    withdrawn = days_on_site["withdrawn"]
    event.add("status", "CANCELLED" if withdrawn else "CONFIRMED")
    event.add("attendee", address(member))
    return calendar_object("CANCEL" if withdrawn else "REQUEST", "days on site", event)
