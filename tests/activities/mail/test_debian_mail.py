"""Delivery and bounces with a real mail system from Debian: TLS and sign-in on, and a mailbox that refuses later (B10)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from activities.mail.letters import LetterActivities, NotYetTaken
from activities.mail.mime import Sender
from activities.mail.smtp import MailServer
from framework.messages.delivery import DeliveryOutcome, ShiftedId
from tests.activities.mail.debian_mail import HOST, OFFICE, REFUSED_LATER, DebianMail, debian_mail
from tests.activities.mail.test_bounces import read, stage
from tests.activities.no_engine import RecordsHarness

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mail() -> Iterator[DebianMail]:
    with debian_mail() as running:
        yield running


@pytest.fixture
def trusted(mail: DebianMail, monkeypatch: pytest.MonkeyPatch) -> DebianMail:
    """The same, with its certificate trusted, as an installation trusts that of its own mail server."""
    monkeypatch.setenv("SSL_CERT_FILE", str(mail.authority))
    return mail


async def send(harness: RecordsHarness, server: MailServer, letter: str) -> DeliveryOutcome:
    letters = LetterActivities(harness.store, harness.folder, server, Sender("The office", OFFICE))
    outcome: DeliveryOutcome = await harness.run(letters.send, ShiftedId(id=letter))
    return outcome


async def test_an_announcement_accepted_and_refused_later_takes_day_0_back(
    harness: RecordsHarness, trusted: DebianMail
) -> None:
    letter = await harness.announced()
    assert (await send(harness, trusted.server(), letter)).accepted
    harness.do("record_service", method="email", letter=letter)
    assert stage(harness) == "notified"
    trusted.wait_for_mail()
    harness.now += timedelta(minutes=5)
    count, signalled = await read(harness, trusted.mailbox())
    assert (count, len(signalled)) == (1, 1), trusted.log()
    (task,) = [key for kind, key in harness.tasks() if kind == "letter_returned"]
    assert task == f"returned:{letter}"
    assert list(harness.letter(letter)["returned"]) == [REFUSED_LATER]
    assert "554 5.7.1" in harness.letter(letter)["returned"][REFUSED_LATER]
    harness.do("record_failed_service", letter=letter)
    assert stage(harness) == "planned"
    assert await read(harness, trusted.mailbox()) == (0, [])


async def test_without_the_right_password_or_a_trusted_certificate_nothing_is_handed_over(
    harness: RecordsHarness, mail: DebianMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = await harness.announced()
    with pytest.raises(NotYetTaken):
        await send(harness, mail.server(), letter)
    assert "CERTIFICATE_VERIFY_FAILED" in harness.letter(letter)["error"]
    monkeypatch.setenv("SSL_CERT_FILE", str(mail.authority))
    with pytest.raises(NotYetTaken):
        await send(harness, mail.server(password="wrong"), letter)
    assert "535" in harness.letter(letter)["error"]
    with pytest.raises(NotYetTaken):
        await send(harness, MailServer(HOST, mail.smtp_port), letter)
    assert harness.letter(letter)["status"] == "queued"


async def test_a_mailbox_is_read_over_trusted_tls_with_the_right_password_alone(
    harness: RecordsHarness, mail: DebianMail, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert await read(harness, mail.mailbox()) == (0, [])
    assert harness.tasks() == [("bounces_unread", "bounces")]
    monkeypatch.setenv("SSL_CERT_FILE", str(mail.authority))
    assert await read(harness, mail.mailbox()) == (0, [])
    assert harness.tasks() == []
    assert await read(harness, mail.mailbox(password="wrong")) == (0, [])
    assert harness.tasks() == [("bounces_unread", "bounces")]
