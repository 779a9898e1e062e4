"""A6: letters as they were accepted go into a backup and out of it, and are erased with the personal data of their inspection."""

import shutil
from pathlib import Path

import pytest

from application.runtime import dev_mailbox
from records.database.connection import reading, writing
from records.outbox import states
from records.privacy.message_archive import MessageArchive
from tests.cli_harness import ID, CliHarness
from tests.operations.backup.test_erase import anywhere
from tests.operations.backup.test_restore import file, restore
from tests.records.verify.verified_records import verify

WORDS = "Words of a letter"
REASON = ("--by", "m.okafor", "--reason", "Its time is over")


def message(counter: CliHarness, kind: str) -> bytes:
    """A message such as the mail system takes, under the Message-ID of the letter."""
    (identifier,) = counter.rows(f"SELECT message_id FROM letters WHERE kind = '{kind}'")[0]
    return f"Message-ID: {identifier}\r\nSubject: {kind}\r\n\r\n{WORDS}\r\n".encode()


def accepted(counter: CliHarness, kind: str) -> bytes:
    """The letter of this kind was accepted; its message."""
    (letter,) = counter.rows(f"SELECT id FROM letters WHERE kind = '{kind}'")[0]
    with reading(counter.records) as session:
        row = states.letter(session, letter)
    sealed = MessageArchive(counter.data).seal(row, message(counter, kind), {}, counter.now)
    with writing(counter.records) as session:
        states.mark_sending(session, letter, counter.now, sealed)
        states.mark_accepted(session, letter, counter.now, sha256=sealed.sha256)
    return message(counter, kind)


def shown(counter: CliHarness, number: int, code: int = 4) -> bytes:
    """What an auditor reads; 4 because no engine runs beside the records."""
    return counter.run("letter", ID, str(number), "--raw", code=code).stdout_bytes


def backed_up(counter: CliHarness) -> Path:
    counter.records.dispose()
    counter.run("backup", "--to", str(file(counter)))
    return file(counter)


def test_a_kept_letter_goes_sealed_into_a_backup_and_is_read_again_where_the_keys_are(lonely: CliHarness) -> None:
    sent = accepted(lonely.notified(), "announcement")
    archive = backed_up(lonely)
    shutil.unpack_archive(archive, lonely.data.parent / "unpacked", "zip")
    assert anywhere(lonely.data.parent / "unpacked", WORDS) == []
    lonely.data.rename(lonely.data.with_name("old"))
    shutil.copytree(lonely.data.with_name("old") / "keys", lonely.data / "keys")
    restore(lonely)
    assert shown(lonely, 1) == sent
    assert verify(lonely.data).findings == []


def test_a_letter_accepted_since_the_backup_is_kept_by_the_records_that_stood_there(lonely: CliHarness) -> None:
    backed_up(lonely.notified())
    sent = accepted(lonely, "announcement")
    (dev_mailbox.folder(lonely.data)).mkdir()
    (dev_mailbox.folder(lonely.data) / "000001.eml").write_bytes(sent)
    restore(lonely)
    assert shown(lonely, 1) == sent
    assert verify(lonely.data).findings == []


@pytest.mark.parametrize("since", ["erased", "a restore from before"])
def test_a_kept_letter_is_erased_with_the_personal_data(lonely: CliHarness, since: str) -> None:
    accepted(lonely.notified(), "announcement")
    lonely.on("2010-11-05").take("cancel", "m.okafor", reason="Never mind")
    backed_up(lonely)
    lonely.on("2016-11-07").run("erase", ID, *REASON)
    if since != "erased":
        restore(lonely)
    assert lonely.rows("SELECT sealed FROM messages") == [("",)]
    assert "was erased with its personal data on Monday 7 November 2016" in " ".join(
        lonely.run("letter", ID, "1", code=3).stderr.split()
    )
    assert verify(lonely.data).findings == []
