"""Signed lists of heads: making one where something changed, and sending it to the auditors."""

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
from framework.calendar.london_time import LONDON, say_moment
from framework.messages.delivery import ShiftedId
from records.audit import checkpoints
from records.audit.checkpoints import FOLDER, Checkpoint, file_name
from records.audit.signing import signer
from records.database.connection import reading, writing
from records.directory import directory
from records.outbox.queue import MESSAGE_HOST


class NotYetAccepted(Exception):
    """The mail system did not take the list now."""


class CheckpointActivities:
    """What makes the lists, where the data folder is."""

    def __init__(self, records: Engine, data: Path) -> None:
        self._records = records
        self._data = data

    @activity.defn(name=MAKE_CHECKPOINT)
    async def make(self, wanted: ShiftedId) -> int:
        """Make a list if any head moved since the last one; answers its number, or 0."""
        made = await asyncio.to_thread(make_checkpoint, self._records, self._data, started_at(wanted.clock_shift))
        return made.number if made else 0


class CheckpointMail:
    """What sends the lists, where the mail system is."""

    def __init__(self, records: Engine, server: MailServer, sender: Sender, auditors: str = "") -> None:
        self._records = records
        self._server = server
        self._sender = sender
        self._auditors = auditors

    @activity.defn(name=SEND_CHECKPOINT)
    async def send(self, number: int) -> int:
        """Send one list to the auditors; answers to how many. Raises `NotYetAccepted` for the engine to try again."""
        async with heartbeating():
            found, people = await asyncio.to_thread(self._find, number)
            if not people:
                return 0
            message = letter(found, people, self._sender).as_bytes()
            try:
                taken = await send(self._server, self._sender.email, people, (), message)
            except TryAgain:
                raise NotYetAccepted(f"the signed list {number}") from None
            except PermanentlyRefused as refusal:  # the next list goes to whatever address is right by then
                activity.logger.warning("the signed list %s was refused: %s", number, refusal)
                return 0
            return len(people) - len(taken.refused)

    def _find(self, number: int) -> tuple[Checkpoint, list[str]]:
        with reading(self._records) as session:
            people = [self._auditors] if self._auditors else directory.auditors(session)
            return checkpoints.find(session, number), people


def make_checkpoint(records: Engine, data: Path, moment: datetime) -> Checkpoint | None:
    """Make, keep and put on file a list of all heads, if one moved. A list whose file a crash prevented is put there, too."""
    key = signer(data)
    with writing(records) as session:
        made = checkpoints.make(session, moment, key)
    with reading(records) as session:
        for number in checkpoints.numbers(session):
            if not (path := data / FOLDER / file_name(number)).exists():
                write_whole(path, checkpoints.find(session, number).to_file().encode())
    return made


def letter(one: Checkpoint, people: Sequence[str], sender: Sender) -> EmailMessage:
    """The message that carries a list; the same bytes each time it is tried."""
    made_at = datetime.fromisoformat(one.made_at)
    message = EmailMessage(policy=LETTER_POLICY)
    message["Message-ID"] = f"<heads-{one.number}-{one.sha256[:16]}@{MESSAGE_HOST}>"
    message["Date"] = format_datetime(made_at.astimezone(LONDON))
    message["From"] = Address(display_name=sender.name, addr_spec=sender.email)
    message["To"] = [Address(addr_spec=address) for address in people]
    message["Subject"] = f"Signed list {one.number} of the heads of all inspections"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"This is the signed list {one.number}, of {say_moment(made_at)}: the newest event of each of "
        f"{len(one.heads)} inspections, by number and hash.\n\n"
        f"Keep the attached file, {file_name(one.number)}. Should the records ever be in doubt, let them be verified\n"
        "against it: it proves what they held then.\n\n"
        f"Public key of the system: {one.public_key}\n"
    )
    message.add_attachment(
        one.to_file().encode(), maintype="application", subtype="json", filename=file_name(one.number)
    )
    message.set_boundary(f"={one.sha256[:32]}=")
    return message
