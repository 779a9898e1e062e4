"""From a letter to the one message that carries it: text and HTML, documents as PDF, a calendar entry where there is one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import Any

from activities.mail.headers import LETTER_POLICY
from activities.rendering.templates import RenderedLetter
from framework.calendar.london_time import LONDON
from framework.common.addresses import can_be_mailed
from framework.common.errors import BadInput
from records.outbox.threads import NO_THREAD, Thread


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that goes with a letter."""

    name: str
    """Its file name; see `framework.correspondence.documents.file_name`."""
    content: bytes
    subtype: str = "pdf"


@dataclass(frozen=True, slots=True)
class Sender:
    """The office's mailbox, from settings."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """An iCalendar object that goes with a letter, and its method: REQUEST or CANCEL."""

    method: str
    content: bytes


def compose(
    letter: Mapping[str, Any],
    rendered: RenderedLetter,
    sender: Sender,
    message_id: str,
    moment: datetime,
    attachments: Sequence[Attachment] = (),
    calendar: CalendarEntry | None = None,
    reply_to: Mapping[str, str] | None = None,
    thread: Thread = NO_THREAD,
) -> EmailMessage:
    """Composes the message. `letter` has `to` and `cc` (each with `name` and `email`) and `inspection`; `message_id` was fixed
    when the letter was queued; `moment` becomes its date, in London time. Answers go to `reply_to`: who signed it
    (`rendering.signer`). `thread` names earlier letters of the inspection.

    Raises `BadInput` for an address that mail cannot be sent to, naming whose it is.
    """
    message = EmailMessage(policy=LETTER_POLICY)
    message["Message-ID"] = message_id if message_id.startswith("<") else f"<{message_id}>"
    message["Date"] = format_datetime(moment.astimezone(LONDON))
    message["From"] = _address({"name": sender.name, "email": sender.email})
    message["To"] = [_address(person) for person in letter["to"]]
    if letter.get("cc"):
        message["Cc"] = [_address(person) for person in letter["cc"]]
    if reply_to:
        message["Reply-To"] = _address(reply_to)
    message["Subject"] = _line(rendered.subject)
    _join(message, thread)
    message["List-Id"] = _list_id(letter["inspection"]["id"], sender)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Inspection"] = _line(letter["inspection"]["id"])
    _fill(message, rendered, attachments, calendar)
    _fix_boundaries(message, message_id)
    return message


def _join(message: EmailMessage, thread: Thread) -> None:
    if thread.references:
        message["In-Reply-To"] = thread.in_reply_to or thread.references[0]
        message["References"] = " ".join(thread.references)


def _list_id(inspection: str, sender: Sender) -> str:
    """Returns the list of an inspection (RFC 2919), in the domain of the office's mailbox: mail programs sort by it."""
    label = re.sub(r"[^A-Za-z0-9-]+", "-", inspection).strip("-").lower()
    return f"<{label}.inspections.{sender.email.rpartition('@')[2]}>"


def _fill(
    message: EmailMessage, rendered: RenderedLetter, attachments: Sequence[Attachment], calendar: CalendarEntry | None
) -> None:
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    if (
        calendar is not None
    ):  # an alternative that names the method: the one form in which calendars offer to take it in
        params = {"method": calendar.method}
        message.add_alternative(calendar.content.decode(), subtype="calendar", cte="base64", params=params)
    for attachment in attachments:
        message.add_attachment(
            attachment.content, maintype="application", subtype=attachment.subtype, filename=_line(attachment.name)
        )


def _fix_boundaries(message: EmailMessage, seed: str) -> None:
    """Sets the boundaries from the Message-ID: those of the library are random, and the message would differ each time."""
    for index, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"={sha256(f'{seed}/{index}'.encode()).hexdigest()[:32]}=")


def _address(person: Mapping[str, str]) -> Address:
    name, email = _line(person["name"]), person["email"]
    if not can_be_mailed(email):
        raise BadInput(f"{name} has no address that mail can be sent to: «{_line(email)}»; correct it in the directory")
    return Address(display_name=name, addr_spec=email)


def _line(value: str) -> str:
    """Returns a header's value on one line: typed line breaks begin no header of their own."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
