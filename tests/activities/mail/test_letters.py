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


async def test_a_letter_goes_from_queued_over_sending_to_accepted_with_event_and_hash(office: RecordsHarness) -> None:
    letter = await office.announced()
    assert office.letter(letter)["status"] == "queued"
    seen = []
    async with misbehaving() as faulty:
        faulty.at_dot = lambda: seen.append(office.letter(letter)["status"])
        outcome = await office.send(faulty.port, letter)
    row = office.letter(letter)
    (event,) = office.entries("letter_accepted")
    assert seen == ["sending"]
    assert (row["status"], row["attempts"], row["accepted_at"]) == ("accepted", 1, office.now)
    assert (outcome.accepted, outcome.at, outcome.kind) == (True, office.now, "announcement")
    assert row["sha256"] == event.event.data["sha256"] == message_commitment(row["salt"], undotted(faulty.taken[0]))
    assert office.tasks() == []


async def test_what_is_found_sending_goes_again_under_the_same_message_id_and_byte_for_byte(
    office: RecordsHarness,
) -> None:
    await office.announced()
    office.do("record_service", method="email")
    await office.render()
    invitation = str(office.letters("set_up_invitation")[0]["id"])
    async with misbehaving({"DOT": CUT}) as faulty:
        with pytest.raises(NotYetTaken):
            await office.send(faulty.port, invitation)
        assert office.letter(invitation)["status"] == "sending"
        faulty.answers.clear()
        office.now += timedelta(hours=1)
        await office.send(faulty.port, invitation)
    first, second = faulty.taken
    assert first == second
    row = office.letter(invitation)
    assert message_from_bytes(first, policy=policy.default)["Message-ID"] == row["message_id"]
    assert (row["status"], row["attempts"]) == ("accepted", 2)


async def test_what_surely_was_not_taken_waits_again_with_the_reason_and_no_address_reaches_the_engine(
    office: RecordsHarness,
) -> None:
    letter = await office.announced()
    async with misbehaving({"RCPT": "450 dcs@birmingham.example is busy"}) as faulty:
        with pytest.raises(NotYetTaken) as caught:
            await office.send(faulty.port, letter)
    row = office.letter(letter)
    assert (row["status"], row["error"]) == ("queued", "450 dcs@birmingham.example is busy")
    assert "@" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_a_letter_that_was_accepted_is_never_sent_again_and_its_outcome_is_reported_again(
    office: RecordsHarness,
) -> None:
    letter = await office.announced()
    async with misbehaving() as faulty:
        first = await office.send(faulty.port, letter)
        office.now += timedelta(days=1)
        again = await office.send(faulty.port, letter)
    assert again == first
    assert len(faulty.taken) == 1


async def test_a_refused_copy_opens_a_task_and_no_recipient_has_the_letter_twice(office: RecordsHarness) -> None:
    letter = await office.announced()
    async with misbehaving({"RCPT link@birmingham.example": "550 unknown"}) as faulty:
        outcome = await office.send(faulty.port, letter)
        await office.send(faulty.port, letter)
    row = office.letter(letter)
    assert outcome.accepted
    assert (row["status"], row["refused"]) == ("partly", {"link@birmingham.example": "550 unknown"})
    assert office.tasks() == [("copy_refused", f"copy:{letter}")]
    assert faulty.given_to == ["dcs@birmingham.example"]
    assert len(faulty.taken) == 1


async def test_a_letter_its_addressee_cannot_have_fails_with_a_task_and_says_so_as_often_as_asked(
    office: RecordsHarness,
) -> None:
    letter = await office.announced()
    async with misbehaving({"RCPT dcs@birmingham.example": "550 unknown"}) as faulty:
        outcome = await office.send(faulty.port, letter)
        again = await office.send(faulty.port, letter)
    assert (outcome.accepted, again.accepted) == (False, False)
    assert office.letter(letter)["status"] == "failed"
    assert office.tasks() == [("letter_failed", f"letter:{letter}")]
    assert len(office.entries("letter_failed")) == 1
    assert faulty.taken == []


