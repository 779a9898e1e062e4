"""What would move in one open inspection or in all: behind `holidays --preview` and `what-if`. Reads, and writes nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from framework.calendar.bank_holidays import Calendar
from framework.common.errors import Refused
from framework.inspection.state import Inspection
from framework.lifecycle.limit_changes import LimitChanges, diff_limits
from records.inspections import repository

Look = Callable[[Inspection], LimitChanges]


@dataclass(frozen=True, slots=True)
class Found:
    """What would move in one inspection."""

    inspection: Inspection
    moves: LimitChanges
    note: str = ""
    """Why it was left out, or why nothing moves in it."""


def by_calendar(session: Session, old: Calendar, new: Calendar) -> tuple[list[Found], int]:
    """What another calendar would move: those for which it would, and how many open ones were looked at."""
    names = repository.still_open(session)
    return in_all(session, names, lambda one: diff_limits(one, old, one, new)), len(names)


def in_all(session: Session, names: Iterable[str], look: Look) -> list[Found]:
    """Those in which something would move or clash; one for which a rule says no has that as its note."""
    found = (_noted(repository.state(session, name), look) for name in names)
    return [one for one in found if one.note or not one.moves.is_empty]


def in_one(session: Session, name: str, look: Look) -> Found:
    """The same for one, whatever is found. Raises what `look` does."""
    state = repository.state(session, name)
    return Found(state, look(state), f"{state.id} is over: no day of it moves any more" if state.is_finished else "")


def _noted(state: Inspection, look: Look) -> Found:
    try:
        return Found(state, look(state))
    except Refused as refusal:
        return Found(state, LimitChanges(), str(refusal))


def as_json(found: Found) -> dict[str, Any]:
    """One inspection, for `--json`."""
    return {
        "inspection": found.inspection.id,
        "stage": found.inspection.stage,
        "moved": [{**one.facts(), "from": one.was, "paragraph": one.paragraph} for one in found.moves.moved],
        "clashes": [
            {
                "appointment": one.appointment,
                "title": one.title,
                "day": one.day,
                "why": one.why,
                "paragraph": one.paragraph,
            }
            for one in found.moves.clashes
        ],
        "note": found.note or None,
    }
