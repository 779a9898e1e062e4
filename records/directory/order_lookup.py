"""What the records say about an order to inspect: whom it names, who is to be written to, and what stands in its way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlmodel import Session

from framework.inspection.order import Order
from framework.vocabulary.roles import AUTHORITY_ROLES, Role
from records.directory.contacts import Contact, contacts
from records.tables.directory import AUTHORITIES, PEOPLE, POSTS
from records.tables.inspections import INSPECTIONS


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of the directory, with the posts they hold in the inspectorate."""

    name: str
    active: bool
    posts: tuple[Role, ...]
    authority: str | None
    """The code of the authority they work for; None for the inspectorate's own people."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the directory and the other inspections say about one order."""

    authority: str | None
    """The authority's name; None where the directory does not know its code."""
    authorities: tuple[str, ...]
    """Every code there is."""
    people: Mapping[str, Named]
    """Those the order names, of whom the directory knows."""
    office: tuple[str, ...]
    """Everybody of the inspectorate, to suggest from."""
    recipients: Mapping[Role, tuple[Contact, ...]]
    """The authority's people, as the directory has them."""
    unaddressed: tuple[Role, ...]
    """Roles of paras 50 and 52 where nobody has an address."""
    open_ones: tuple[str, ...]
    """Other inspections of the same authority and scope that are neither closed nor cancelled."""


def facts(session: Session, order: Order) -> OrderFacts:
    """Everything a check of the order asks."""
    connection = session.connection()
    authorities = {row.code: row.name for row in connection.execute(select(AUTHORITIES.c.code, AUTHORITIES.c.name))}
    known = contacts(connection, order.authority, {})
    named = {order.coordinator, order.manager, order.quality_assurance}
    named |= {member.person for member in order.team} | {override.by for override in order.overrides}
    return OrderFacts(
        authority=authorities.get(order.authority),
        authorities=tuple(authorities),
        people=_people(connection, named),
        office=_office(connection),
        recipients={role: held for role, held in known.by_role.items() if role in AUTHORITY_ROLES},
        unaddressed=known.missing(),
        open_ones=_open_ones(connection, order),
    )


def named_people(session: Session, wanted: Iterable[str]) -> dict[str, Named]:
    """Those of these people whom the directory knows."""
    return _people(session.connection(), wanted)


def office_people(session: Session) -> tuple[str, ...]:
    """Everybody of the inspectorate, to suggest from."""
    return _office(session.connection())


def _people(connection: Connection, wanted: Iterable[str]) -> dict[str, Named]:
    query = (
        select(PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.active, POSTS.c.role, POSTS.c.authority_code)
        .outerjoin(POSTS, (POSTS.c.person_id == PEOPLE.c.id) & POSTS.c.former.is_(False))
        .where(PEOPLE.c.id.in_(set(wanted)))
        .order_by(POSTS.c.id)
    )
    found: dict[str, Named] = {}
    for row in connection.execute(query):
        before = found.get(row.id, Named(row.name, row.active, (), None))
        ours = (Role(row.role),) if row.role and row.authority_code is None else ()
        found[row.id] = Named(row.name, row.active, (*before.posts, *ours), row.authority_code or before.authority)
    return found


def _office(connection: Connection) -> tuple[str, ...]:
    query = select(POSTS.c.person_id).where(POSTS.c.authority_code.is_(None), POSTS.c.former.is_(False)).distinct()
    return tuple(connection.execute(query.order_by(POSTS.c.person_id)).scalars())


def _open_ones(connection: Connection, order: Order) -> tuple[str, ...]:
    query = select(INSPECTIONS.c.id).where(
        INSPECTIONS.c.authority_code == order.authority,
        INSPECTIONS.c.scope == order.scope.value,
        INSPECTIONS.c.closed_at.is_(None),
        INSPECTIONS.c.reference != order.reference,
    )
    return tuple(connection.execute(query.order_by(INSPECTIONS.c.id)).scalars())
