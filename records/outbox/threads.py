"""Which earlier letters of an inspection a letter follows, so that a mail reader shows all of them as one thread.

A reader joins messages by the identifiers they name, and knows only those it received. So a letter names, for each of its
recipients, the first letter of the inspection that reached that recipient."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from records.tables.outbox import LETTERS


@dataclass(frozen=True, slots=True)
class Thread:
    """The Message-IDs of earlier letters."""

    references: tuple[str, ...] = ()
    """The first letter of each recipient, oldest first."""
    in_reply_to: str = ""
    """The first letter of the person the letter is addressed to; empty where there is none."""


NO_THREAD = Thread()
"""The thread of a letter before which none was accepted."""


def thread_of(connection: Connection, letter: Mapping[str, Any]) -> Thread:
    """Returns the thread of a letter, as `records.outbox.states.letter` has it, among the letters accepted so far."""
    first = _first_letters(connection, letter)
    addressed = [first.get(email.lower(), "") for email in _emails(letter["to"])]
    everybody = _emails([*letter["to"], *letter["cc"]])
    reaching = {first[email.lower()] for email in everybody if email.lower() in first}
    references = tuple(message_id for message_id in dict.fromkeys(first.values()) if message_id in reaching)
    return Thread(references, next(filter(None, addressed), ""))


def _first_letters(connection: Connection, letter: Mapping[str, Any]) -> dict[str, str]:
    """Returns address -> Message-ID of the first letter that reached it, oldest first."""
    missed = (LETTERS.c.refused_json, LETTERS.c.returned_json)
    columns = (LETTERS.c.message_id, LETTERS.c.to_json, LETTERS.c.cc_json, *missed)
    accepted = (LETTERS.c.inspection_id == letter["inspection_id"], LETTERS.c.accepted_at.is_not(None))
    query = select(*columns).where(*accepted, LETTERS.c.id != letter["id"])
    first: dict[str, str] = {}
    for row in connection.execute(query.order_by(LETTERS.c.accepted_at, LETTERS.c.number)):
        not_reached = {address.lower() for address in (*row.refused_json, *row.returned_json)}
        for email in _emails([*row.to_json, *row.cc_json]):
            if email.lower() not in not_reached:
                first.setdefault(email.lower(), row.message_id)
    return first


def _emails(people: Iterable[Mapping[str, str]]) -> list[str]:
    return [person["email"] for person in people]
