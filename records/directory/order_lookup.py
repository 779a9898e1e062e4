"""Looks up in the records what an order to inspect is checked against: people, recipients, other open inspections."""

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
    """A person of the directory, with the posts they hold in the inspectorate."""

    name: str
    active: bool
    posts: tuple[Role, ...]
    authority: str | None
    """The code of the authority they work for; None for the inspectorate's own people."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the directory and the other inspections hold about one order."""

    authority: str | None
    """The authority's name; None for an unknown code."""
    authorities: tuple[str, ...]
    """The codes of all authorities."""
    people: Mapping[str, Named]
    """The people whom the order names, without unknown ones."""
    office: tuple[str, ...]
    """The inspectorate's people, for suggestions."""
    recipients: Mapping[Role, tuple[Contact, ...]]
    """The authority's people in the directory."""
    unaddressed: tuple[Role, ...]
    """Roles of paras 50 and 52 without a holder who has an address."""
    open_inspections: tuple[str, ...]
    """Other inspections of the same authority that are neither closed nor cancelled."""


def facts(session: Session, order: Order, starter: str = "") -> OrderFacts:
    """Reads everything that the checks of an order need; `starter` is the person who starts the inspection."""
    connection = session.connection()
    authorities = {row.code: row.name for row in connection.execute(select(AUTHORITIES.c.code, AUTHORITIES.c.name))}
    of_authority = contacts(connection, order.authority, {})
    named = {order.coordinator, order.manager, order.quality_assurance}
    named |= {member.person for member in order.team} | {override.by for override in order.overrides} | {starter}
    return OrderFacts(
        authority=authorities.get(order.authority),
        authorities=tuple(authorities),
        people=_people(connection, named),
        office=_office(connection),
        recipients={role: held for role, held in of_authority.by_role.items() if role in AUTHORITY_ROLES},
        unaddressed=of_authority.missing(),
        open_inspections=_open_inspections(connection, order),
    )


def named_people(session: Session, identifiers: Iterable[str]) -> dict[str, Named]:
    """Returns the people with these identifiers, without unknown ones."""
    return _people(session.connection(), identifiers)


def office_people(session: Session) -> tuple[str, ...]:
    """Returns the identifiers of the inspectorate's people, for suggestions."""
    return _office(session.connection())


def _people(connection: Connection, identifiers: Iterable[str]) -> dict[str, Named]:
    query = (
        select(PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.active, POSTS.c.role, POSTS.c.authority_code)
        .outerjoin(POSTS, (POSTS.c.person_id == PEOPLE.c.id) & POSTS.c.former.is_(False))
        .where(PEOPLE.c.id.in_(set(identifiers)))
        .order_by(POSTS.c.id)
    )
    people: dict[str, Named] = {}
    for row in connection.execute(query):
        before = people.get(row.id, Named(row.name, row.active, (), None))
        posts = (Role(row.role),) if row.role and row.authority_code is None else ()
        people[row.id] = Named(row.name, row.active, (*before.posts, *posts), row.authority_code or before.authority)
    return people


def _office(connection: Connection) -> tuple[str, ...]:
    query = select(POSTS.c.person_id).where(POSTS.c.authority_code.is_(None), POSTS.c.former.is_(False)).distinct()
    return tuple(connection.execute(query.order_by(POSTS.c.person_id)).scalars())


def _open_inspections(connection: Connection, order: Order) -> tuple[str, ...]:
    query = select(INSPECTIONS.c.id).where(
        INSPECTIONS.c.authority_code == order.authority,
        INSPECTIONS.c.closed_at.is_(None),
        INSPECTIONS.c.reference != order.reference,
    )
    return tuple(connection.execute(query.order_by(INSPECTIONS.c.id)).scalars())
