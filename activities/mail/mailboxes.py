"""The mailbox that letters come back to: a folder (Maildir) or an account on an IMAP server. Each message is read once.

No other program may read this mailbox: a message that is marked as read is not read again."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

TIMEOUT_SECONDS = 30.0
_LARGEST = 64_000_000
"""Bytes of a message; a larger one is no report on a letter of ours."""


class MailboxFault(Exception):
    """The mailbox cannot be read; the message says why."""


class BounceMailbox(Protocol):
    """Where letters come back to."""

    def unread(self) -> Iterator[bytes]:
        """Yields each message not read before; it is marked as read once the next one is asked for. Raises `MailboxFault`."""


@dataclass(frozen=True, slots=True)
class MaildirFolder:
    """A folder into which a mail system of this machine delivers."""

    path: Path

    def unread(self) -> Iterator[bytes]:
        """As `BounceMailbox.unread`."""
        try:
            for file in sorted((self.path / "new").iterdir()):
                if file.stat().st_size <= _LARGEST:
                    yield file.read_bytes()
                file.rename(self.path / "cur" / f"{file.name.partition(':')[0]}:2,S")
        except OSError as error:
            raise MailboxFault(
                f"{self.path} must be a Maildir with the folders new and cur: {error.strerror}"
            ) from None


@dataclass(frozen=True, slots=True)
class ImapMailbox:
    """The inbox of an account on an IMAP server, over TLS from the first byte."""

    host: str
    port: int
    user: str
    password: str

    def unread(self) -> Iterator[bytes]:
        """As `BounceMailbox.unread`."""
        try:
            context = ssl.create_default_context()
            client = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
            try:
                client.login(self.user, self.password)
                _checked(client.select("INBOX"))
                for number in _checked(client.uid("SEARCH", "UNSEEN", "SMALLER", str(_LARGEST)))[0].split():
                    answer = _checked(client.uid("FETCH", number.decode(), "(BODY.PEEK[])"))
                    yield next(part[1] for part in answer if isinstance(part, tuple))
                    _checked(client.uid("STORE", number.decode(), "+FLAGS", r"(\Seen)"))
            finally:
                with suppress(OSError, imaplib.IMAP4.error):
                    client.logout()
        except (OSError, imaplib.IMAP4.error, StopIteration) as error:
            raise MailboxFault(f"{self.host}:{self.port}: {' '.join(str(error).split())[:300]}") from None


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    """Returns the data of the server's answer. Raises `imaplib.IMAP4.error` for any answer but OK."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"{status} {data}")
    return data
