"""The local mailbox: a mail server on this machine that stores every letter as a file, used unless a mail server is set.

It delivers nothing. A letter is flushed to the disk before it is accepted.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framework.common.errors import BadInput, Remedy, Unreachable

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope

HERE = "127.0.0.1"
_NAME = re.compile(r"(\d+)\.eml")
_PARSER = BytesParser(policy=policy.default)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as it was received; messages with the same Message-ID are copies of one letter."""

    id: str
    """The number of the first copy."""
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    sent: datetime | None
    """The moment in the letter's header `Date`."""
    message_id: str
    copies: int
    """How often it was received."""


class LetterStore:
    """Stores the letters that the mail server receives in a folder, numbered in their order."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._last = max((number for number, _ in _files(folder)), default=0)
        self._lock = asyncio.Lock()

    async def handle_DATA(self, _server: "SMTP", _session: object, envelope: "Envelope") -> str:  # noqa: N802
        """Stores one letter; returns the SMTP reply. An error of the disk is a temporary failure (452)."""
        content = envelope.original_content or b""
        async with self._lock:
            try:
                await asyncio.to_thread(self._store, self._last + 1, content)
            except OSError as error:
                return f"452 cannot be kept now: {error.strerror}"
            self._last += 1
            return f"250 kept as {self._last}"

    def _store(self, number: int, content: bytes) -> None:
        arriving = self._folder / "arriving"
        with arriving.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        arriving.rename(self._folder / f"{number:06}.eml")
        directory = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


@asynccontextmanager
async def serve(folder: Path, port: int = 0) -> AsyncIterator[int]:
    """Runs the mailbox while inside; yields the port it listens on (a free one for 0).

    Raises `Unreachable` if the port is in use."""
    from aiosmtpd.smtp import SMTP  # reading letters needs no server

    store = LetterStore(folder)

    def receiver() -> Any:
        return SMTP(store, hostname="localhost", ident="local mailbox", enable_SMTPUTF8=True)

    try:
        server = await asyncio.get_running_loop().create_server(receiver, HERE, port)
    except OSError as error:
        raise Unreachable(f"the local mailbox cannot listen on port {port}: {error.strerror}") from None
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def folder(data: Path) -> Path:
    """Returns the folder in which the mailbox of a data folder stores its letters."""
    return data / "mailbox"


def letters(folder: Path) -> list[Letter]:
    """Returns all letters, in the order of their first copies."""
    by_message_id: dict[str, Letter] = {}
    for number, path in sorted(_files(folder)):
        with path.open("rb") as file:
            parsed = _PARSER.parse(file, headersonly=True)
        message_id = str(parsed["Message-ID"] or "").strip()
        key = message_id or path.name
        before = by_message_id.get(key)
        by_message_id[key] = _letter(
            before.id if before else str(number), parsed, message_id, before.copies + 1 if before else 1
        )
    return list(by_message_id.values())


def letter(folder: Path, number: str) -> Letter:
    """Returns a letter by its number. Raises `BadInput` if there is none."""
    for row in letters(folder):
        if row.id == number:
            return row
    raise _unknown(number)


def message(folder: Path, letter: str) -> EmailMessage:
    """Returns the whole message of a letter by its number. Raises `BadInput` if there is none."""
    numbered = dict(_files(folder))
    path = numbered.get(int(letter)) if letter.isdecimal() else None
    if path is None:
        raise _unknown(letter)
    parsed = _PARSER.parsebytes(path.read_bytes())
    assert isinstance(parsed, EmailMessage)
    return parsed


def _unknown(number: str) -> BadInput:
    return BadInput(f"the mailbox has no letter {number}", remedy=Remedy.LIST_MAIL)


def _letter(number: str, parsed: Any, message_id: str, copies: int) -> Letter:
    return Letter(
        id=number,
        to=_addresses(parsed["To"]),
        cc=_addresses(parsed["Cc"]),
        subject=str(parsed["Subject"] or "").strip(),  # a long one is folded right after its name
        sent=parsed["Date"].datetime if parsed["Date"] else None,
        message_id=message_id,
        copies=copies,
    )


def _addresses(header: Any) -> tuple[str, ...]:
    return tuple(address.addr_spec for address in header.addresses) if header else ()


def _files(folder: Path) -> Iterator[tuple[int, Path]]:
    if folder.is_dir():
        for path in folder.iterdir():
            if match := _NAME.fullmatch(path.name):
                yield int(match[1]), path
