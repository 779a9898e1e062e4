"""Letters as they were sent: from the local mailbox of the embedded default, or composed again where a real mail system took them.

The same letter gives the same bytes. Whether it is the message that was sent, the hash in the log says; after the wording or the office's
own address has changed it is another, and the export goes without."""

import re
from collections.abc import Mapping
from pathlib import Path

from sqlmodel import Session

from activities.mail.assemble import NotYetRendered, assemble
from activities.mail.mime import Sender
from activities.rendering.templates import TemplateFault
from application.runtime import dev_mailbox
from framework.common.errors import BadInput, CheckFailed
from records.exports.files import Sent
from records.exports.format import Member
from records.outbox import states

_HEAD = 4096
"""Bytes in which our letters name their Message-ID: it is their first header."""
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>\s]*>)", re.MULTILINE | re.IGNORECASE)


def as_sent(session: Session, data: Path, sender: Sender) -> Sent:
    """Looks in the mailbox of a data folder, and composes what is not there."""

    def find(wanted: Mapping[str, str]) -> dict[str, list[Member]]:
        found: dict[str, list[Member]] = {}
        for path in sorted(dev_mailbox.folder(data).glob("*.eml")):
            with path.open("rb") as file:
                named = _MESSAGE_ID.search(file.read(_HEAD))
            message_id = named[1].decode("ascii", "replace") if named else ""
            if message_id in wanted:
                found.setdefault(message_id, []).append(path)
        for message_id in wanted.keys() - found.keys():
            found[message_id] = _composed(session, wanted[message_id], data / "documents", sender)
        return found

    return find


def _composed(session: Session, letter: str, documents: Path, sender: Sender) -> list[Member]:
    try:
        return [assemble(states.letter(session, letter), documents, sender).message]
    except (TemplateFault, BadInput, CheckFailed, NotYetRendered):
        return []
