"""The message of one attempt to send a letter: composed and sealed, or, where an attempt was cut off, the very message of
that attempt. So what is accepted is always kept, and a letter that arrives twice is the same letter byte for byte."""

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
    """What is handed to the mail system."""

    message: bytes
    sha256: str
    sealed: SealedMessage | None
    """What has to be kept first; None where it is kept already."""


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
        made = assemble(row, thread, self._documents, self._sender)
        sealed = self._archive.seal(row, made.message, made.attachments, moment)
        kept = SealedMessage(sealed.sha256, sealed.sealed, made.rendered.template_version)
        return OutgoingMessage(made.message, kept.sha256, kept)

    def _of_the_open_attempt(self, letter: str) -> OutgoingMessage | None:
        """None where nothing was kept of it, or where it cannot be read: then the letter is composed anew."""
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
