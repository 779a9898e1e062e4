"""Sends one message over SMTP and classifies the answer: accepted, refused permanently, or to be retried."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import aiosmtplib

TIMEOUT_SECONDS = 30.0
"""The timeout of one answer of the mail system."""
RECIPIENTS_TIMEOUT_FACTOR = 3
"""The timeout until all recipients are named, as a multiple of the first: together with the message less than the timeout of
an attempt, so that two attempts never send a letter at the same time."""
QUIT_TIMEOUT_SECONDS = 2.0
"""The timeout of the answer to QUIT, which has no effect on the message."""
SESSION_REFUSALS = (530, 534, 535, 538)
"""Replies that refuse the session and not the message: sign-in required, encryption required, wrong password."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The address and sign-in of a mail server."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The mail system accepted the message."""

    refused: dict[str, str]
    """Recipient that was refused permanently -> the reply."""


class PermanentlyRefused(Exception):
    """The mail system refuses this message permanently: a 5xx reply to it or to its addressee."""


class TryAgain(Exception):
    """The mail system does not accept it now: no connection, no sign-in, a 4xx reply, a closed connection, a timeout."""


class PossiblyAccepted(TryAgain):
    """The connection was closed, or no reply came, during DATA: it is unknown whether the message was accepted."""


async def send(
    server: MailServer,
    sender: str,
    to: Sequence[str],
    cc: Sequence[str],
    message: bytes,
    seconds: float = TIMEOUT_SECONDS,
    data_seconds: float | None = None,
) -> Accepted:
    """Sends one message. The first of `to` is the addressee: if they are refused, it is sent to no recipient.

    `seconds` is the timeout of each reply, `data_seconds` (by default the same) that of the reply to the message. Raises
    `PermanentlyRefused` or `TryAgain`. All recipients are named before the message is transmitted, so that a temporary refusal
    of one sends it to none; once transmitted, it is never sent again because of a refused copy."""
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
            refused = await _name_recipients(client, [*to, *cc])
        if to[0] in refused:
            raise PermanentlyRefused(f"the person it is addressed to was refused: {refused[to[0]]}")
        await _transmit(client, message, data_seconds or seconds)
    except aiosmtplib.SMTPResponseException as error:
        is_permanent = 500 <= error.code < 600 and error.code not in SESSION_REFUSALS
        raise (PermanentlyRefused if is_permanent else TryAgain)(_reply(error)) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise TryAgain(_line(f"{type(error).__name__}: {error}")) from None
    finally:
        client.close()
    return Accepted(refused)


async def _sign_in(client: aiosmtplib.SMTP) -> None:
    """Connects and signs in. Raises `TryAgain` also for a 5xx reply: no message is named yet, so none is refused."""
    try:
        await client.connect()
        await client.ehlo()
    except aiosmtplib.SMTPResponseException as error:
        raise TryAgain(_reply(error)) from None


async def _name_recipients(client: aiosmtplib.SMTP, people: Sequence[str]) -> dict[str, str]:
    """Names the recipients; returns address -> reply of those refused permanently. Raises the error of a temporary refusal."""
    refused: dict[str, str] = {}
    for address in dict.fromkeys(people):
        try:
            await client.rcpt(address)
        except aiosmtplib.SMTPRecipientRefused as error:
            if not 500 <= error.code < 600 or error.code in SESSION_REFUSALS:
                raise
            refused[address] = _reply(error)
    return refused


async def _transmit(client: aiosmtplib.SMTP, message: bytes, seconds: float) -> None:
    try:
        await client.data(message, timeout=seconds)
    except aiosmtplib.SMTPResponseException:
        raise
    except (aiosmtplib.SMTPException, OSError) as error:
        raise PossiblyAccepted(_line(f"{type(error).__name__}: {error}")) from None
    with suppress(aiosmtplib.SMTPException, OSError):  # the message is accepted, whatever happens to the connection
        await client.quit(timeout=QUIT_TIMEOUT_SECONDS)


def _reply(error: aiosmtplib.SMTPResponseException) -> str:
    return f"{error.code} {_line(error.message)}"


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
