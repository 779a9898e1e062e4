"""One letter over SMTP: who took it, who refused it, and whether it is worth trying again. Knows nothing of inspections."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import aiosmtplib

TIMEOUT_SECONDS = 30.0
"""How long a mail system may take over one answer."""
RECIPIENTS_TIMEOUT_FACTOR = 3
"""How many times as long it may take until everybody is named: with the giving itself less than the engine allows for one
attempt, so that a letter is never handed over twice at once."""
QUIT_TIMEOUT_SECONDS = 2.0
"""Seconds for the answer to QUIT, which changes nothing any more."""
SESSION_REFUSALS = (530, 534, 535, 538)
"""Refusals of us rather than of the letter, wherever they come: sign in first, encrypt first, wrong password."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters go."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The mail system took the letter; some copies it may have refused for good."""

    refused: dict[str, str]


class PermanentlyRefused(Exception):
    """The mail system will never take this letter (a 5xx answer to it, or the person it is addressed to refused)."""


class TryAgain(Exception):
    """The mail system cannot take it now: no connection, no sign-in, 4xx answer, cut line, no answer in time."""


class PossiblyAccepted(TryAgain):
    """The line was cut, or no answer came, while the letter was being given: nobody knows whether it was taken."""


async def send(
    server: MailServer,
    sender: str,
    to: Sequence[str],
    cc: Sequence[str],
    message: bytes,
    seconds: float = TIMEOUT_SECONDS,
    giving: float | None = None,
) -> Accepted:
    """Hand one letter over. The first of `to` is the person it is addressed to: without them nobody gets it.

    `seconds` is the patience for each answer, `giving` (the same unless said) that for the answer to the letter itself.
    Raises `PermanentlyRefused` or `TryAgain`. Everybody is named before the letter is given, so that a refusal that may pass
    sends it to nobody; once it is given, it is never given again because of a copy."""
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=seconds,
        use_tls=False,
        start_tls=server.starttls,
        username=server.user or None,
        password=server.password or None,
    )
    try:
        async with asyncio.timeout(RECIPIENTS_TIMEOUT_FACTOR * seconds):
            await _sign_in(client)
            await client.mail(sender)
            refused = await _name_everybody(client, [*to, *cc])
        if to[0] in refused:
            raise PermanentlyRefused(f"the person it is addressed to was refused: {refused[to[0]]}")
        await _give(client, message, giving or seconds)
    except aiosmtplib.SMTPResponseException as error:
        for_good = 500 <= error.code < 600 and error.code not in SESSION_REFUSALS
        raise (PermanentlyRefused if for_good else TryAgain)(_said(error)) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise TryAgain(_line(f"{type(error).__name__}: {error}")) from None
    finally:
        client.close()
    return Accepted(refused)


async def _sign_in(client: aiosmtplib.SMTP) -> None:
    """Up to here no letter is named: a 5xx speaks of us or of the server, and can be put right without losing one."""
    try:
        await client.connect()
        await client.ehlo()
    except aiosmtplib.SMTPResponseException as error:
        raise TryAgain(_said(error)) from None


async def _name_everybody(client: aiosmtplib.SMTP, people: Sequence[str]) -> dict[str, str]:
    """Address -> the answer that refused it for good. An answer that may pass is raised."""
    refused: dict[str, str] = {}
    for address in dict.fromkeys(people):
        try:
            await client.rcpt(address)
        except aiosmtplib.SMTPRecipientRefused as error:
            if not 500 <= error.code < 600 or error.code in SESSION_REFUSALS:
                raise
            refused[address] = _said(error)
    return refused


async def _give(client: aiosmtplib.SMTP, message: bytes, seconds: float) -> None:
    try:
        await client.data(message, timeout=seconds)
    except aiosmtplib.SMTPResponseException:
        raise
    except (aiosmtplib.SMTPException, OSError) as error:
        raise PossiblyAccepted(_line(f"{type(error).__name__}: {error}")) from None
    with suppress(aiosmtplib.SMTPException, OSError):  # it has the letter, whatever becomes of the line
        await client.quit(timeout=QUIT_TIMEOUT_SECONDS)


def _said(error: aiosmtplib.SMTPResponseException) -> str:
    return f"{error.code} {_line(error.message)}"


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
