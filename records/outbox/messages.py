"""Messages as they were handed to the mail system: one row for each accepted message of a letter, and one for an attempt
whose end is not known. What stands in a row is sealed by the caller (`records.privacy.message_archive`)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, select, update

from records.database.upserts import insert_new
from records.tables.outbox import MESSAGES


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """A message on its way into the records."""

    sha256: str
    """As the log names it (`records.log.commitments.message_commitment`)."""
    sealed: str
    template_version: str = ""


def keep_attempt(connection: Connection, letter: RowMapping, message: SealedMessage, moment: datetime) -> None:
    """Keeps the message that is about to be handed over; one of an earlier attempt that was not accepted goes."""
    forget_attempts(connection, letter["id"])
    row = {"letter_id": letter["id"], "sha256": message.sha256, "inspection_id": letter["inspection_id"]}
    row |= {"sealed": message.sealed, "composed_at": moment, "accepted_at": None}
    connection.execute(insert_new(connection, MESSAGES), row)


def mark_accepted(connection: Connection, letter_id: str, sha256: str, moment: datetime) -> None:
    """Marks the message of a letter that the mail system accepted at `moment`."""
    accepted = MESSAGES.c.letter_id == letter_id, MESSAGES.c.sha256 == sha256
    connection.execute(update(MESSAGES).where(*accepted).values(accepted_at=moment))
    forget_attempts(connection, letter_id)


def forget_attempts(connection: Connection, letter_id: str) -> None:
    """Removes the message of an attempt that came to nothing."""
    connection.execute(delete(MESSAGES).where(MESSAGES.c.letter_id == letter_id, MESSAGES.c.accepted_at.is_(None)))


def open_attempt(connection: Connection, letter_id: str) -> RowMapping | None:
    """Returns the message of an attempt whose end is not known, if there is one."""
    query = select(MESSAGES).where(MESSAGES.c.letter_id == letter_id, MESSAGES.c.accepted_at.is_(None))
    return connection.execute(query).mappings().first()


def accepted(connection: Connection, letter_id: str) -> list[RowMapping]:
    """Returns every message of a letter that was accepted, oldest first."""
    query = select(MESSAGES).where(MESSAGES.c.letter_id == letter_id, MESSAGES.c.accepted_at.is_not(None))
    return list(connection.execute(query.order_by(MESSAGES.c.accepted_at)).mappings())
