"""A letter's way out of the outbox: what its row, the log and the tasks say of it, whatever the mail system does."""

from datetime import timedelta
from email import message_from_bytes, policy
from hashlib import sha256

import pytest
from sqlalchemy import update

from activities.mail.assemble import NotYetRendered
from activities.mail.letters import NotYetTaken
from framework.messages.delivery import ShiftedId
from records.database.connection import reading, writing
from records.inspections import repository
from records.log.commitments import message_commitment
from records.tables.outbox import DOCUMENTS, LETTERS
from tests.activities.faulty_smtp import CUT, misbehaving
from tests.activities.no_engine import RecordsHarness


def undotted(taken: bytes) -> bytes:
    """What was sent, from what came over the line: without the final dot, and without the dots put before dots."""
    return taken.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")


async def test_a_letter_goes_from_queued_over_sending_to_accepted_with_event_and_hash(harness: RecordsHarness) -> None:
    letter = await harness.announced()
    assert harness.letter(letter)["status"] == "queued"
    seen = []
    async with misbehaving() as faulty:
        faulty.at_dot = lambda: seen.append(harness.letter(letter)["status"])
        outcome = await harness.send(faulty.port, letter)
    row = harness.letter(letter)
    (event,) = harness.entries("letter_accepted")
    assert seen == ["sending"]
    assert (row["status"], row["attempts"], row["accepted_at"]) == ("accepted", 1, harness.now)
    assert (outcome.accepted, outcome.at, outcome.kind) == (True, harness.now, "announcement")
    assert row["sha256"] == event.event.data["sha256"] == message_commitment(row["salt"], undotted(faulty.taken[0]))
    assert harness.tasks() == []


async def test_what_is_found_sending_goes_again_under_the_same_message_id_and_byte_for_byte(
    harness: RecordsHarness,
) -> None:
    await harness.announced()
    harness.do("record_service", method="email")
    await harness.render()
    invitation = str(harness.letters("set_up_invitation")[0]["id"])
    async with misbehaving({"DOT": CUT}) as faulty:
        with pytest.raises(NotYetTaken):
            await harness.send(faulty.port, invitation)
        assert harness.letter(invitation)["status"] == "sending"
        faulty.answers.clear()
        harness.now += timedelta(hours=1)
        await harness.send(faulty.port, invitation)
    first, second = faulty.taken
    assert first == second
    row = harness.letter(invitation)
    assert message_from_bytes(first, policy=policy.default)["Message-ID"] == row["message_id"]
    assert (row["status"], row["attempts"]) == ("accepted", 2)


async def test_what_surely_was_not_taken_waits_again_with_the_reason_and_no_address_reaches_the_engine(
    harness: RecordsHarness,
) -> None:
    letter = await harness.announced()
    async with misbehaving({"RCPT": "450 dcs@birmingham.example is busy"}) as faulty:
        with pytest.raises(NotYetTaken) as caught:
            await harness.send(faulty.port, letter)
    row = harness.letter(letter)
    assert (row["status"], row["error"]) == ("queued", "450 dcs@birmingham.example is busy")
    assert "@" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_a_letter_that_was_accepted_is_never_sent_again_and_its_outcome_is_reported_again(
    harness: RecordsHarness,
) -> None:
    letter = await harness.announced()
    async with misbehaving() as faulty:
        first = await harness.send(faulty.port, letter)
        harness.now += timedelta(days=1)
        again = await harness.send(faulty.port, letter)
    assert again == first
    assert len(faulty.taken) == 1


async def test_a_refused_copy_opens_a_task_and_no_recipient_has_the_letter_twice(harness: RecordsHarness) -> None:
    letter = await harness.announced()
    async with misbehaving({"RCPT link@birmingham.example": "550 unknown"}) as faulty:
        outcome = await harness.send(faulty.port, letter)
        await harness.send(faulty.port, letter)
    row = harness.letter(letter)
    assert outcome.accepted
    assert (row["status"], row["refused"]) == ("partly", {"link@birmingham.example": "550 unknown"})
    assert harness.tasks() == [("copy_refused", f"copy:{letter}")]
    assert faulty.given_to == ["dcs@birmingham.example"]
    assert len(faulty.taken) == 1


async def test_a_letter_its_addressee_cannot_have_fails_with_a_task_and_says_so_as_often_as_asked(
    harness: RecordsHarness,
) -> None:
    letter = await harness.announced()
    async with misbehaving({"RCPT dcs@birmingham.example": "550 unknown"}) as faulty:
        outcome = await harness.send(faulty.port, letter)
        again = await harness.send(faulty.port, letter)
    assert (outcome.accepted, again.accepted) == (False, False)
    assert harness.letter(letter)["status"] == "failed"
    assert harness.tasks() == [("letter_failed", f"letter:{letter}")]
    assert len(harness.entries("letter_failed")) == 1
    assert faulty.taken == []


