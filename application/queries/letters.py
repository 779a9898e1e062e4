"""The letters of an inspection, and each as the mail system accepted it, whatever mail system that was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import RowMapping, or_, select, tuple_
from sqlmodel import Session

from application.caller import Caller
from application.queries.access_logging import Use
from application.queries.inspection_letters import Letter, letters_at, outcome
from application.queries.snapshot import snapshot
from application.runtime.context import AppContext
from framework.calendar.london_time import say_day
from framework.common.errors import BadInput, BeingMade, CheckFailed, Refused, Remedy
from framework.messages.events import StoredEvent
from records.inspections.erasure import erased_on
from records.inspections.reader import InspectionReader
from records.log.commitments import message_commitment
from records.outbox import messages
from records.outbox.states import UNDELIVERED
from records.privacy.message_archive import MessageArchive
from records.queries.inspection_rows import rows_of
from records.tables.outbox import LETTERS

Key = tuple[str, int]
"""An inspection and the number of an event."""


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """Which letter to read, and how, for the access log."""

    inspection: str
    number: int
    raw: bool = False
    html: str = ""
    """The file in which its HTML is saved; empty where it is not."""


@dataclass(frozen=True, slots=True)
class AcceptedMessage:
    """One message, byte for byte."""

    number: int
    content: bytes
    accepted_at: datetime


def letters(caller: Caller, context: AppContext, inspection: str) -> tuple[Letter, ...]:
    """Returns the letters of an inspection, oldest first, with what became of each. Raises `BadInput` for an unknown one."""
    with snapshot(caller, context, Use("letter", inspection)) as view:
        reader = InspectionReader(view.session, view.inspection(inspection))
        return letters_at(view.session, rows_of(view.session, reader.row).letters, reader.events, None)


def accepted_message(caller: Caller, context: AppContext, request: MessageRequest) -> AcceptedMessage:
    """Returns the letter of this number as it was accepted last.

    Raises `BadInput` for a number there is none of, `BeingMade` for a letter that has not gone yet, `Refused` for one that the
    mail system refused or that was erased, `CheckFailed` for one that is gone or was altered."""
    parameters = {"number": request.number, "raw": request.raw, "html": request.html}
    with snapshot(caller, context, Use("letter", request.inspection, parameters)) as view:
        view.inspection(request.inspection)
        return _message(view.session, context.settings.data, request.inspection, request.number)


def numbers_by_event(session: Session, events: Iterable[StoredEvent]) -> dict[Key, list[int]]:
    """Returns the numbers of the letters that each event ordered, or names the outcome of."""
    named = {(stored.inspection, stored.number): stored.event.data.get("letter") for stored in events}
    key_columns = tuple_(LETTERS.c.inspection_id, LETTERS.c.event_number)
    query = select(LETTERS.c.inspection_id, LETTERS.c.event_number, LETTERS.c.id, LETTERS.c.number)
    condition = or_(
        key_columns.in_(list(named)), LETTERS.c.id.in_({str(letter) for letter in named.values() if letter})
    )
    rows = session.connection().execute(query.where(condition).order_by(LETTERS.c.number)).all()
    return {
        key: [row.number for row in rows if (row.id == letter if letter else tuple(row[:2]) == key)]
        for key, letter in named.items()
    }


def _message(session: Session, data: Path, inspection: str, number: int) -> AcceptedMessage:
    row = _letter(session, inspection, number)
    accepted = messages.accepted(session.connection(), row["id"])
    if not accepted:
        raise _no_message(row, number)
    message = MessageArchive(data).read(session.connection(), accepted[-1])
    if message is None:
        raise _erased(session, inspection, number)
    if message_commitment(row["salt"], message) != accepted[-1]["sha256"]:
        raise CheckFailed(f"letter {number} of {inspection} was altered", remedy=Remedy.VERIFY, subject=inspection)
    return AcceptedMessage(number, message, accepted[-1]["accepted_at"])


def _letter(session: Session, inspection: str, number: int) -> RowMapping:
    query = select(LETTERS).where(LETTERS.c.inspection_id == inspection, LETTERS.c.number == number)
    row = session.connection().execute(query).mappings().first()
    if row is None:
        raise BadInput(f"{inspection} has no letter {number}", remedy=Remedy.LIST_LETTERS, subject=inspection)
    return row


def _no_message(row: RowMapping, number: int) -> BeingMade | Refused | CheckFailed:
    inspection = row["inspection_id"]
    if row["sha256"]:
        return CheckFailed(f"letter {number} of {inspection} is gone", remedy=Remedy.VERIFY, subject=inspection)
    if row["accepted_at"] is not None:
        return Refused(f"letter {number} of {inspection} was sent; its message was lost when the records were restored")
    words = outcome(dict(row), row["status"])
    if row["status"] in UNDELIVERED:
        return BeingMade(f"letter {number} of {inspection} has not gone yet: {words}; ask again in a moment")
    return Refused(f"letter {number} of {inspection} was not accepted by the mail system: {words}")


def _erased(session: Session, inspection: str, number: int) -> Refused | CheckFailed:
    day = erased_on(session, inspection)
    if day is None:
        return CheckFailed(f"letter {number} of {inspection} was erased, and no event says so")
    return Refused(f"letter {number} of {inspection} was erased with its personal data on {say_day(day)}")
