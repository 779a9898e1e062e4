"""A6: accepted messages are part of backups and restores, and are erased with the personal data of their inspection."""

import shutil
from pathlib import Path

import pytest

from application.runtime import dev_mailbox
from records.database.connection import reading, writing
from records.outbox import states
from records.privacy.message_archive import MessageArchive
from tests.cli_harness import ID, CliHarness
from tests.operations.backup.test_erase import files_with
from tests.operations.backup.test_restore import file, restore
from tests.records.verify.verified_records import verify

WORDS = "Words of a letter"
REASON = ("--by", "m.okafor", "--reason", "Its time is over")


def message(cli: CliHarness, kind: str) -> bytes:
    """Returns a message as the mail system gets it, with the Message-ID of the letter."""
    (identifier,) = cli.rows(f"SELECT message_id FROM letters WHERE kind = '{kind}'")[0]
    return f"Message-ID: {identifier}\r\nSubject: {kind}\r\n\r\n{WORDS}\r\n".encode()


def accepted(cli: CliHarness, kind: str) -> bytes:
    """Marks the letter of this kind as accepted; returns its message."""
    (letter,) = cli.rows(f"SELECT id FROM letters WHERE kind = '{kind}'")[0]
    with reading(cli.records) as session:
        row = states.letter(session, letter)
    sealed = MessageArchive(cli.data).seal(row, message(cli, kind), {}, cli.now)
    with writing(cli.records) as session:
        states.mark_sending(session, letter, cli.now, sealed)
        states.mark_accepted(session, letter, cli.now, sha256=sealed.sha256)
    return message(cli, kind)


def shown(cli: CliHarness, number: int, code: int = 4) -> bytes:
    """Returns the message as `letter` shows it; exit code 4 because no engine runs."""
    return cli.run("letter", ID, str(number), "--raw", code=code).stdout_bytes


def backed_up(cli: CliHarness) -> Path:
    cli.records.dispose()
    cli.run("backup", "--to", str(file(cli)))
    return file(cli)


def test_a_kept_message_is_encrypted_in_a_backup_and_readable_after_a_restore_with_the_keys(
    cli_without_engine: CliHarness,
) -> None:
    sent = accepted(cli_without_engine.notified(), "announcement")
    archive = backed_up(cli_without_engine)
    shutil.unpack_archive(archive, cli_without_engine.data.parent / "unpacked", "zip")
    assert files_with(cli_without_engine.data.parent / "unpacked", WORDS) == []
    cli_without_engine.data.rename(cli_without_engine.data.with_name("old"))
    shutil.copytree(cli_without_engine.data.with_name("old") / "keys", cli_without_engine.data / "keys")
    restore(cli_without_engine)
    assert shown(cli_without_engine, 1) == sent
    assert verify(cli_without_engine.data).findings == []


def test_a_message_accepted_since_the_backup_is_taken_from_the_previous_records(cli_without_engine: CliHarness) -> None:
    backed_up(cli_without_engine.notified())
    sent = accepted(cli_without_engine, "announcement")
    (dev_mailbox.folder(cli_without_engine.data)).mkdir()
    (dev_mailbox.folder(cli_without_engine.data) / "000001.eml").write_bytes(sent)
    restore(cli_without_engine)
    assert shown(cli_without_engine, 1) == sent
    assert verify(cli_without_engine.data).findings == []


@pytest.mark.parametrize("since", ["erased", "a restore from before"])
def test_a_kept_message_is_erased_with_the_personal_data(cli_without_engine: CliHarness, since: str) -> None:
    accepted(cli_without_engine.notified(), "announcement")
    cli_without_engine.on("2010-11-05").take("cancel", "m.okafor", reason="Never mind")
    backed_up(cli_without_engine)
    cli_without_engine.on("2016-11-07").run("erase", ID, *REASON)
    if since != "erased":
        restore(cli_without_engine)
    assert cli_without_engine.rows("SELECT sealed FROM messages") == [("",)]
    assert "was erased with its personal data on Monday 7 November 2016" in " ".join(
        cli_without_engine.run("letter", ID, "1", code=3).stderr.split()
    )
    assert verify(cli_without_engine.data).findings == []
