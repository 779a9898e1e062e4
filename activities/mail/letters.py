"""Sending letters: from the outbox over SMTP, each recorded before it is tried and when it was settled.

A letter found «sending» was cut off in an attempt nobody knows the end of: it goes again under the same Message-ID. That
is the one window in which a letter can arrive twice, and its row says so."""

import asyncio
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from temporalio import activity

from activities.mail.assemble import NotYetRendered
from activities.mail.mime import Sender
from activities.mail.outgoing import OutgoingMessages
from activities.mail.smtp import (
    TIMEOUT_SECONDS,
    Accepted,
    MailServer,
    PermanentlyRefused,
    PossiblyAccepted,
    TryAgain,
    send,
)
from activities.names import SEND_FIRST_ATTEMPT, SEND_LETTER
from activities.rendering.templates import TemplateFault
from activities.support.activity_time import started_at
from activities.support.fault_points import fault_point
from activities.support.heartbeat import heartbeating
from framework.common.errors import BadInput, CheckFailed, Refused
from framework.messages.delivery import FirstAttempt, LetterToSend, PendingDeliveries, ShiftedId
from framework.messages.inspection import DeliveryOutcome
from records.database.connection import reading, writing
from records.outbox import states
from records.outbox.messages import SealedMessage

FIRST_ATTEMPT_TIMEOUT = timedelta(seconds=3)
"""What a letter has to go at once, and a round of them to begin the next; well within the time of a workflow's turn."""


class NotYetTaken(Exception):
    """The mail system did not take the letter. Why stands in its row: the engine's history keeps no address."""


class LetterActivities:
    """What sends letters, with documents and keys from the data folder."""

    def __init__(self, records: Engine, data: Path, server: MailServer, sender: Sender) -> None:
        self._records = records
        self._outgoing = OutgoingMessages(records, data, sender)
        self._server = server
        self._sender = sender

    @activity.defn(name=SEND_LETTER)
    async def send(self, wanted: ShiftedId) -> DeliveryOutcome:
        """Send one letter and answer its fate; what was settled before is told again, in case the telling was cut off.

        Raises `NotYetRendered` or `NotYetTaken` for the engine to try again."""
        async with heartbeating():
            return await self._send(wanted.id, started_at(wanted.clock_shift), TIMEOUT_SECONDS)

    @activity.defn(name=SEND_FIRST_ATTEMPT)
    async def send_first_attempt(self, wanted: FirstAttempt) -> PendingDeliveries:
        """Sends what the outbox holds and can go at once; returns what is left. The ordinary letter costs the engine no more.

        Left are letters that wait for a document or for their moment, those whose outcome the inspection waits for, and, from
        the first that the mail system does not take at once, all others: `send` is tried for each of them until it succeeds."""
        work = await asyncio.to_thread(self._pending, wanted.inspection)
        begun, going = time.monotonic(), True
        left: list[LetterToSend] = []
        settled: list[DeliveryOutcome] = []
        for letter in work.letters:
            later = timedelta(seconds=time.monotonic() - begun)
            waits = letter.reports_outcome or not letter.may_go(wanted.moment + later)
            if waits or letter.id in wanted.busy or set(letter.documents) & set(work.documents):
                left.append(letter)
                continue
            going = going and later < FIRST_ATTEMPT_TIMEOUT
            fate = await self._first_attempt(letter.id, wanted.moment + later) if going else None
            if fate is None:
                going = False
                left.append(letter)
            else:
                settled.append(fate)
        fault_point("letters: sent at once")
        return work.model_copy(update={"letters": tuple(left), "outcomes": tuple(settled)})

    async def _first_attempt(self, identifier: str, moment: datetime) -> DeliveryOutcome | None:
        """What one quick attempt settled; None where the mail system did not take the letter in a moment."""
        try:
            return await self._send(identifier, moment, FIRST_ATTEMPT_TIMEOUT.total_seconds())
        except (NotYetTaken, NotYetRendered):
            return None

    async def _send(self, identifier: str, moment: datetime, timeout_seconds: float) -> DeliveryOutcome:
        row = await asyncio.to_thread(self._find, identifier)
        if row["status"] not in states.UNDELIVERED:
            return _outcome(row, row["accepted_at"] or moment, row["status"] in ("accepted", "partly"))
        try:
            post = await asyncio.to_thread(self._outgoing.prepare, row, moment)
        except (TemplateFault, BadInput, CheckFailed, Refused) as fault:
            return await self._give_up(row, "stopped", str(fault), moment)
        fault_point("letter: before mark_sending")
        await asyncio.to_thread(self._mark_sending, identifier, moment, post.sealed)
        fault_point("letter: mark_sending written")
        try:
            to, cc = ([person["email"] for person in row["data"][part]] for part in ("to", "cc"))
            taken = await send(self._server, self._sender.email, to, cc, post.message, timeout_seconds, TIMEOUT_SECONDS)
        except PermanentlyRefused as refusal:
            fault_point("letter: refused by the mail system")
            return await self._give_up(row, "failed", str(refusal), moment)
        except TryAgain as trouble:
            await asyncio.to_thread(self._mark_not_accepted, identifier, trouble)
            raise NotYetTaken(f"letter {identifier}; why stands in the records") from None
        fault_point("letter: accepted by the mail system")
        await asyncio.to_thread(self._mark_accepted, row, post.sha256, taken, moment)
        fault_point("letter: mark_accepted written")
        return _outcome(row, moment, accepted=True)

    def _pending(self, inspection: str) -> PendingDeliveries:
        with reading(self._records) as session:
            found = states.waiting(session, inspection)
        fault_point("delivery: looked into the outbox")
        return found

    def _find(self, identifier: str) -> dict[str, Any]:
        with reading(self._records) as session:
            return states.letter(session, identifier)

    def _mark_sending(self, identifier: str, moment: datetime, message: SealedMessage | None) -> None:
        with writing(self._records) as session:
            states.mark_sending(session, identifier, moment, message)

    def _mark_not_accepted(self, identifier: str, trouble: TryAgain) -> None:
        """What surely was not taken waits again; what perhaps was stays «sending», and is seen to be in doubt."""
        if not isinstance(trouble, PossiblyAccepted):
            with writing(self._records) as session:
                states.mark_waiting(session, identifier, str(trouble))

    def _mark_accepted(self, row: dict[str, Any], sha256: str, taken: Accepted, moment: datetime) -> None:
        with writing(self._records) as session:
            states.mark_accepted(session, row["id"], moment, refused=taken.refused, sha256=sha256)

    async def _give_up(self, row: dict[str, Any], status: str, why: str, moment: datetime) -> DeliveryOutcome:
        """Given up for good: the letter stops, a task appears, and the inspection goes on."""

        def write() -> None:
            mark = states.mark_failed if status == "failed" else states.mark_stopped
            with writing(self._records) as session:
                mark(session, row["id"], why, moment)

        await asyncio.to_thread(write)
        fault_point("letter: refusal written")
        return _outcome(row, moment, accepted=False)


def _outcome(row: dict[str, Any], moment: datetime, accepted: bool) -> DeliveryOutcome:
    return DeliveryOutcome(letter_id=row["id"], kind=row["kind"], at=moment, accepted=accepted)
