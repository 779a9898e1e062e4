"""What is known, and what somebody may have meant: unknown identifiers are answered with the nearest known ones."""

from typing import TYPE_CHECKING

from sqlalchemy import RowMapping, select

from framework.errors import BadInput
from interfaces.nearest import near
from records import directory
from records.tables import INSPECTIONS

if TYPE_CHECKING:
    from sqlmodel import Session


def must_know(session: "Session", identifier: str) -> RowMapping:
    """The row of an inspection. Raises `BadInput` for an unknown one, naming the nearest known ones."""
    row = session.connection().execute(select(INSPECTIONS).where(INSPECTIONS.c.id == identifier)).mappings().first()
    if row is not None:
        return row
    known = session.connection().execute(select(INSPECTIONS.c.id)).scalars().all()
    raise BadInput(
        f"there is no inspection {identifier}{near(identifier, known)}; `inspections list` shows those there are"
    )


def must_know_person(session: "Session", identifier: str) -> None:
    """Raises `BadInput` for somebody the directory does not know, naming the nearest it does."""
    known = directory.names(session)
    if identifier not in known:
        raise BadInput(f"the directory knows nobody called {identifier}{near(identifier, known)}")
