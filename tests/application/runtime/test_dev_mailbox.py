"""The local mailbox, over real SMTP: accepted letters are on disk, and can be listed and read."""

import asyncio
import json
import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import aiosmtplib
import pytest
from typer.testing import Result

from application.runtime import dev_mailbox
from framework.common.errors import BadInput, Unreachable
from tests import cli_harness


def letter(
    subject: str = "Birmingham: inspection begins", message_id: str = "<one@inspectorate.example>"
) -> EmailMessage:
    """Returns a letter as the system writes it: plain text, the same as HTML, and a document."""
    message = EmailMessage()
    message["From"] = "Inspections <inspections@inspectorate.example>"
    message["To"] = "Ada Example <dcs@birmingham.example>, second@birmingham.example"
    message["Cc"] = "link@birmingham.example"
    message["Date"] = "Wed, 03 Nov 2010 09:00:00 +0000"
    message["Subject"] = subject
    message["Message-ID"] = message_id
    message.set_content(
        "The inspection begins on Wednesday 17 November 2010. " * 4 + "\n\nWhat we ask of you — soon.\n"
    )
    message.add_alternative("<p>The inspection begins.</p>", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="../announcement.pdf")
    return message


async def deliver(folder: Path, *letters: EmailMessage) -> None:
    """Sends letters to a mailbox on the folder, one connection for all."""
    async with dev_mailbox.serve(folder) as port, aiosmtplib.SMTP(hostname="127.0.0.1", port=port) as connection:
        for letter in letters:
            await connection.send_message(letter)


def command(data: Path, *words: str) -> Result:
    """Runs `inspections mailbox` in this process."""
    return cli_harness.run("mailbox", *words, "--data", str(data))


async def test_a_letter_is_kept_byte_for_byte(tmp_path: Path) -> None:
    sent = letter().as_bytes(policy=SMTP)
    async with dev_mailbox.serve(tmp_path) as port, aiosmtplib.SMTP(hostname="127.0.0.1", port=port) as connection:
        await connection.sendmail("inspections@inspectorate.example", ["dcs@birmingham.example"], sent)
    assert (tmp_path / "000001.eml").read_bytes() == sent


async def test_letters_are_listed_in_the_order_they_came(tmp_path: Path) -> None:
    await deliver(tmp_path, letter("first", "<1@inspectorate.example>"), letter("second", "<2@inspectorate.example>"))
    first, second = dev_mailbox.letters(tmp_path)
    assert (first.id, first.subject, second.subject) == ("1", "first", "second")
    assert first.to == ("dcs@birmingham.example", "second@birmingham.example")
    assert first.cc == ("link@birmingham.example",)
    assert first.sent
    assert first.sent.isoformat() == "2010-11-03T09:00:00+00:00"


async def test_a_letter_accepted_twice_is_stored_twice_and_listed_once_with_its_count(tmp_path: Path) -> None:
    await deliver(tmp_path, letter(), letter("other", "<2@inspectorate.example>"), letter())
    assert len(list(tmp_path.glob("*.eml"))) == 3
    assert [(letter.id, letter.copies) for letter in dev_mailbox.letters(tmp_path)] == [("1", 2), ("2", 1)]


async def test_numbers_continue_after_a_restart(tmp_path: Path) -> None:
    await deliver(tmp_path, letter("first", "<1@inspectorate.example>"))
    await deliver(tmp_path, letter("second", "<2@inspectorate.example>"))
    assert [letter.id for letter in dev_mailbox.letters(tmp_path)] == ["1", "2"]


async def test_a_letter_that_cannot_be_stored_is_not_accepted_and_may_be_sent_again(tmp_path: Path) -> None:
    async with dev_mailbox.serve(tmp_path) as port:
        (tmp_path / "arriving").mkdir()  # no file can be written there now
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port) as connection:
            with pytest.raises(aiosmtplib.SMTPDataError) as caught:
                await connection.send_message(letter())
            assert 400 <= caught.value.code < 500
            (tmp_path / "arriving").rmdir()
            await connection.send_message(letter())
    assert [letter.id for letter in dev_mailbox.letters(tmp_path)] == ["1"]


async def test_names_outside_ascii_arrive_unchanged(tmp_path: Path) -> None:
    await deliver(tmp_path, letter("Besançon — «report»"))
    assert dev_mailbox.letters(tmp_path)[0].subject == "Besançon — «report»"


async def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    async with dev_mailbox.serve(tmp_path) as port:
        with pytest.raises(Unreachable, match=str(port)):
            async with dev_mailbox.serve(tmp_path, port):
                pass


def test_a_missing_letter_is_named(tmp_path: Path) -> None:
    for number in ("7", "x", "²"):
        with pytest.raises(BadInput, match=number):
            dev_mailbox.message(tmp_path, number)


async def test_the_command_lists_as_json(tmp_path: Path) -> None:
    await deliver(tmp_path / "mailbox", letter())
    listed = json.loads(command(tmp_path, "--json").stdout)
    assert list(listed[0]) == ["id", "to", "cc", "subject", "sent", "message_id", "copies"]
    assert listed[0]["message_id"] == "<one@inspectorate.example>"


async def test_the_command_shows_a_letter_within_eighty_columns(tmp_path: Path) -> None:
    await deliver(tmp_path / "mailbox", letter())
    for words in ([], ["1"]):
        output = command(tmp_path, *words).stdout
        assert "Birmingham" in output
        assert max(len(line) for line in output.splitlines()) <= 80
    assert "What we ask of you — soon." in output
    assert "Attached: announcement.pdf" in output


async def test_the_command_saves_attachments_only_into_the_given_folder(tmp_path: Path) -> None:
    await deliver(tmp_path / "mailbox", letter())
    page, folder = tmp_path / "page.html", tmp_path / "saved" / "here"
    assert command(tmp_path, "1", "--html", str(page), "--attachments", str(folder)).exit_code == 0
    assert page.read_text().strip() == "<p>The inspection begins.</p>"
    assert [path.name for path in folder.iterdir()] == ["announcement.pdf"]
    assert (folder / "announcement.pdf").read_bytes() == b"%PDF-1.7"


def test_an_empty_mailbox_is_an_empty_list(tmp_path: Path) -> None:
    assert json.loads(command(tmp_path, "--json").stdout) == []
    assert command(tmp_path, "1").exit_code == 2


def test_a_missing_data_folder_is_named(tmp_path: Path) -> None:
    for words in ([], ["--json"], ["1"]):
        ended = command(tmp_path / "nowhere", *words)
        assert (ended.exit_code, ended.stdout) == (2, "")
        assert f"there is no data folder {tmp_path / 'nowhere'}" in ended.stderr


async def test_any_mail_program_can_deliver(tmp_path: Path) -> None:

    def send(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as connection:
            connection.send_message(letter())

    async with dev_mailbox.serve(tmp_path) as port:
        await asyncio.to_thread(send, port)
    assert len(dev_mailbox.letters(tmp_path)) == 1
