"""A letter of an inspection as the mail system accepted it, whatever mail system that was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import RowMapping, or_, select, tuple_
from sqlmodel import Session

from framework.calendar.london_time import say_day
from framework.common.errors import BadInput, CheckFailed, Refused
from framework.messages.events import StoredEvent
from records.inspections.erasure import erased_on
from records.log.commitments import message_commitment
from records.outbox import messages
from records.privacy.message_archive import MessageArchive
from records.tables.outbox import LETTERS

Key = tuple[str, int]
"""An inspection and the number of an event."""


@dataclass(frozen=True, slots=True)
class AcceptedMessage:
    """One message, byte for byte."""

    number: int
    content: bytes
    accepted_at: datetime


def accepted_message(session: Session, data: Path, inspection: str, number: int) -> AcceptedMessage:
    """Returns the letter of this number as it was accepted last.

    Raises `BadInput` for a number there is none of, `Refused` for a letter that was not accepted or was erased, `CheckFailed` for
    one that is gone or was altered."""
    row = _letter(session, inspection, number)
    kept = messages.accepted(session.connection(), row["id"])
    if not kept:
        raise _nothing_kept(row, number)
    message = MessageArchive(data).read(session.connection(), kept[-1])
    if message is None:
        raise _erased(session, inspection, number)
    if message_commitment(row["salt"], message) != kept[-1]["sha256"]:
        raise CheckFailed(f"letter {number} of {inspection} was altered: `inspections verify {inspection}` says more")
    return AcceptedMessage(number, message, kept[-1]["accepted_at"])


def numbers_by_event(session: Session, events: Iterable[StoredEvent]) -> dict[Key, list[int]]:
    """Returns the numbers of the letters that each event ordered, or tells the outcome of."""
    named = {(one.inspection, one.number): one.event.data.get("letter") for one in events}
    place = tuple_(LETTERS.c.inspection_id, LETTERS.c.event_number)
    query = select(LETTERS.c.inspection_id, LETTERS.c.event_number, LETTERS.c.id, LETTERS.c.number)
    wanted = or_(place.in_(list(named)), LETTERS.c.id.in_({str(letter) for letter in named.values() if letter}))
    rows = session.connection().execute(query.where(wanted).order_by(LETTERS.c.number)).all()
    return {
        key: [row.number for row in rows if (row.id == letter if letter else tuple(row[:2]) == key)]
        for key, letter in named.items()
    }


def _letter(session: Session, inspection: str, number: int) -> RowMapping:
    query = select(LETTERS).where(LETTERS.c.inspection_id == inspection, LETTERS.c.number == number)
    row = session.connection().execute(query).mappings().first()
    if row is None:
        raise BadInput(f"{inspection} has no letter {number}: `inspections letter {inspection}` lists them")
    return row


def _nothing_kept(row: RowMapping, number: int) -> Refused | CheckFailed:
    inspection = row["inspection_id"]
    if row["sha256"]:
        return CheckFailed(f"letter {number} of {inspection} is gone: `inspections verify {inspection}` says more")
    if row["accepted_at"] is not None:
        return Refused(f"letter {number} of {inspection} was sent; its message was lost when the records were restored")
    return Refused(f"letter {number} of {inspection} was not accepted by the mail system ({row['status']})")


def _erased(session: Session, inspection: str, number: int) -> Refused | CheckFailed:
    day = erased_on(session, inspection)
    if day is None:
        return CheckFailed(f"letter {number} of {inspection} was erased, and no event says so")
    return Refused(f"letter {number} of {inspection} was erased with its personal data on {say_day(day)}")
