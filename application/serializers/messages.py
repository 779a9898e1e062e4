"""Messages that were accepted by a mail system, as text and as JSON."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from textwrap import fill
from typing import Any

from application.queries.letters import AcceptedMessage
from framework.common.plain_text import shown

WIDTH = 80
"""Columns of a line of text."""


def parsed(accepted: AcceptedMessage) -> EmailMessage:
    """Returns the message with its headers and parts."""
    return message_from_bytes(accepted.content, policy=policy.default)


def accepted_as_json(accepted: AcceptedMessage, message: EmailMessage) -> dict[str, Any]:
    """Returns one message as it was accepted."""
    return {
        "number": accepted.number,
        "accepted": accepted.accepted_at,
        "to": [address.addr_spec for address in message["To"].addresses],
        "cc": [address.addr_spec for address in message["Cc"].addresses] if message["Cc"] else [],
        "subject": str(message["Subject"]).strip(),
        "message_id": str(message["Message-ID"]).strip(),
        "sha256": sha256(accepted.content).hexdigest(),
        "text": text_of(message),
        "attachments": attachment_names(message),
    }


def text_of(message: EmailMessage) -> str | None:
    """Returns the plain text, in lines of a screen; None where there is none."""
    body = message.get_body(preferencelist=("plain",))
    if body is None:
        return None
    return "\n".join(fill(line, WIDTH, break_on_hyphens=False) for line in body.get_content().splitlines())


def attachment_names(message: EmailMessage) -> list[str]:
    """Returns the file name of each attachment."""
    return [attachment_name(part, number) for number, part in enumerate(message.iter_attachments(), 1)]


def attachment_name(part: EmailMessage, number: int) -> str:
    """Returns the name that a part gives itself, without any folder: a letter does not choose where it is written."""
    return Path(shown(part.get_filename() or "").replace("\\", "/")).name or f"attachment-{number}"
