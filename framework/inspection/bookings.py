"""When the people of a team are bound: the set-up meeting at its hour, and the days on site; and where two inspections clash.

A clash of people or hours is never refused: it becomes a task."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from framework.calendar.bank_holidays import Calendar
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import due_dates_of
from framework.lifecycle.limits import DueDate
from framework.messages.orders import Booking
from framework.vocabulary.roles import Role

BINDING_STAGES = (Stage.PLANNED, Stage.NOTIFIED, Stage.SET_UP, Stage.FIELDWORK)
"""Where appointments lie ahead; while deferred there is none."""
MEETING_LASTS = timedelta(hours=2)
_BOUND: Mapping[str, tuple[Role, ...]] = {
    "set_up_meeting": (Role.LEAD_INSPECTOR, Role.CQC_INSPECTOR),
    "fieldwork": (Role.LEAD_INSPECTOR, Role.INSPECTOR, Role.CQC_INSPECTOR),
}
"""Kind of booking -> the roles of the team that it binds (paras 11, 32)."""


@dataclass(frozen=True, slots=True)
class BoundTeam:
    """The people of one inspection and when they are bound."""

    people: Mapping[str, Sequence[str]]
    bookings: Sequence[Booking]

    def of(self, person: str) -> Iterator[Booking]:
        """Yields the bookings that bind a person."""
        for booking in self.bookings:
            if any(person in self.people.get(role, ()) for role in _BOUND[booking.kind]):
                yield booking

    def bound_by(self, booking: Booking) -> tuple[str, ...]:
        """Returns the people whom a booking binds, the lead first."""
        return tuple(dict.fromkeys(person for role in _BOUND[booking.kind] for person in self.people.get(role, ())))

    def members(self) -> set[str]:
        """Returns every person whom a booking can bind."""
        return {person for role in _BOUND["fieldwork"] for person in self.people.get(role, ())}


@dataclass(frozen=True, slots=True, order=True)
class PeopleClash:
    """A person who is bound in two inspections from one day to another; at one hour where both are meetings."""

    person: str
    first: date
    last: date
    at: str = ""

    def facts(self) -> dict[str, str]:
        """Returns it as a task's facts and JSON hold it; the same from either inspection."""
        return {"person": self.person, "from": str(self.first), "to": str(self.last), "at": self.at}


def bookings(inspection: Inspection, calendar: Calendar, as_if_notified: date | None = None) -> tuple[Booking, ...]:
    """Returns when the team is bound from now on, as far as the days are known."""
    if inspection.stage not in BINDING_STAGES:
        return ()
    due = due_dates_of(inspection, calendar, as_if_notified)
    return tuple(booking for booking in (_meeting(inspection, due), _fieldwork(inspection, due)) if booking)


def people_clashes(team: BoundTeam, other: BoundTeam) -> list[PeopleClash]:
    """Returns every clash of people or hours between two inspections, by person and day."""
    clashes = {
        clash
        for person in team.members() & other.members()
        for booking in team.of(person)
        for other_booking in other.of(person)
        if (clash := _clash(person, booking, other_booking))
    }
    return sorted(clashes)


def _meeting(inspection: Inspection, due: Mapping[str, DueDate]) -> Booking | None:
    if "set_up_meeting_held" in inspection.milestones_reached:
        return None
    agreed, ordered = inspection.meeting, inspection.order.set_up_meeting
    day = agreed.day if agreed else ordered.day or (due["set_up_meeting"].due if "set_up_meeting" in due else None)
    if day is None:
        return None
    at = agreed.at if agreed else ordered.at
    return Booking(kind="set_up_meeting", first=day, last=day, at=at, agreed=bool(agreed or ordered.day))


def _fieldwork(inspection: Inspection, due: Mapping[str, DueDate]) -> Booking | None:
    if "inspection_ends" not in due:
        return None
    agreed = inspection.date_of("fieldwork_started") or inspection.fieldwork
    first = agreed or due["fieldwork_starts"].due
    return Booking(
        kind="fieldwork", first=first, last=max(first, due["inspection_ends"].due), agreed=agreed is not None
    )


def _clash(person: str, booking: Booking, other: Booking) -> PeopleClash | None:
    first, last = max(booking.first, other.first), min(booking.last, other.last)
    if first > last:
        return None
    if booking.at is None or other.at is None:
        return PeopleClash(person, first, last)
    begins = [datetime.combine(first, at) for at in (booking.at, other.at)]
    if max(begins) - min(begins) >= MEETING_LASTS:
        return None
    return PeopleClash(person, first, last, max(booking.at, other.at).isoformat("minutes"))
