"""Activities of checkpoints: makes one if something changed, and sends it to the auditors."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from sqlalchemy import Engine
from temporalio import activity

from activities.mail.headers import LETTER_POLICY
from activities.mail.mime import Sender
from activities.mail.smtp import MailServer, PermanentlyRefused, TryAgain, send
from activities.names import MAKE_CHECKPOINT, SEND_CHECKPOINT
from activities.support.activity_time import started_at
from activities.support.atomic_files import write_whole
from activities.support.heartbeat import heartbeating
from activities.support.waits import Wait
from framework.calendar.london_time import LONDON, say_moment
from framework.messages.delivery import ShiftedId
from records.audit import checkpoints
from records.audit.checkpoints import FOLDER, Checkpoint, file_name
from records.audit.signing import signer
from records.database.connection import reading, writing
from records.directory import directory
from records.outbox.queue import MESSAGE_HOST


class NotYetAccepted(Wait):
    """The mail system did not accept the checkpoint at this attempt."""


class CheckpointActivities:
    """Makes checkpoints, on the worker with the data folder."""

    def __init__(self, records: Engine, data: Path) -> None:
        self._records = records
        self._data = data

    @activity.defn(name=MAKE_CHECKPOINT)
    async def make(self, request: ShiftedId) -> int:
        """Makes a checkpoint if any head moved since the last one; returns its number, or 0."""
        moment = started_at(request.clock_shift)
        checkpoint = await asyncio.to_thread(make_checkpoint, self._records, self._data, moment)
        return checkpoint.number if checkpoint else 0


class CheckpointMail:
    """Sends checkpoints, on the worker that is configured for mail."""

    def __init__(self, records: Engine, server: MailServer, sender: Sender, auditors: str = "") -> None:
        self._records = records
        self._server = server
        self._sender = sender
        self._auditors = auditors

    @activity.defn(name=SEND_CHECKPOINT)
    async def send(self, number: int) -> int:
        """Sends one checkpoint to the auditors; returns to how many. Raises `NotYetAccepted`, for the engine to retry."""
        async with heartbeating():
            checkpoint, people = await asyncio.to_thread(self._find, number)
            if not people:
                return 0
            message = letter(checkpoint, people, self._sender).as_bytes()
            try:
                accepted = await send(self._server, self._sender.email, people, (), message)
            except TryAgain:
                raise NotYetAccepted(f"the signed list {number}") from None
            except PermanentlyRefused as refusal:  # the next checkpoint is sent to the address as it is then
                activity.logger.warning("the signed list %s was refused: %s", number, refusal)
                return 0
            return len(people) - len(accepted.refused)

    def _find(self, number: int) -> tuple[Checkpoint, list[str]]:
        with reading(self._records) as session:
            people = [self._auditors] if self._auditors else directory.auditors(session)
            return checkpoints.find(session, number), people


def make_checkpoint(records: Engine, data: Path, moment: datetime) -> Checkpoint | None:
    """Makes and stores a checkpoint if a head moved, and writes every missing file of earlier ones, too."""
    key = signer(data)
    with writing(records) as session:
        checkpoint = checkpoints.make(session, moment, key)
    with reading(records) as session:
        for number in checkpoints.numbers(session):
            if not (path := data / FOLDER / file_name(number)).exists():
                write_whole(path, checkpoints.find(session, number).to_file().encode())
    return checkpoint


def letter(checkpoint: Checkpoint, people: Sequence[str], sender: Sender) -> EmailMessage:
    """Returns the message with a checkpoint; the same bytes for each attempt."""
    made_at = datetime.fromisoformat(checkpoint.made_at)
    message = EmailMessage(policy=LETTER_POLICY)
    message["Message-ID"] = f"<heads-{checkpoint.number}-{checkpoint.sha256[:16]}@{MESSAGE_HOST}>"
    message["Date"] = format_datetime(made_at.astimezone(LONDON))
    message["From"] = Address(display_name=sender.name, addr_spec=sender.email)
    message["To"] = [Address(addr_spec=address) for address in people]
    message["Subject"] = f"Signed list {checkpoint.number} of the heads of all inspections"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"This is the signed list {checkpoint.number}, of {say_moment(made_at)}: the newest event of each of "
        f"{len(checkpoint.heads)} inspections, by number and hash.\n\n"
        f"Keep the attached file, {file_name(checkpoint.number)}. Should the records ever be in doubt, let them be verified\n"
        "against it: it proves what they held then.\n\n"
        f"Public key of the system: {checkpoint.public_key}\n"
    )
    message.add_attachment(
        checkpoint.to_file().encode(), maintype="application", subtype="json", filename=file_name(checkpoint.number)
    )
    message.set_boundary(f"={checkpoint.sha256[:32]}=")
    return message
