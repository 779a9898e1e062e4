"""Prepares the message of one attempt to send a letter: composed and encrypted, or the stored message of an interrupted
attempt. So every accepted message is stored, and a letter that arrives twice has the same bytes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from temporalio import activity

from activities.mail.assemble import assemble
from activities.mail.mime import Sender
from framework.common.errors import InspectionError
from records.database.connection import reading
from records.outbox import messages
from records.outbox.messages import SealedMessage
from records.outbox.threads import thread_of
from records.privacy.message_archive import DOCUMENTS_FOLDER, MessageArchive


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message for the mail system."""

    message: bytes
    sha256: str
    sealed: SealedMessage | None
    """The encrypted message, which must be stored before the attempt; None if it is stored already."""


class OutgoingMessages:
    """Makes the messages of letters, with documents and keys from the data folder."""

    def __init__(self, records: Engine, data: Path, sender: Sender) -> None:
        self._records = records
        self._documents = data / DOCUMENTS_FOLDER
        self._archive = MessageArchive(data)
        self._sender = sender

    def prepare(self, row: dict[str, Any], moment: datetime) -> OutgoingMessage:
        """Returns the message of a letter, as `records.outbox.states.letter` has it.

        Raises what `assemble` raises, and `Refused` for an inspection whose personal data was erased."""
        if row["status"] == "sending" and (again := self._of_the_open_attempt(row["id"])):
            return again
        with reading(self._records) as session:
            thread = thread_of(session.connection(), row)
        assembled = assemble(row, thread, self._documents, self._sender)
        archived = self._archive.seal(row, assembled.message, assembled.attachments, moment)
        sealed = SealedMessage(archived.sha256, archived.sealed, assembled.rendered.template_version)
        return OutgoingMessage(assembled.message, sealed.sha256, sealed)

    def _of_the_open_attempt(self, letter: str) -> OutgoingMessage | None:
        """Returns the message of the open attempt; None if it was not stored or cannot be read: then it is composed again."""
        with reading(self._records) as session:
            row = messages.open_attempt(session.connection(), letter)
            if row is None:
                return None
            try:
                message = self._archive.read(session.connection(), row)
            except InspectionError as fault:
                activity.logger.warning("the message of letter %s is composed anew: %s", letter, fault)
                return None
        return OutgoingMessage(message, row["sha256"], None) if message is not None else None
