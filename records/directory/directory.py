"""Authorities, their people, and the people of the inspectorate.

`csv_import` adds people. A person who is replaced in a post, or has left, stays in the directory as a former holder."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, RowMapping, func, insert, select, update
from sqlmodel import Session

from framework.common.errors import BadInput, Remedy
from framework.vocabulary.roles import OFFICE_ROLES, Role
from records.calendars import versions
from records.database.connection import reading, writing
from records.directory.contacts import Contact, contacts
from records.directory.csv_import import import_people
from records.tables.directory import AUTHORITIES, PEOPLE, POSTS

__all__ = ["holders", "import_people", "people_of", "person", "posts", "seed"]

DATA = Path(__file__).parent / "data"


def seed(engine: Engine) -> None:
    """Inserts the 152 authorities, made-up people and the shipped calendar, each where there is none yet."""
    with reading(engine) as session:
        if _seeded(session):
            return
    with writing(engine) as session:
        connection = session.connection()
        if not _count(session, AUTHORITIES):
            connection.execute(insert(AUTHORITIES), _shipped("authorities.csv"))
        if not _count(session, PEOPLE):
            import_people(session, (DATA / "people.csv").read_text(encoding="utf-8"))
        versions.seed(session)


def authorities(session: Session) -> list[RowMapping]:
    """Returns every authority, by name: code, name, region, gss_code."""
    return list(session.connection().execute(select(AUTHORITIES).order_by(AUTHORITIES.c.name)).mappings())


def authority(session: Session, code: str) -> RowMapping:
    """Returns an authority by the Department for Education's code. Raises `BadInput` for an unknown one."""
    row = session.connection().execute(select(AUTHORITIES).where(AUTHORITIES.c.code == code)).mappings().first()
    if row is None:
        raise BadInput(f"there is no authority {code}", remedy=Remedy.LIST_AUTHORITIES)
    return row


def regions(session: Session) -> tuple[str, ...]:
    """Returns the regions of the authorities, by name."""
    query = select(AUTHORITIES.c.region).distinct().order_by(AUTHORITIES.c.region)
    return tuple(session.connection().execute(query).scalars())


def person(session: Session, identifier: str) -> RowMapping:
    """Returns a person: id, name, email, organisation, active. Raises `BadInput` for an unknown one."""
    row = session.connection().execute(select(PEOPLE).where(PEOPLE.c.id == identifier)).mappings().first()
    if row is None:
        raise BadInput(f"there is nobody called {identifier} in the directory; import them first")
    return row


def names(session: Session) -> dict[str, str]:
    """Returns identifier -> name of everyone in the directory."""
    return {row.id: row.name for row in session.connection().execute(select(PEOPLE.c.id, PEOPLE.c.name))}


def posts(session: Session, identifier: str) -> tuple[Role, ...]:
    """Returns the office posts of a person, which apply to every inspection.

    Roles of a team or an authority are not among them: they are held in one inspection. Raises `BadInput` for an unknown
    person, and for one who has left."""
    if not person(session, identifier)["active"]:
        raise BadInput(f"{identifier} has left; somebody else must act")
    query = select(POSTS.c.role).where(
        POSTS.c.person_id == identifier, POSTS.c.authority_code.is_(None), POSTS.c.former.is_(False)
    )
    held = {Role(role) for role in session.connection().execute(query).scalars()}
    return tuple(role for role in Role if role in held & OFFICE_ROLES)


def holders(session: Session, authority_code: str, role: Role) -> tuple[Contact, ...]:
    """Returns the present holders of a role in an authority."""
    return contacts(session.connection(), authority_code, {}).by_role.get(role, ())


def auditors(session: Session) -> list[str]:
    """Returns the addresses of the inspectorate's auditors, without those who have left or have none."""
    query = (
        select(PEOPLE.c.email)
        .join(POSTS, POSTS.c.person_id == PEOPLE.c.id)
        .where(POSTS.c.role == Role.AUDITOR.value, POSTS.c.former.is_(False), PEOPLE.c.active, PEOPLE.c.email != "")
        .order_by(PEOPLE.c.email)
        .distinct()
    )
    return list(session.connection().execute(query).scalars())


def people_of(session: Session, authority_code: str) -> dict[Role, tuple[str, ...]]:
    """Returns the identifiers of an authority's people by role, as a new inspection stores them."""
    by_role = contacts(session.connection(), authority_code, {}).by_role
    return {role: tuple(contact.person for contact in by_role[role]) for role in Role if role in by_role}


def missing_addresses(session: Session, authority_code: str) -> tuple[Role, ...]:
    """Returns the roles of paras 50 and 52 (and the DCS) without a holder with an address in this authority."""
    return contacts(session.connection(), authority_code, {}).missing()


def post_holders(session: Session, authority_code: str | None = None) -> list[dict[str, Any]]:
    """Returns the posts of an authority, or of the inspectorate (None): role, person, name, email, former, acting."""
    where = POSTS.c.authority_code.is_(None) if authority_code is None else POSTS.c.authority_code == authority_code
    query = (
        select(POSTS.c.role, PEOPLE.c.id.label("person"), PEOPLE.c.name, PEOPLE.c.email, POSTS.c.former, POSTS.c.acting)
        .join(PEOPLE, PEOPLE.c.id == POSTS.c.person_id)
        .where(where)
        .order_by(POSTS.c.former, POSTS.c.id)
    )
    return [dict(row) for row in session.connection().execute(query).mappings()]


def mark_as_left(session: Session, identifier: str) -> None:
    """Marks a person as having left, and their posts as former; no letter goes to them any more.

    Raises `BadInput` for an unknown person."""
    person(session, identifier)
    connection = session.connection()
    connection.execute(update(PEOPLE).where(PEOPLE.c.id == identifier).values(active=False))
    connection.execute(update(POSTS).where(POSTS.c.person_id == identifier).values(former=True))


@cache
def _shipped(name: str) -> list[Mapping[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _seeded(session: Session) -> bool:
    return all((_count(session, AUTHORITIES), _count(session, PEOPLE), versions.version_in_force(session.connection())))


def _count(session: Session, table: Any) -> int:
    return session.connection().execute(select(func.count()).select_from(table)).scalar_one()
