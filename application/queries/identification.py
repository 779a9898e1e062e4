"""Who calls, and which inspections they may see: asked first by every use case.

An unknown inspection and one that the caller may not see have the same answer, byte for byte."""

from dataclasses import replace

from sqlalchemy import RowMapping, select
from sqlmodel import Session

from application.caller import Caller, may_see, sees_all
from application.queries.lookups import must_know_person
from application.runtime.suggestions import near
from framework.common.errors import BadInput, Remedy
from records.directory import directory
from records.projections import parts
from records.tables.inspections import INSPECTIONS


class Hidden(BadInput):
    """The inspection is not there, or the caller may not see it."""


def identify(session: Session, caller: Caller) -> Caller:
    """Returns the caller with their posts and parts.

    Raises `BadInput` for an unknown person, for one who has left, and without a name where people sign in."""
    if not caller.person:
        if not sees_all(caller):
            raise BadInput("the caller is not named")
        return caller
    must_know_person(session, caller.person)
    posts = directory.posts(session, caller.person)
    return replace(caller, posts=posts, parts=parts.roles_of(session, caller.person))


def visible_row(session: Session, caller: Caller, identifier: str) -> RowMapping:
    """Returns the row of an inspection. Raises `Hidden`, naming the nearest identifiers that the caller may see."""
    connection = session.connection()
    row = connection.execute(select(INSPECTIONS).where(INSPECTIONS.c.id == identifier)).mappings().first()
    if row is not None and may_see(caller, identifier):
        return row
    known = connection.execute(select(INSPECTIONS.c.id)).scalars()
    nearest = near(identifier, [other for other in known if may_see(caller, other)])
    raise Hidden(f"there is no inspection {identifier}{nearest}", remedy=Remedy.LIST_INSPECTIONS)


def is_denied(session: Session, caller: Caller, identifier: str) -> bool:
    """Returns whether the inspection is there and the caller may not see it."""
    if may_see(caller, identifier):
        return False
    query = select(INSPECTIONS.c.id).where(INSPECTIONS.c.id == identifier)
    return session.connection().execute(query).first() is not None
