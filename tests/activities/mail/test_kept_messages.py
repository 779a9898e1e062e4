"""A6: what the mail system accepted is kept, byte for byte, whatever becomes of the templates it was made from."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import text

from activities.mail.letters import NotYetTaken
from activities.rendering import templates
from application.caller import Caller
from application.queries.letters import MessageRequest, accepted_message
from application.runtime.context import AppContext
from application.runtime.settings import Settings
from framework.common.errors import CheckFailed, Refused
from records.database.connection import reading, writing
from records.exports.files import letters
from records.log.commitments import message_commitment
from records.privacy.keys import KeyStore
from records.privacy.personal_columns import erase_rows
from tests.activities.faulty_smtp import CUT, misbehaving
from tests.activities.mail.test_letters import undotted
from tests.activities.no_engine import RecordsHarness


@pytest.fixture
def other_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Today's templates have another closing than those the letter was sent with."""

    def change() -> None:
        folder = tmp_path / "templates"
        shutil.copytree(templates.TEMPLATES, folder)
        for path in folder.rglob("*.j2"):
            path.write_text(path.read_text().replace("Yours sincerely", "With best regards"))
        monkeypatch.setattr(templates, "TEMPLATES", folder)
        templates._environment.cache_clear()
        templates.template_version.cache_clear()

    yield change  # type: ignore[misc]
    templates._environment.cache_clear()
    templates.template_version.cache_clear()


def archived(harness: RecordsHarness, letter: str) -> bytes:
    """The message of a letter, as an auditor reads it."""
    number = harness.letter(letter)["number"]
    context = AppContext(Settings(INSPECTIONS_DATA=harness.folder), harness.store)
    return accepted_message(Caller(), context, MessageRequest(harness.id, number)).content


def exported(harness: RecordsHarness, letter: str) -> list[bytes]:
    """The messages of a letter that an export takes away."""
    with reading(harness.store) as session:
        kept_letters = letters(session.connection(), harness.entries(), [harness.letter(letter)], harness.folder)
        return [content for _, content in kept_letters if isinstance(content, bytes)]


async def sent(harness: RecordsHarness) -> tuple[str, bytes]:
    """An announcement that was accepted, and what went over the line."""
    letter = await harness.announced()
    async with misbehaving() as faulty:
        await harness.send(faulty.port, letter)
    return letter, undotted(faulty.taken[0])


async def test_a_changed_template_makes_no_letter_unreadable(harness: RecordsHarness, other_words: object) -> None:
    letter, message = await sent(harness)
    other_words()  # type: ignore[operator]
    assert b"With best regards" in templates.render_letter("announcement", harness.letter(letter)["data"]).text.encode()
    assert archived(harness, letter) == message
    assert exported(harness, letter) == [message]
    (event,) = harness.entries("letter_accepted")
    assert message_commitment(harness.letter(letter)["salt"], message) == event.event.data["sha256"]


async def test_a_document_that_is_kept_anyway_is_not_kept_twice(harness: RecordsHarness) -> None:
    letter, message = await sent(harness)
    with reading(harness.store) as session:
        (sealed,) = session.connection().execute(text("SELECT sealed FROM messages")).scalars()
    (attached,) = message_from_bytes(message, policy=policy.default).iter_attachments()
    assert len(sealed) < len(message) - len(attached.get_content())
    assert archived(harness, letter) == message


async def test_nothing_of_a_kept_letter_stands_in_the_records_in_clear(harness: RecordsHarness) -> None:
    await sent(harness)
    with reading(harness.store) as session:
        rows = session.connection().execute(text("SELECT sealed FROM messages")).scalars().all()
    assert [row[:7] for row in rows] == ["sealed:"]
    assert not [row for row in rows if "birmingham" in row.lower() or "Subject" in row]


@pytest.mark.parametrize("harm", ["document altered", "document gone", "message altered", "message gone"])
async def test_a_kept_letter_that_was_altered_is_not_shown_as_if_it_were_whole(
    harness: RecordsHarness, harm: str
) -> None:
    letter, _ = await sent(harness)
    (path,) = (harness.documents_folder / document["pdf_path"] for document in harness.letter(letter)["documents"])
    if harm.startswith("document"):
        path.unlink() if harm.endswith("gone") else path.write_bytes(b"%PDF-1.7 something else")
    with writing(harness.store) as session:
        change = (
            "DELETE FROM messages"
            if harm.endswith("gone")
            else "UPDATE messages SET sealed = 'sealed:AAAAAAAAAAAAAAAAAAAAAAAA'"
        )
        session.connection().execute(text(change if harm.startswith("message") else "SELECT 1"))
    with pytest.raises(CheckFailed):
        archived(harness, letter)
    with pytest.raises(CheckFailed):
        exported(harness, letter)


async def test_a_letter_is_erased_with_the_personal_data_of_its_inspection(harness: RecordsHarness) -> None:
    letter, _ = await sent(harness)
    KeyStore(harness.folder).erase(harness.id, "{}", harness.now)
    with pytest.raises(CheckFailed, match="no event says so"):
        archived(harness, letter)
    with writing(harness.store) as session:
        erase_rows(session.connection(), harness.id)
        assert session.connection().execute(text("SELECT sealed FROM messages")).scalars().all() == [""]


async def test_an_attempt_that_was_cut_off_is_made_again_with_the_very_same_message(
    harness: RecordsHarness, other_words: object
) -> None:
    letter = await harness.announced()
    async with misbehaving({"DOT": CUT}) as faulty:
        with pytest.raises(NotYetTaken):
            await harness.send(faulty.port, letter)
        other_words()  # type: ignore[operator]
        faulty.answers.clear()
        harness.now += timedelta(hours=1)
        await harness.send(faulty.port, letter)
    first, second = map(undotted, faulty.taken)
    assert first == second == archived(harness, letter)


async def test_a_letter_that_surely_was_not_taken_leaves_no_message_behind(harness: RecordsHarness) -> None:
    letter = await harness.announced()
    async with misbehaving({"RCPT": "450 busy"}) as faulty:
        with pytest.raises(NotYetTaken):
            await harness.send(faulty.port, letter)
        faulty.answers = {"RCPT dcs@birmingham.example": "550 unknown"}
        await harness.send(faulty.port, letter)
    with reading(harness.store) as session:
        assert session.connection().execute(text("SELECT count(*) FROM messages")).scalar() == 0
    with pytest.raises(Refused, match="was not accepted by the mail system"):
        archived(harness, letter)


async def test_a_letter_that_was_sent_twice_is_kept_as_it_went_each_time(harness: RecordsHarness) -> None:
    await harness.announced()
    harness.do("record_service", "c.marsh", method="by_hand", proof="Handed to the secretary.")
    await harness.render()
    invitation = str(harness.letters("set_up_invitation")[0]["id"])
    async with misbehaving() as faulty:
        await harness.send(faulty.port, invitation)
    assert archived(harness, invitation) == undotted(faulty.taken[0])
    assert [harness.letter(invitation)["number"], len(exported(harness, invitation))] == [2, 1]
