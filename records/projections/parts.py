"""Who holds which role in which inspection, and since when: the parts people take, derived from the events.

A row is written in the transaction of the event that changes a role, and all of them can be rebuilt from the events. They
decide who may see an inspection, so `verify` compares them with the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update
from sqlmodel import Session

from framework.editions.registry import begin_inspection
from framework.inspection.order import Order
from framework.vocabulary.roles import Role
from records.log.read import history
from records.tables.inspections import INSPECTIONS
from records.tables.projections import PARTS

People = Mapping[Role, Sequence[str]]
Part = tuple[str, str]
"""A role, and the person who holds it."""

_OPEN = select(PARTS.c.role, PARTS.c.person).where(
    PARTS.c.inspection_id == bindparam("inspection"), PARTS.c.until.is_(None)
)
_ADD = insert(PARTS)


def save(connection: Connection, inspection: str, number: int, moment: datetime, people: People) -> None:
    """Brings the open parts in line with `people`, as they are after event `number`, recorded at `moment`."""
    before = {(row.role, row.person) for row in connection.execute(_OPEN, {"inspection": inspection})}
    after = _parts_of(people)
    for role, person in sorted(before - after):
        ended = (PARTS.c.inspection_id == inspection, PARTS.c.role == role, PARTS.c.person == person)
        connection.execute(update(PARTS).where(*ended, PARTS.c.until.is_(None)).values(until=moment))
    begun = [_row(inspection, part, number, moment) for part in sorted(after - before)]
    if begun:
        connection.execute(_ADD, begun)


def rebuild(session: Session, identifier: str) -> None:
    """Writes the rows of one inspection anew from its events."""
    connection = session.connection()
    row = connection.execute(select(INSPECTIONS).where(INSPECTIONS.c.id == identifier)).mappings().one()
    connection.execute(delete(PARTS).where(PARTS.c.inspection_id == identifier))
    first = {Role(role): tuple(people) for role, people in row["first_people_json"].items()}
    state = begin_inspection(identifier, Order.model_validate(row["order_json"]), first)
    derived = DerivedParts(identifier)
    derived.follow(state.people, 0, row["started_at"])
    for _, group in groupby(history(session, identifier), key=lambda event: event.command_id):
        events = list(group)
        for event in events:
            state.apply(event.number, event.event)
        derived.follow(state.people, events[-1].number, events[-1].recorded)
    connection.execute(_ADD, derived.rows)


@dataclass(slots=True)
class DerivedParts:
    """The rows of one inspection, as its events come to them one command after another."""

    inspection: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    _people: dict[Role, Sequence[str]] = field(default_factory=dict)
    _open: dict[Part, dict[str, Any]] = field(default_factory=dict)

    def follow(self, people: People, number: int, moment: datetime) -> None:
        """Applies who holds the roles after event `number`, recorded at `moment`."""
        if people == self._people:
            return
        self._people = dict(people)
        after = _parts_of(people)
        for part in self._open.keys() - after:
            self._open.pop(part)["until"] = moment
        for part in sorted(after - self._open.keys()):
            self._open[part] = _row(self.inspection, part, number, moment)
            self.rows.append(self._open[part])


def roles_of(session: Session, person: str) -> dict[str, frozenset[Role]]:
    """Returns the roles a person holds now, by inspection."""
    query = select(PARTS.c.inspection_id, PARTS.c.role).where(PARTS.c.person == person, PARTS.c.until.is_(None))
    roles: dict[str, frozenset[Role]] = {}
    for row in session.connection().execute(query):
        roles[row.inspection_id] = roles.get(row.inspection_id, frozenset()) | {Role(row.role)}
    return roles


def holders_at(session: Session, inspection: str, moment: datetime) -> list[RowMapping]:
    """Returns role, person, since and until of every part held at a moment, the earliest first."""
    query = (
        select(PARTS.c.role, PARTS.c.person, PARTS.c.since, PARTS.c.until)
        .where(PARTS.c.inspection_id == inspection, PARTS.c.since <= moment)
        .where(PARTS.c.until.is_(None) | (PARTS.c.until > moment))
        .order_by(PARTS.c.since, PARTS.c.role, PARTS.c.person)
    )
    return list(session.connection().execute(query).mappings())


def _parts_of(people: People) -> set[Part]:
    return {(role.value, person) for role, held in people.items() for person in held}


def _row(inspection: str, part: Part, number: int, moment: datetime) -> dict[str, Any]:
    role, person = part
    row = {"inspection_id": inspection, "role": role, "person": person, "number": number}
    return {**row, "since": moment, "until": None}