async def test_a_letter_its_template_cannot_make_stops_alone(harness: RecordsHarness) -> None:
    letter = await harness.announced()
    data = {**harness.letter(letter)["data"], "people": {}}
    with writing(harness.store) as session:
        session.connection().execute(update(LETTERS).where(LETTERS.c.id == letter).values(data_json=data))
    async with misbehaving() as faulty:
        outcome = await harness.send(faulty.port, letter)
        assert not outcome.accepted
        assert harness.letter(letter)["status"] == "stopped"
        assert harness.tasks() == [("letter_stopped", f"letter:{letter}")]
        harness.do("record_service", "c.marsh", method="by_hand", proof="Handed to the secretary.")
        await harness.render()
        invitation = harness.letters("set_up_invitation")[0]["id"]
        assert (await harness.send(faulty.port, invitation)).accepted
    assert len(faulty.taken) == 1


async def test_a_letter_waits_for_the_document_that_goes_with_it(harness: RecordsHarness) -> None:
    harness.do("notify")
    letter = harness.letters("announcement")[0]["id"]
    async with misbehaving() as faulty:
        with pytest.raises(NotYetRendered):
            await harness.send(faulty.port, letter)
        assert harness.letter(letter)["status"] == "queued"
        await harness.render()
        assert (await harness.send(faulty.port, letter)).accepted


async def test_a_letter_whose_document_failed_stops_with_a_task(harness: RecordsHarness) -> None:
    harness.do("notify")
    with writing(harness.store) as session:
        session.connection().execute(update(DOCUMENTS).values(data_json={}))
    await harness.render()
    letter = harness.letters("announcement")[0]["id"]
    async with misbehaving() as faulty:
        assert not (await harness.send(faulty.port, letter)).accepted
    assert harness.letter(letter)["status"] == "stopped"
    assert [kind for kind, _ in harness.tasks()] == ["document_failed", "letter_stopped"]
    assert faulty.taken == []


@pytest.mark.parametrize("harm", ["altered", "gone"])
async def test_a_document_that_is_not_what_was_made_is_not_sent(harness: RecordsHarness, harm: str) -> None:
    letter = await harness.announced()
    path = harness.documents_folder / harness.letter(letter)["documents"][0]["pdf_path"]
    path.unlink() if harm == "gone" else path.write_bytes(b"%PDF-1.7 something else")
    async with misbehaving() as faulty:
        assert not (await harness.send(faulty.port, letter)).accepted
    assert harness.letter(letter)["status"] == "stopped"
    assert str(path) in harness.letter(letter)["error"]
    assert faulty.taken == []


async def test_exactly_what_was_approved_is_attached_and_published(harness: RecordsHarness) -> None:
    approved = await harness.final_issued()
    digest = harness.entries("final_approved")[0].event.data["sha256"]
    async with misbehaving() as faulty:
        await harness.send(faulty.port, harness.letters("final_report")[0]["id"])
        await harness.send(faulty.port, harness.letters("draft_report")[0]["id"])
    final, draft = (message_from_bytes(undotted(letter), policy=policy.default) for letter in faulty.taken)
    files = {part.get_filename(): part.get_content() for part in final.iter_attachments()}
    assert (
        sha256(files[f"{harness.id}-final-report.pdf"]).hexdigest()
        == digest
        == harness.document(approved)["pdf_sha256"]
    )
    drafts = {part.get_filename(): part.get_content() for part in draft.iter_attachments()}
    digest_of_draft = harness.entries("draft_approved")[0].event.data["sha256"]
    assert sha256(drafts[f"{harness.id}-draft-report.pdf"]).hexdigest() == digest_of_draft
    harness.on("2011-01-07").do("publish", "c.marsh")
    await harness.run(harness.publishing.publish, ShiftedId(id=str(harness.waiting().publish)))
    (published,) = harness.published_folder.glob("*.pdf")
    assert sha256(published.read_bytes()).hexdigest() == digest


def test_the_letter_an_inspection_awaits_is_the_one_in_the_outbox(harness: RecordsHarness) -> None:
    def awaited() -> str:
        with reading(harness.store) as session:
            return repository.state(session, harness.id).awaited_letter

    harness.do("notify")
    assert [letter["id"] for letter in harness.letters("announcement")] == [awaited()]
    harness.do("record_service", method="email", letter=awaited())
    harness.do("defer", "m.okafor", reason="A flood")
    harness.on("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    assert [letter["id"] for letter in harness.letters("resumption")] == [awaited()]
