"""The teams of inspections, and when they are bound, for an agenda."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session

from framework.inspection.bookings import BoundTeam
from framework.messages.orders import Booking
from records.tables.inspections import INSPECTIONS

_BATCH = 500
"""Identifiers in one query; databases limit the parameters of one."""


def teams_of(session: Session, inspections: Sequence[str]) -> dict[str, BoundTeam]:
    """Returns the people of each inspection by role, and when its team is bound from now on: identifier -> team."""
    teams: dict[str, BoundTeam] = {}
    for start in range(0, len(inspections), _BATCH):
        query = select(INSPECTIONS.c.id, INSPECTIONS.c.people_json, INSPECTIONS.c.bookings_json)
        for row in session.connection().execute(query.where(INSPECTIONS.c.id.in_(inspections[start : start + _BATCH]))):
            bookings = [Booking.model_validate(booking) for booking in row.bookings_json]
            teams[row.id] = BoundTeam(row.people_json, bookings)
    return teams
