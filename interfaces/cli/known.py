"""What is known, and what somebody may have meant: unknown identifiers are answered with the nearest known ones."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sqlalchemy import RowMapping, select

from framework.errors import BadInput
from records.tables import INSPECTIONS

if TYPE_CHECKING:
    from sqlmodel import Session


def must_know(session: "Session", identifier: str) -> RowMapping:
    """The row of an inspection. Raises `BadInput` for an unknown one, naming the nearest known ones."""
    row = session.connection().execute(select(INSPECTIONS).where(INSPECTIONS.c.id == identifier)).mappings().first()
    if row is not None:
        return row
    known = session.connection().execute(select(INSPECTIONS.c.id)).scalars().all()
    raise BadInput(f"there is no inspection {identifier}{near(identifier, known)}; `inspections list` shows those there are")


def near(wanted: str, known: Iterable[str]) -> str:
    """«; nearest: a, b», or nothing where nothing is like it."""
    close = get_close_matches(wanted, list(known), n=3, cutoff=0.5)
    return f"; nearest: {', '.join(close)}" if close else ""
