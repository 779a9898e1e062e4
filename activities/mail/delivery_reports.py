"""Reports of the mail system that a letter did not arrive (RFC 3464), read from what comes into the mailbox of the office."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_HEADER_TYPES = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")
_MESSAGE_TYPES = ("message/rfc822", "message/global")
_DIAGNOSTIC_LENGTH = 300


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """One letter that did not arrive."""

    message_id: str
    """The Message-ID of the letter, as it was sent."""
    recipients: dict[str, str]
    """Address in lower case -> the diagnostic of the mail system."""


def delivery_report(message: bytes) -> DeliveryReport | None:
    """Returns what a message reports; None for any other message, and for a report of a delay or of success."""
    parsed = message_from_bytes(message)
    if parsed.get_content_type() != "multipart/report":
        return None
    recipients: dict[str, str] = {}
    message_id = ""
    for part in parsed.walk():
        if part.get_content_type() in _STATUS_TYPES:
            recipients |= dict(_failures(part))
        elif not message_id:
            message_id = _reported_message(part)
    return DeliveryReport(message_id, recipients) if message_id and recipients else None


def _failures(status: Message) -> Iterator[tuple[str, str]]:
    blocks = status.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message) or _word(block, "Action").lower() != "failed":
            continue
        address = _word(block, "Original-Recipient") or _word(block, "Final-Recipient")
        diagnostic = _word(block, "Diagnostic-Code") or _word(block, "Status")
        yield address.rpartition(";")[2].strip().strip("<>").lower(), diagnostic[:_DIAGNOSTIC_LENGTH]


def _reported_message(part: Message) -> str:
    """Returns the Message-ID of the letter that the report contains, whole or by its headers; empty for other parts."""
    if part.get_content_type() in _HEADER_TYPES:
        content = part.get_payload(decode=True)
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
        return _word(HeaderParser().parsestr(text), "Message-ID")
    content = part.get_payload()
    if part.get_content_type() in _MESSAGE_TYPES and isinstance(content, list) and isinstance(content[0], Message):
        return _word(content[0], "Message-ID")
    return ""


def _word(headers: Message, name: str) -> str:
    return " ".join(str(headers.get(name, "")).split())
