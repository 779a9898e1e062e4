"""One letter over SMTP: who took it, who refused it, and whether it is worth trying again. Knows nothing of inspections."""

from collections.abc import Sequence
from dataclasses import dataclass

import aiosmtplib

SECONDS = 30.0
"""How long a mail system may take over one answer."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters go."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The mail system took the letter; some copies it may have refused for good."""

    refused: dict[str, str]


class RefusedForGood(Exception):
    """The mail system will never take this letter (a 5xx answer, or the person it is addressed to refused)."""


class TryAgain(Exception):
    """The mail system cannot take it now: refused connection, 4xx answer, cut line, no answer in time."""


async def send(server: MailServer, sender: str, to: Sequence[str], cc: Sequence[str], message: bytes) -> Taken:
    """Hand one letter over. The first of `to` is the person it is addressed to: without them nobody gets it.

    Raises `RefusedForGood` or `TryAgain`. Everybody is named before the letter is given, so that a refusal that may pass
    sends it to nobody; once it is given, it is never given again because of a copy."""
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=SECONDS,
        start_tls=server.starttls,
        username=server.user or None,
        password=server.password or None,
    )
    try:
        async with client:
            await client.mail(sender)
            refused = await _name_everybody(client, [*to, *cc])
            if to[0] in refused:
                raise RefusedForGood(f"the person it is addressed to was refused: {refused[to[0]]}")
            await client.data(message)
            return Taken(refused)
    except aiosmtplib.SMTPResponseException as error:
        if 500 <= error.code < 600:
            raise RefusedForGood(f"{error.code} {_line(error.message)}") from None
        raise TryAgain(f"{error.code} {_line(error.message)}") from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise TryAgain(_line(f"{type(error).__name__}: {error}")) from None


async def _name_everybody(client: aiosmtplib.SMTP, people: Sequence[str]) -> dict[str, str]:
    """Address -> the answer that refused it for good. An answer that may pass is raised."""
    refused: dict[str, str] = {}
    for address in dict.fromkeys(people):
        try:
            await client.rcpt(address)
        except aiosmtplib.SMTPRecipientRefused as error:
            if error.code < 500:
                raise
            refused[address] = f"{error.code} {_line(error.message)}"
    return refused


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