async def test_a_letter_its_template_cannot_make_stops_alone(office: RecordsHarness) -> None:
    letter = await office.announced()
    data = {**office.letter(letter)["data"], "people": {}}
    with writing(office.store) as session:
        session.connection().execute(update(LETTERS).where(LETTERS.c.id == letter).values(data_json=data))
    async with misbehaving() as faulty:
        outcome = await office.send(faulty.port, letter)
        assert not outcome.accepted
        assert office.letter(letter)["status"] == "stopped"
        assert office.tasks() == [("letter_stopped", f"letter:{letter}")]
        office.do("record_service", "c.marsh", method="by_hand", proof="Handed to the secretary.")
        await office.render()
        invitation = office.letters("set_up_invitation")[0]["id"]
        assert (await office.send(faulty.port, invitation)).accepted
    assert len(faulty.taken) == 1


async def test_a_letter_waits_for_the_document_that_goes_with_it(office: RecordsHarness) -> None:
    office.do("notify")
    letter = office.letters("announcement")[0]["id"]
    async with misbehaving() as faulty:
        with pytest.raises(NotYetRendered):
            await office.send(faulty.port, letter)
        assert office.letter(letter)["status"] == "queued"
        await office.render()
        assert (await office.send(faulty.port, letter)).accepted


async def test_a_letter_whose_document_failed_stops_with_a_task(office: RecordsHarness) -> None:
    office.do("notify")
    with writing(office.store) as session:
        session.connection().execute(update(DOCUMENTS).values(data_json={}))
    await office.render()
    letter = office.letters("announcement")[0]["id"]
    async with misbehaving() as faulty:
        assert not (await office.send(faulty.port, letter)).accepted
    assert office.letter(letter)["status"] == "stopped"
    assert [kind for kind, _ in office.tasks()] == ["document_failed", "letter_stopped"]
    assert faulty.taken == []


@pytest.mark.parametrize("harm", ["altered", "gone"])
async def test_a_document_that_is_not_what_was_made_is_not_sent(office: RecordsHarness, harm: str) -> None:
    letter = await office.announced()
    path = office.documents_folder / office.letter(letter)["documents"][0]["pdf_path"]
    path.unlink() if harm == "gone" else path.write_bytes(b"%PDF-1.7 something else")
    async with misbehaving() as faulty:
        assert not (await office.send(faulty.port, letter)).accepted
    assert office.letter(letter)["status"] == "stopped"
    assert str(path) in office.letter(letter)["error"]
    assert faulty.taken == []


async def test_exactly_what_was_approved_is_attached_and_published(office: RecordsHarness) -> None:
    approved = await office.final_issued()
    digest = office.entries("final_approved")[0].event.data["sha256"]
    async with misbehaving() as faulty:
        await office.send(faulty.port, office.letters("final_report")[0]["id"])
        await office.send(faulty.port, office.letters("draft_report")[0]["id"])
    final, draft = (message_from_bytes(undotted(letter), policy=policy.default) for letter in faulty.taken)
    files = {part.get_filename(): part.get_content() for part in final.iter_attachments()}
    assert (
        sha256(files[f"{office.id}-final-report.pdf"]).hexdigest() == digest == office.document(approved)["pdf_sha256"]
    )
    drafts = {part.get_filename(): part.get_content() for part in draft.iter_attachments()}
    digest_of_draft = office.entries("draft_approved")[0].event.data["sha256"]
    assert sha256(drafts[f"{office.id}-draft-report.pdf"]).hexdigest() == digest_of_draft
    office.on("2011-01-07").do("publish", "c.marsh")
    await office.run(office.publishing.publish, ShiftedId(id=str(office.waiting().publish)))
    (published,) = office.published_folder.glob("*.pdf")
    assert sha256(published.read_bytes()).hexdigest() == digest


def test_the_letter_an_inspection_awaits_is_the_one_in_the_outbox(office: RecordsHarness) -> None:
    def awaited() -> str:
        with reading(office.store) as session:
            return repository.state(session, office.id).awaited_letter

    office.do("notify")
    assert [letter["id"] for letter in office.letters("announcement")] == [awaited()]
    office.do("record_service", method="email", letter=awaited())
    office.do("defer", "m.okafor", reason="A flood")
    office.on("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    assert [letter["id"] for letter in office.letters("resumption")] == [awaited()]
