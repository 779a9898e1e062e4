"""Where letters lie as they were sent: the local mailbox of the embedded default. A real mail system keeps its own."""

import re
from collections.abc import Collection
from pathlib import Path

from interfaces import mailbox
from records.exports.files import Sent

_HEAD = 4096
"""Bytes in which our letters name their Message-ID: it is their first header."""
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>\s]*>)", re.MULTILINE | re.IGNORECASE)


def in_mailbox(data: Path) -> Sent:
    """Looks in the mailbox of a data folder."""

    def find(wanted: Collection[str]) -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        for path in sorted(mailbox.folder(data).glob("*.eml")):
            with path.open("rb") as file:
                named = _MESSAGE_ID.search(file.read(_HEAD))
            identifier = named[1].decode("ascii", "replace") if named else ""
            if identifier in wanted:
                found.setdefault(identifier, []).append(path)
        return found

    return find
