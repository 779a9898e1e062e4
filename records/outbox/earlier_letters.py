"""The recipients of the earlier letters of an inspection: who knows of it, and whose calendar holds the set-up meeting."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from framework.correspondence.letters import INTERNAL, WITHDRAWN
from framework.correspondence.letters import letter as rule_of
from records.tables.outbox import LETTERS

_GIVEN_UP = ("failed", "stopped")


@dataclass(frozen=True, slots=True)
class EarlierLetters:
    """People by identifier, in the order in which the first letter was addressed to them."""

    informed: tuple[str, ...] = ()
    """The recipients of any letter but a reminder or an internal one."""
    invited: tuple[str, ...] = ()
    """Those invited to the set-up meeting, to whom no withdrawal was sent since."""
    inviting: dict[str, Any] = field(default_factory=dict)
    """Role -> person as templates have them, of the newest invitation: whose calendar the meeting is in."""


NONE_EARLIER = EarlierLetters()


def earlier_letters(connection: Connection, inspection: str) -> EarlierLetters:
    """Returns the recipients of the letters of the inspection so far; a queued letter counts, a failed or stopped one does not."""
    query = select(LETTERS).where(LETTERS.c.inspection_id == inspection, LETTERS.c.status.not_in(_GIVEN_UP))
    informed: dict[str, None] = {}
    invited: dict[str, None] = {}
    inviting: dict[str, Any] = {}
    for row in connection.execute(query.order_by(LETTERS.c.number)):
        reached = [
            person["person"]
            for person in (*row.to_json, *row.cc_json)
            if person["email"] not in row.refused_json and person["email"] not in row.returned_json
        ]
        if row.kind not in ("reminder", *INTERNAL):
            informed |= dict.fromkeys(reached)
        facts = row.data_json["facts"]
        if WITHDRAWN in facts:
            invited = {person: None for person in invited if person not in reached}
        elif rule_of(row.kind).invitation and "meeting" in facts:
            invited |= dict.fromkeys(reached)
            inviting = row.data_json["people"]
    return EarlierLetters(tuple(informed), tuple(invited), inviting)
