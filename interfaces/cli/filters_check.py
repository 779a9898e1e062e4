"""Whether what somebody filters the history by can be at all: an unknown kind, person or paragraph is answered with the
nearest known, so that «nothing happened» always means that nothing did."""

from datetime import date
from typing import TYPE_CHECKING

from framework.errors import BadInput
from framework.kinds import EVENT_KINDS
from framework.paragraphs import TITLES
from interfaces.nearest import near

if TYPE_CHECKING:
    from sqlmodel import Session

SYSTEM = "system"
"""Who does what happens of itself."""


def known_kind(kind: str) -> str:
    """A kind of event. Raises `BadInput` naming the nearest for one there is none of."""
    if kind not in EVENT_KINDS:
        raise BadInput(f"--kind {kind}: there is no such kind of event{near(kind, EVENT_KINDS)}")
    return kind


def known_person(session: "Session", person: str) -> str:
    """Somebody of the directory, or «system». Raises `BadInput` naming the nearest for anybody else."""
    from records import directory

    known = (SYSTEM, *directory.names(session))
    if person not in known:
        raise BadInput(f"--by {person}: the directory knows nobody of that name{near(person, known)}")
    return person


def known_paragraph(number: int) -> int:
    """A paragraph of the framework. Raises `BadInput` naming the nearest for a number beyond them."""
    if number not in TITLES:
        nearest = min(TITLES, key=lambda one: abs(one - number))
        last = max(TITLES)
        raise BadInput(f"--paragraph {number}: the framework has paragraphs 1 to {last}; nearest: {nearest}")
    return number


def period(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """From one London day to another, both included; None where it is open. Raises `BadInput` where it ends before it begins."""
    if first and last and first > last:
        raise BadInput(f"--from {first} is later than --to {last}: nothing lies between")
    return first, last
