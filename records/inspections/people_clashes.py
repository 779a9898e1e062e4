"""People whom two open inspections bind on the same days or at the same hour: shown by the dry run, and a task of one of the two.

Written in the transaction that changed a team or its days; the task ends with the clash."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, or_, select, update

from framework.inspection.bookings import BINDING_STAGES, BoundTeam, people_clashes
from framework.messages.orders import Booking, TaskOrder
from framework.vocabulary.roles import Role
from records.tables.inspections import INSPECTIONS, TASKS
from records.tables.projections import PARTS
from records.tasks.tasks import open_task

KIND = "people_clash"
_MOST_OTHERS = 200
"""Open inspections with which one is compared at most, so that what one transaction reads is bounded."""
_MOST_TASKS = 20

Clashes = dict[str, list[dict[str, str]]]
"""The other inspection -> each person with the days, and the hour where both are meetings."""


def clashes_with_others(connection: Connection, identifier: str, team: BoundTeam) -> Clashes:
    """Returns the clashes of a team with those of other open inspections, by their identifiers."""
    if not team.bookings:
        return {}
    clashing: Clashes = {}
    for row in _others(connection, identifier, team):
        other = BoundTeam(row["people_json"], [Booking.model_validate(booking) for booking in row["bookings_json"]])
        if clashes := people_clashes(team, other):
            clashing[row["id"]] = [clash.facts() for clash in clashes]
    return clashing


def update_tasks(connection: Connection, identifier: str, team: BoundTeam, moment: datetime, event_number: int) -> None:
    """Opens a task for each inspection that the team clashes with, unless the other has it, and closes those that are over."""
    clashes = clashes_with_others(connection, identifier, team)
    for task in _open_tasks(connection, identifier):
        other = task["facts_json"]["other"] if task["inspection_id"] == identifier else task["inspection_id"]
        if clashes.get(other) == task["facts_json"]["clashes"]:
            del clashes[other]
        else:
            connection.execute(update(TASKS).where(TASKS.c.id == task["id"]).values(closed_at=moment))
    for other, people in list(clashes.items())[:_MOST_TASKS]:
        order = TaskOrder(key=_key(other), kind=KIND, facts={"other": other, "clashes": people})
        open_task(connection, identifier, order, moment, event_number)


def bound_team(
    people: Mapping[Role, Sequence[str]] | Mapping[str, Sequence[str]], bookings: Sequence[Booking]
) -> BoundTeam:
    """Returns the team in the form that is compared; roles by name."""
    return BoundTeam({str(role): tuple(held) for role, held in people.items()}, bookings)


def _others(connection: Connection, identifier: str, team: BoundTeam) -> Sequence[RowMapping]:
    shared = select(PARTS.c.inspection_id).where(PARTS.c.person.in_(team.members()), PARTS.c.until.is_(None))
    query = (
        select(INSPECTIONS.c.id, INSPECTIONS.c.people_json, INSPECTIONS.c.bookings_json)
        .where(INSPECTIONS.c.id != identifier, INSPECTIONS.c.id.in_(shared), INSPECTIONS.c.closed_at.is_(None))
        .where(INSPECTIONS.c.stage.in_([stage.value for stage in BINDING_STAGES]))
        .order_by(INSPECTIONS.c.id)
        .limit(_MOST_OTHERS)
    )
    return connection.execute(query).mappings().all()


def _open_tasks(connection: Connection, identifier: str) -> Sequence[RowMapping]:
    """Returns the open tasks about a clash of this inspection, its own and those of others, in one order for all writers."""
    columns = (TASKS.c.id, TASKS.c.inspection_id, TASKS.c.facts_json)
    concerns = or_(TASKS.c.inspection_id == identifier, TASKS.c.key == _key(identifier))
    query = select(*columns).where(TASKS.c.kind == KIND, TASKS.c.closed_at.is_(None), concerns)
    return connection.execute(query.order_by(TASKS.c.id)).mappings().all()


def _key(other: str) -> str:
    return f"{KIND}:{other}"


def as_rows(clashes: Clashes) -> tuple[dict[str, str], ...]:
    """Returns the clashes one person a row, with the other inspection."""
    return tuple({"inspection": other, **person} for other, people in clashes.items() for person in people)
