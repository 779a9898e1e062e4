"""The concerns of an inspection, read from their events, and which of them can be settled (para 64).

They are content: the state of an inspection does not hold them, and its workflow knows nothing of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from framework.inspection.concern_forms import Raiser
from framework.lifecycle.guards import Failed
from framework.messages.events import StoredEvent

RAISED, SETTLED = "concern_raised", "concern_settled"
CONCERN_KINDS = (RAISED, SETTLED)
"""The kinds of event that are about a concern; `number` in their data says which, and `text` identifies the words."""

RAISER_WORDS: Mapping[Raiser, str] = {
    Raiser.USER_OF_SERVICES: "a user of services",
    Raiser.PARENT_OR_CARER: "a parent or carer",
    Raiser.YOUNG_PERSON: "a young person",
    Raiser.STAFF_OF_AUTHORITY: "a member of the authority's staff",
    Raiser.PARTNER_AGENCY: "a partner agency",
    Raiser.DIRECTOR_OR_LINK_OFFICER: "the director or the link officer",
    Raiser.OTHER: "another person",
}


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a concern was settled."""

    on: date
    by: str
    """The person who recorded it."""
    text_id: str


@dataclass(frozen=True, slots=True)
class Concern:
    """One concern, numbered from 1 within its inspection."""

    number: int
    on: date
    """The London day it was raised on."""
    raised_by: Raiser
    by: str
    """The person who recorded it."""
    text_id: str
    settlement: Settlement | None = None


def concerns_in(events: Iterable[StoredEvent]) -> tuple[Concern, ...]:
    """Returns the concerns that these events, in the order of the log, record; other kinds of event are ignored."""
    concerns: dict[int, Concern] = {}
    for event in (stored.event for stored in events if stored.event.kind in CONCERN_KINDS):
        number, text_id = event.data["number"], event.data["text"]
        if event.kind == RAISED:
            concerns[number] = Concern(number, event.on, Raiser(event.data["raised_by"]), event.by, text_id)
        else:
            concerns[number] = replace(concerns[number], settlement=Settlement(event.on, event.by, text_id))
    return tuple(concerns.values())


def next_number(concerns: Sequence[Concern]) -> int:
    """Returns the number of the next concern of an inspection."""
    return max((concern.number for concern in concerns), default=0) + 1


def settling_fault(concerns: Sequence[Concern], number: int, on: date) -> Failed | None:
    """Returns why concern `number` cannot be settled on a day: there is none, it was raised later, or it is settled.

    A concern is settled once: what is raised again afterwards is another concern."""
    concern = next((concern for concern in concerns if concern.number == number), None)
    if concern is None:
        known = ", ".join(str(concern.number) for concern in concerns)
        there_are = f"those of this inspection are {known}" if known else "none was raised in this inspection"
        return Failed(f"there is no concern {number}; {there_are}", bad_input=True)
    if concern.settlement is not None:
        earlier = f"concern {number} was settled on {concern.settlement.on} by {concern.settlement.by} already"
        return Failed(f"{earlier}: where the same is raised again, add it as another one (add_concern)")
    if on < concern.on:
        return Failed(
            f"concern {number} was raised on {concern.on}: it was not settled before, on {on}", bad_input=True
        )
    return None
