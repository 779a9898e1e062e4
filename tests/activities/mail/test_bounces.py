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


async def announced(office: RecordsHarness) -> dict[str, Any]:
    """The announcement, accepted by the mail system; day 0 is 3 November."""
    letter = await office.announced()
    async with misbehaving() as server:
        await office.send(server.port, letter)
    office.do("record_service", method="email", letter=letter)
    office.now += timedelta(hours=1)
    return office.letter(letter)


async def read(
    office: RecordsHarness, mailbox: MaildirFolder | ImapMailbox | None
) -> tuple[int, list[tuple[str, str]]]:
    """Runs one round; returns how many letters came back, and which workflows were signalled."""
    signals = Signals()
    bounces = BounceActivities(office.store, cast(Client, signals), mailbox)
    count: int = await office.run(bounces.read, ShiftedId(id=""))
    return count, signals.sent


def waiting(office: RecordsHarness) -> list[Command]:
    with reading(office.store) as session:
        return submissions.waiting(session.connection(), office.id)


def stage(office: RecordsHarness) -> str:
    with reading(office.store) as session:
        return repository.state(session, office.id).stage.value


async def test_an_announcement_that_comes_back_is_an_event_a_task_and_takes_day_0_back(
    office: RecordsHarness, maildir: Path
) -> None:
    letter = await announced(office)
    (maildir / "new" / "1.report").write_bytes(report(letter["message_id"], DCS))
    assert await read(office, MaildirFolder(maildir)) == (1, [(inspection_workflow_id(office.id), REFRESH)])
    (entry,) = office.entries("letter_returned")
    assert (entry.event.data["letter"], entry.event.data["people"]) == (letter["id"], ["dcs.330"])
    assert ("letter_returned", f"returned:{letter['id']}") in office.tasks()
    (command,) = waiting(office)
    assert (command.step, command.actor.person, command.fields) == (
        "record_failed_service",
        "system",
        {"letter": letter["id"]},
    )
    office.do("record_failed_service", **command.fields)
    assert stage(office) == "planned"
    assert [kind for kind, _ in office.tasks()] == ["notification"], "one task, that says what to do"


async def test_a_report_is_read_once_and_changes_nothing_when_it_comes_again(
    office: RecordsHarness, maildir: Path
) -> None:
    letter = await announced(office)
    (maildir / "new" / "1.report").write_bytes(report(letter["message_id"], DCS))
    await read(office, MaildirFolder(maildir))
    assert await read(office, MaildirFolder(maildir)) == (0, [])
    assert [file.name for file in (maildir / "cur").iterdir()] == ["1.report:2,S"]
    (maildir / "new" / "2.report").write_bytes(report(letter["message_id"], DCS))
    assert await read(office, MaildirFolder(maildir)) == (0, [])
    assert len(office.entries("letter_returned")) == len(waiting(office)) == 1


async def test_a_copy_that_comes_back_is_a_task_and_takes_no_day_back(office: RecordsHarness, maildir: Path) -> None:
    letter = await announced(office)
    (maildir / "new" / "1.report").write_bytes(report(letter["message_id"], LINK))
    assert await read(office, MaildirFolder(maildir)) == (1, [])
    assert ("letter_returned", f"returned:{letter['id']}") in office.tasks()
    assert (len(office.entries("copy_returned")), waiting(office)) == (1, [])


@pytest.mark.parametrize(
    "unknown",
    [report("<another@mail.inspectorate.example>", DCS), b"Subject: hello\r\n\r\nhello\r\n"],
    ids=["letter", "mail"],
)
async def test_what_names_no_letter_of_ours_changes_nothing(
    office: RecordsHarness, maildir: Path, unknown: bytes
) -> None:
    await announced(office)
    (maildir / "new" / "1.other").write_bytes(unknown)
    before = len(office.entries())
    assert await read(office, MaildirFolder(maildir)) == (0, [])
    assert len(office.entries()) == before
    assert list((maildir / "new").iterdir()) == []


async def test_an_address_the_letter_never_went_to_takes_no_day_back(office: RecordsHarness, maildir: Path) -> None:
    letter = await announced(office)
    (maildir / "new" / "1.report").write_bytes(report(letter["message_id"], "other@birmingham.example"))
    assert await read(office, MaildirFolder(maildir)) == (0, [])


async def test_a_mailbox_that_cannot_be_read_is_a_task_until_it_can(office: RecordsHarness, maildir: Path) -> None:
    assert await read(office, MaildirFolder(maildir / "nowhere")) == (0, [])
    assert await read(office, ImapMailbox("127.0.0.1", 1, "office", "secret")) == (0, [])
    assert office.tasks() == [("bounces_unread", "bounces")]
    assert await read(office, MaildirFolder(maildir)) == (0, [])
    assert office.tasks() == []


async def test_without_a_mailbox_nothing_is_read(office: RecordsHarness) -> None:
    assert await read(office, None) == (0, [])


async def test_a_letter_no_clock_hangs_on_is_sent_again_once_it_came_back(
    office: RecordsHarness, maildir: Path
) -> None:
    await announced(office)
    office.do("change_lead", "c.marsh", person="i.bellamy", stays=True, reason="Another lead.")
    letter = office.letters("lead_changed")[0]
    async with misbehaving() as server:
        await office.send(server.port, letter["id"])
    assert office.letter(letter["id"])["status"] == "accepted", office.letter(letter["id"])["error"]
    with writing(office.store) as session, pytest.raises(Refused, match="only one that was given up or came back"):
        requeue(session.connection(), office.id, letter["id"])
    (maildir / "new" / "1.report").write_bytes(report(letter["message_id"], DCS))
    assert await read(office, MaildirFolder(maildir)) == (1, [])
    office.now += timedelta(minutes=1)
    office.do("send_again", "c.marsh", letter=letter["id"])
    async with misbehaving() as server:
        await office.send(server.port, letter["id"])
    assert (office.letter(letter["id"])["status"], office.letter(letter["id"])["returned"]) == ("accepted", {})
    with reading(office.store) as session:
        findings = Verification(session, office.folder).run().findings
    assert [finding.what for finding in findings if finding.check == "letter"] == []
