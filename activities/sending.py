"""Sending letters: from the outbox over SMTP, each recorded before it is tried and when it was settled.

A letter found «sending» was cut off in an attempt nobody knows the end of: it goes again under the same Message-ID. That
is the one window in which a letter can arrive twice, and its row says so."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from temporalio import activity

from activities.invitations import invitation
from activities.messages import Attachment, Sender, compose
from activities.moments import started
from activities.names import SEND_LETTER
from activities.rendering import RenderedLetter, TemplateFault, render_letter, signer
from activities.smtp import MailServer, RefusedForGood, Taken, send
from framework.errors import BadInput
from framework.letters import letter as rule_of
from framework.messages import LetterFate, Shifted
from records import outbox
from records.database import reading, writing


class NotYetRendered(Exception):
    """A document that goes with the letter is still being made."""


@dataclass(frozen=True, slots=True)
class Post:
    """Everything that goes to one letter's people."""

    rendered: RenderedLetter
    message: bytes
    to: list[str]
    cc: list[str]


class LetterActivities:
    """What sends letters, with documents from `folder`."""

    def __init__(self, records: Engine, folder: Path, server: MailServer, sender: Sender) -> None:
        self._records = records
        self._folder = folder
        self._server = server
        self._sender = sender

    @activity.defn(name=SEND_LETTER)
    async def send(self, wanted: Shifted) -> LetterFate | None:
        """Send one letter and answer its fate; None when it was settled before. Raises `TryAgain` for the engine to retry."""
        moment = started(wanted.clock_shift)
        row = await asyncio.to_thread(self._find, wanted.id)
        if row["status"] not in ("queued", "sending"):
            return _fate_of(row)
        try:
            post = self._prepare(row, moment)
        except (TemplateFault, BadInput) as fault:
            return await self._settle(row, "stopped", str(fault), moment)
        await asyncio.to_thread(self._mark_sending, wanted.id, moment)
        try:
            taken = await send(self._server, self._sender.email, post.to, post.cc, post.message)
        except RefusedForGood as refusal:
            return await self._settle(row, "failed", str(refusal), moment)
        return await self._accepted(row, post, taken, moment)

    def _prepare(self, row: dict[str, Any], moment: datetime) -> Post:
        data = row["data"]
        rendered = render_letter(row["kind"], data)
        answer_to = signer(row["kind"], data)
        meeting = data["facts"].get("meeting") if rule_of(row["kind"]).invitation else None
        calendar = (
            invitation(data["inspection"], meeting, answer_to, [*data["to"], *data["cc"]], moment) if meeting else None
        )
        message = compose(
            data,
            rendered,
            self._sender,
            row["message_id"],
            row["queued_at"],
            [self._attachment(document) for document in row["documents"]],
            calendar,
            answer_to,
        )
        people = [[person["email"] for person in data[part]] for part in ("to", "cc")]
        return Post(rendered, message.as_bytes(), *people)

    def _attachment(self, document: dict[str, Any]) -> Attachment:
        if document["status"] == "failed":
            raise BadInput(f"the document «{document['kind']}» that goes with it could not be made")
        if not document["pdf_path"]:
            raise NotYetRendered(document["kind"])
        path = self._folder / document["pdf_path"]
        return Attachment(document["file_name"], path.read_bytes())

    def _find(self, identifier: str) -> dict[str, Any]:
        with reading(self._records) as session:
            return outbox.letter(session, identifier)

    def _mark_sending(self, identifier: str, moment: datetime) -> None:
        with writing(self._records) as session:
            outbox.mark_sending(session, identifier, moment)

    async def _accepted(self, row: dict[str, Any], post: Post, taken: Taken, moment: datetime) -> LetterFate:
        def write() -> None:
            with writing(self._records) as session:
                outbox.mark_accepted(
                    session,
                    row["id"],
                    moment,
                    refused=taken.refused,
                    template_version=post.rendered.template_version,
                    message=post.message,
                )

        await asyncio.to_thread(write)
        return LetterFate(letter_id=row["id"], kind=row["kind"], at=moment, accepted=True)

    async def _settle(self, row: dict[str, Any], status: str, why: str, moment: datetime) -> LetterFate:
        """Given up for good: the letter stops, a task appears, and the inspection goes on."""

        def write() -> None:
            mark = outbox.mark_failed if status == "failed" else outbox.mark_stopped
            with writing(self._records) as session:
                mark(session, row["id"], why, moment)

        await asyncio.to_thread(write)
        return LetterFate(letter_id=row["id"], kind=row["kind"], at=moment, accepted=False)


def _fate_of(row: dict[str, Any]) -> LetterFate | None:
    """What was recorded of a letter that was settled before: told again, in case the telling was cut off."""
    settled = row["accepted_at"]
    if row["status"] in ("accepted", "partly"):
        return LetterFate(letter_id=row["id"], kind=row["kind"], at=settled, accepted=True)
    return None
