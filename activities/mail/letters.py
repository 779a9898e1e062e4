"""Sends letters from the outbox over SMTP; each attempt is recorded before it begins and after its outcome.

A letter that is `sending` was interrupted in an attempt whose outcome is unknown: it is sent again under the same Message-ID.
Only then can a letter arrive twice, which its row shows."""

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
from activities.support.waits import Wait
from framework.common.errors import BadInput, CheckFailed, Refused
from framework.messages.delivery import DeliveryOutcome, FirstAttempt, LetterToSend, PendingDeliveries, ShiftedId
from records.database.connection import reading, writing
from records.outbox import states
from records.outbox.messages import SealedMessage

FIRST_ATTEMPT_TIMEOUT = timedelta(seconds=3)
"""The timeout of one first attempt, and the time after which no further one begins; well within a workflow task's timeout."""


class NotYetTaken(Wait):
    """The mail system did not accept the letter. The reason is in its row only: the engine's history must hold no address."""


class LetterActivities:
    """Sends letters, with documents and keys from the data folder."""

    def __init__(self, records: Engine, data: Path, server: MailServer, sender: Sender) -> None:
        self._records = records
        self._outgoing = OutgoingMessages(records, data, sender)
        self._server = server
        self._sender = sender

    @activity.defn(name=SEND_LETTER)
    async def send(self, letter: ShiftedId) -> DeliveryOutcome:
        """Sends one letter and returns its outcome; for a letter that has one already, returns that.

        Raises `NotYetRendered` or `NotYetTaken`, for the engine to retry."""
        async with heartbeating():
            return await self._send(letter.id, started_at(letter.clock_shift), TIMEOUT_SECONDS)

    @activity.defn(name=SEND_FIRST_ATTEMPT)
    async def send_first_attempt(self, request: FirstAttempt) -> PendingDeliveries:
        """Sends the letters in the outbox that can be sent at once; returns what is left, and the outcomes.

        Left are letters that wait for a document or for their moment, those whose outcome the inspection waits for, and all
        others from the first that the mail system does not accept at once: each of them is sent by `send`."""
        work = await asyncio.to_thread(self._pending, request.inspection)
        begun, goes_on = time.monotonic(), True
        left: list[LetterToSend] = []
        outcomes: list[DeliveryOutcome] = []
        for letter in work.letters:
            later = timedelta(seconds=time.monotonic() - begun)
            waits = letter.reports_outcome or not letter.may_go(request.moment + later)
            if waits or letter.id in request.busy or set(letter.documents) & set(work.documents):
                left.append(letter)
                continue
            goes_on = goes_on and later < FIRST_ATTEMPT_TIMEOUT
            outcome = await self._first_attempt(letter.id, request.moment + later) if goes_on else None
            if outcome is None:
                goes_on = False
                left.append(letter)
            else:
                outcomes.append(outcome)
        fault_point("letters: sent at once")
        return work.model_copy(update={"letters": tuple(left), "outcomes": tuple(outcomes)})

    async def _first_attempt(self, identifier: str, moment: datetime) -> DeliveryOutcome | None:
        """Makes one attempt with a short timeout; returns None if the mail system did not accept the letter in time."""
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
            accepted = await send(
                self._server, self._sender.email, to, cc, post.message, timeout_seconds, TIMEOUT_SECONDS
            )
        except PermanentlyRefused as refusal:
            fault_point("letter: refused by the mail system")
            return await self._give_up(row, "failed", str(refusal), moment)
        except TryAgain as trouble:
            await asyncio.to_thread(self._mark_not_accepted, identifier, trouble)
            raise NotYetTaken(f"letter {identifier}; why stands in the records") from None
        fault_point("letter: accepted by the mail system")
        await asyncio.to_thread(self._mark_accepted, row, post.sha256, accepted, moment)
        fault_point("letter: mark_accepted written")
        return _outcome(row, moment, accepted=True)

    def _pending(self, inspection: str) -> PendingDeliveries:
        with reading(self._records) as session:
            pending = states.waiting(session, inspection)
        fault_point("delivery: looked into the outbox")
        return pending

    def _find(self, identifier: str) -> dict[str, Any]:
        with reading(self._records) as session:
            return states.letter(session, identifier)

    def _mark_sending(self, identifier: str, moment: datetime, message: SealedMessage | None) -> None:
        with writing(self._records) as session:
            states.mark_sending(session, identifier, moment, message)

    def _mark_not_accepted(self, identifier: str, trouble: TryAgain) -> None:
        """Queues the letter again, unless it may have been accepted: then it stays `sending`."""
        if not isinstance(trouble, PossiblyAccepted):
            with writing(self._records) as session:
                states.mark_waiting(session, identifier, str(trouble))

    def _mark_accepted(self, row: dict[str, Any], sha256: str, accepted: Accepted, moment: datetime) -> None:
        with writing(self._records) as session:
            states.mark_accepted(session, row["id"], moment, refused=accepted.refused, sha256=sha256)

    async def _give_up(self, row: dict[str, Any], status: str, why: str, moment: datetime) -> DeliveryOutcome:
        """Marks the letter as failed or stopped, which opens a task."""

        def write() -> None:
            mark = states.mark_failed if status == "failed" else states.mark_stopped
            with writing(self._records) as session:
                mark(session, row["id"], why, moment)

        await asyncio.to_thread(write)
        fault_point("letter: refusal written")
        return _outcome(row, moment, accepted=False)


def _outcome(row: dict[str, Any], moment: datetime, accepted: bool) -> DeliveryOutcome:
    return DeliveryOutcome(letter_id=row["id"], kind=row["kind"], at=moment, accepted=accepted)
