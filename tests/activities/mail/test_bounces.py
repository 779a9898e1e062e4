"""B10: the mailbox that letters come back to is read, and what it says follows: an event, a task, the clock taken back."""

from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from temporalio.client import Client

from activities.mail.bounces import BounceActivities
from activities.mail.mailboxes import ImapMailbox, MaildirFolder
from activities.names import REFRESH, inspection_workflow_id
from framework.common.errors import Refused
from framework.messages.commands import Command
from framework.messages.delivery import ShiftedId
from records.database.connection import reading, writing
from records.inspections import repository, submissions
from records.outbox.requeue import requeue
from records.verify.verification import Verification
from tests.activities.faulty_smtp import misbehaving
from tests.activities.mail.reports import report
from tests.activities.no_engine import RecordsHarness

DCS, LINK = "dcs@birmingham.example", "link@birmingham.example"


class Signals:
    """A client of the engine that keeps which workflow was signalled."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def get_workflow_handle(self, workflow: str) -> Any:
        signals = self

        class Handle:
            async def signal(self, name: str) -> None:
                signals.sent.append((workflow, name))

        return Handle()


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "bounces" / name).mkdir(parents=True)
    return tmp_path / "bounces"


async def announced(harness: RecordsHarness) -> dict[str, Any]:
    """The announcement, accepted by the mail system; day 0 is 3 November."""
    letter = await harness.announced()
    async with misbehaving() as server:
        await harness.send(server.port, letter)
    harness.do("record_service", method="email", letter=letter)
    harness.now += timedelta(hours=1)
    return harness.letter(letter)


async def read(
    harness: RecordsHarness, mailbox: MaildirFolder | ImapMailbox | None
) -> tuple[int, list[tuple[str, str]]]:
    """Runs one round; returns how many letters came back, and which workflows were signalled."""
    signals = Signals()
    bounces = BounceActivities(harness.store, cast(Client, signals), mailbox)
    count: int = await harness.run(bounces.read, ShiftedId(id=""))
    return count, signals.sent


def waiting(harness: RecordsHarness) -> list[Command]:
    with reading(harness.store) as session:
        return submissions.waiting(session.connection(), harness.id)


def stage(harness: RecordsHarness) -> str:
    with reading(harness.store) as session:
        return repository.state(session, harness.id).stage.value


async def test_an_announcement_that_comes_back_is_an_event_a_task_and_takes_day_0_back(
    harness: RecordsHarness, maildir: Path
) -> None:
    letter = await announced(harness)
    (maildir / "new" / "1.report").write_bytes(report(letter["message_id"], DCS))
    assert await read(harness, MaildirFolder(maildir)) == (1, [(inspection_workflow_id(harness.id), REFRESH)])
    (entry,) = harness.entries("letter_returned")
    assert (entry.event.data["letter"], entry.event.data["people"]) == (letter["id"], ["dcs.330"])
    assert ("letter_returned", f"returned:{letter['id']}") in harness.tasks()
    (command,) = waiting(harness)
    assert (command.step, command.actor.person, command.fields) == (
        "record_failed_service",
        "system",
        {"letter": letter["id"]},
    )
    harness.do("record_failed_service", **command.fields)
    assert stage(harness) == "planned"
    assert [kind for kind, _ in harness.tasks()] == ["notification"], "one task, that says what to do"


async def test_a_report_is_read_once_and_changes_nothing_when_it_comes_again(
    harness: RecordsHarness, maildir: Path
) -> None:
    letter = await announced(harness)
    (maildir / "new" / "1.report").write_bytes(report(letter["message_id"], DCS))
    await read(harness, MaildirFolder(maildir))
    assert await read(harness, MaildirFolder(maildir)) == (0, [])
    assert [file.name for file in (maildir / "cur").iterdir()] == ["1.report:2,S"]
    (maildir / "new" / "2.report").write_bytes(report(letter["message_id"], DCS))
    assert await read(harness, MaildirFolder(maildir)) == (0, [])
    assert len(harness.entries("letter_returned")) == len(waiting(harness)) == 1


async def test_a_copy_that_comes_back_is_a_task_and_takes_no_day_back(harness: RecordsHarness, maildir: Path) -> None:
    letter = await announced(harness)
    (maildir / "new" / "1.report").write_bytes(report(letter["message_id"], LINK))
    assert await read(harness, MaildirFolder(maildir)) == (1, [])
    assert ("letter_returned", f"returned:{letter['id']}") in harness.tasks()
    assert (len(harness.entries("copy_returned")), waiting(harness)) == (1, [])


@pytest.mark.parametrize(
    "unknown",
    [report("<another@mail.inspectorate.example>", DCS), b"Subject: hello\r\n\r\nhello\r\n"],
    ids=["letter", "mail"],
)
async def test_what_names_no_letter_of_ours_changes_nothing(
    harness: RecordsHarness, maildir: Path, unknown: bytes
) -> None:
    await announced(harness)
    (maildir / "new" / "1.other").write_bytes(unknown)
    before = len(harness.entries())
    assert await read(harness, MaildirFolder(maildir)) == (0, [])
    assert len(harness.entries()) == before
    assert list((maildir / "new").iterdir()) == []


async def test_an_address_the_letter_never_went_to_takes_no_day_back(harness: RecordsHarness, maildir: Path) -> None:
    letter = await announced(harness)
    (maildir / "new" / "1.report").write_bytes(report(letter["message_id"], "other@birmingham.example"))
    assert await read(harness, MaildirFolder(maildir)) == (0, [])


async def test_a_mailbox_that_cannot_be_read_is_a_task_until_it_can(harness: RecordsHarness, maildir: Path) -> None:
    assert await read(harness, MaildirFolder(maildir / "nowhere")) == (0, [])
    assert await read(harness, ImapMailbox("127.0.0.1", 1, "office", "secret")) == (0, [])
    assert harness.tasks() == [("bounces_unread", "bounces")]
    assert await read(harness, MaildirFolder(maildir)) == (0, [])
    assert harness.tasks() == []


async def test_without_a_mailbox_nothing_is_read(harness: RecordsHarness) -> None:
    assert await read(harness, None) == (0, [])


async def test_a_letter_no_clock_hangs_on_is_sent_again_once_it_came_back(
    harness: RecordsHarness, maildir: Path
) -> None:
    await announced(harness)
    harness.do("change_lead", "c.marsh", person="i.bellamy", stays=True, reason="Another lead.")
    letter = harness.letters("lead_changed")[0]
    async with misbehaving() as server:
        await harness.send(server.port, letter["id"])
    assert harness.letter(letter["id"])["status"] == "accepted", harness.letter(letter["id"])["error"]
    with writing(harness.store) as session, pytest.raises(Refused, match="only one that was given up or came back"):
        requeue(session.connection(), harness.id, letter["id"])
    (maildir / "new" / "1.report").write_bytes(report(letter["message_id"], DCS))
    assert await read(harness, MaildirFolder(maildir)) == (1, [])
    harness.now += timedelta(minutes=1)
    assert ("letter_returned", f"returned:{letter['id']}") in harness.tasks()
    harness.do("send_again", "c.marsh", letter=letter["id"])
    assert ("letter_returned", f"returned:{letter['id']}") not in harness.tasks()
    async with misbehaving() as server:
        await harness.send(server.port, letter["id"])
    assert (harness.letter(letter["id"])["status"], harness.letter(letter["id"])["returned"]) == ("accepted", {})
    with reading(harness.store) as session:
        findings = Verification(session, harness.folder).run().findings
    assert [finding.what for finding in findings if finding.check == "letter"] == []


async def test_a_draft_that_comes_back_takes_the_time_for_comments_back(harness: RecordsHarness, maildir: Path) -> None:
    await harness.draft_assured()
    harness.on("2010-12-14").do("send_draft", "i.ashdown")
    await harness.render()
    letter = harness.letters("draft_report")[0]
    async with misbehaving() as server:
        await harness.send(server.port, letter["id"])
    (maildir / "new" / "1.report").write_bytes(report(letter["message_id"], DCS))
    harness.now += timedelta(hours=1)
    assert await read(harness, MaildirFolder(maildir)) == (1, [(inspection_workflow_id(harness.id), REFRESH)])
    (command,) = waiting(harness)
    assert (command.step, command.fields) == ("record_failed_service", {"letter": letter["id"]})


async def test_after_the_end_a_letter_that_comes_back_is_recorded_and_no_command_waits(
    harness: RecordsHarness, maildir: Path
) -> None:
    await announced(harness)
    harness.do("cancel", "m.okafor", reason="The hall is flooded.")
    letter = harness.letters("cancellation")[0]
    async with misbehaving() as server:
        await harness.send(server.port, letter["id"])
    harness.do("record_cancellation_service", method="email", letter=letter["id"])
    harness.on("2010-12-20").do("close_window")
    harness.now += timedelta(hours=1)
    (maildir / "new" / "1.report").write_bytes(report(letter["message_id"], DCS))
    assert await read(harness, MaildirFolder(maildir)) == (1, [])
    assert (len(harness.entries("letter_returned")), waiting(harness)) == (1, [])
