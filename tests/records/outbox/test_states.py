"""The outbox: each outcome of a letter or document once, with its event, and a task where a person must act."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from framework.common.errors import BadInput
from framework.messages.delivery import PendingDeliveries
from framework.messages.orders import DocumentOrder, LetterOrder
from framework.vocabulary.roles import Role
from records.database.connection import reading, writing
from records.log.commitments import message_commitment
from records.log.read import history
from records.outbox import states
from records.outbox.messages import SealedMessage
from records.queries import inspection_rows
from tests.records.builders import ID, MOMENT, begin, event, record, reminder

LATER = MOMENT + timedelta(minutes=5)
FILES = {"html_path": "a.html", "html_sha256": "h", "pdf_path": "a.pdf", "pdf_sha256": "p", "template_version": "v1"}


def _queued(engine: Engine, **changes: Any) -> str:
    begin(engine)
    return record(engine, letters=(reminder(**changes),)).letters[0]


def _do(engine: Engine, mark: Any, *arguments: Any, **named: Any) -> None:
    with writing(engine) as session:
        mark(session, *arguments, **named)


def _letter(engine: Engine, letter: str) -> dict[str, Any]:
    with reading(engine) as session:
        return states.letter(session, letter)


def _waiting(engine: Engine) -> PendingDeliveries:
    with reading(engine) as session:
        return states.waiting(session, ID)


def _kinds(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return [stored.event.kind for stored in history(session, ID)]


def _tasks(engine: Engine) -> list[tuple[str, Any]]:
    with reading(engine) as session:
        return [(task["kind"], task["facts_json"]) for task in inspection_rows.tasks(session, ID)]


def test_a_letter_goes_from_queued_over_sending_to_accepted(records: Engine) -> None:
    letter = _queued(records)
    assert [letter.id for letter in _waiting(records).letters] == [letter]
    message = SealedMessage(message_commitment(_letter(records, letter)["salt"], b"the message"), "sealed:", "v1")
    _do(records, states.mark_sending, letter, MOMENT, message)
    row = _letter(records, letter)
    assert (row["status"], row["attempts"], row["sending_at"]) == ("sending", 1, MOMENT)
    assert [letter.id for letter in _waiting(records).letters] == [letter], "what a crash leaves goes again"
    _do(records, states.mark_accepted, letter, LATER, sha256=message.sha256)
    row = _letter(records, letter)
    assert (row["status"], row["accepted_at"], row["template_version"]) == ("accepted", LATER, "v1")
    assert row["sha256"] == message.sha256
    assert _waiting(records).letters == ()
    assert _kinds(records) == ["case_lists_received", "letter_accepted"]
    assert _tasks(records) == []


def test_the_event_of_an_accepted_letter_names_no_address(records: Engine) -> None:
    letter = _queued(records)
    _do(records, states.mark_sending, letter, MOMENT)
    _do(records, states.mark_accepted, letter, LATER, refused={"c.marsh@inspectorate.example": "550 no"})
    with reading(records) as session:
        stored = history(session, ID)[-1]
    assert stored.event.data == {
        "letter": letter,
        "kind": "reminder",
        "attempts": 1,
        "sha256": "",
        "copies_refused": ["c.marsh"],
    }
    assert (stored.event.by, stored.event.role, stored.event.cause) == ("system", Role.SYSTEM, f"letter:{letter}")
    assert stored.event.received == LATER


def test_a_refused_copy_is_a_task_and_the_letter_stands_as_partly_accepted(records: Engine) -> None:
    letter = _queued(records)
    _do(records, states.mark_accepted, letter, LATER, refused={"c.marsh@inspectorate.example": "550 no"})
    row = _letter(records, letter)
    assert (row["status"], row["refused"]) == ("partly", {"c.marsh@inspectorate.example": "550 no"})
    assert _tasks(records) == [
        ("copy_refused", {"letter": letter, "number": 1, "kind": "reminder", "people": ["c.marsh"]})
    ]
    assert _waiting(records).letters == ()


@pytest.mark.parametrize(
    ("mark", "status", "kind"),
    [(states.mark_failed, "failed", "letter_failed"), (states.mark_stopped, "stopped", "letter_stopped")],
)
def test_a_letter_given_up_is_a_task_once(records: Engine, mark: Any, status: str, kind: str) -> None:
    letter = _queued(records)
    _do(records, mark, letter, "550 nobody here", LATER)
    _do(records, mark, letter, "550 nobody here", LATER)
    row = _letter(records, letter)
    assert (row["status"], row["error"]) == (status, "550 nobody here")
    assert _kinds(records) == ["case_lists_received", kind]
    facts = {"letter": letter, "number": 1, "kind": "reminder", "limits": ["case_lists"], "why": "550 nobody here"}
    assert _tasks(records) == [(kind, facts)]


def test_a_letter_put_back_and_given_up_again_is_an_event_again(records: Engine) -> None:
    letter = _queued(records)
    _do(records, states.mark_failed, letter, "550 nobody here", LATER)
    record(records, "again", 2, events=[event("letter_sent_again")], send_again=letter)
    assert _letter(records, letter)["status"] == "queued"
    _do(records, states.mark_failed, letter, "550 still nobody", LATER + timedelta(hours=1))
    assert _kinds(records) == ["case_lists_received", "letter_failed", "letter_sent_again", "letter_failed"]


def test_of_two_outcomes_the_first_stays(records: Engine) -> None:
    letter = _queued(records)
    _do(records, states.mark_accepted, letter, LATER)
    _do(records, states.mark_failed, letter, "550", LATER)
    _do(records, states.mark_accepted, letter, LATER + timedelta(days=1))
    _do(records, states.mark_sending, letter, LATER)
    row = _letter(records, letter)
    assert (row["status"], row["accepted_at"], row["attempts"]) == ("accepted", LATER, 0)
    assert _kinds(records) == ["case_lists_received", "letter_accepted"]


def test_an_attempt_that_surely_failed_leaves_the_letter_waiting(records: Engine) -> None:
    letter = _queued(records)
    _do(records, states.mark_sending, letter, MOMENT)
    _do(records, states.mark_waiting, letter, "no answer")
    assert (_letter(records, letter)["status"], _letter(records, letter)["error"]) == ("queued", "no answer")
    _do(records, states.mark_sending, letter, LATER)
    assert _letter(records, letter)["attempts"] == 2


def test_letters_from_which_a_limit_counts_report_their_outcome(records: Engine) -> None:
    begin(records)
    announcement = LetterOrder(kind="announcement", to=(Role.DCS,), attachments=("announcement",))
    record(records, letters=(reminder(), announcement), documents=(DocumentOrder(kind="announcement"),))
    work = _waiting(records)
    assert {letter.kind: letter.reports_outcome for letter in work.letters} == {"reminder": False, "announcement": True}
    assert next(letter.documents for letter in work.letters if letter.kind == "announcement") == work.documents


def test_the_announcement_names_the_team(records: Engine) -> None:
    letter = _queued(records, kind="announcement", to=(Role.DCS,))
    assert _letter(records, letter)["data"]["facts"]["team"] == [
        "Imogen Ashdown",
        "Ian Bellamy",
        "Imran Choudhury",
        "Hester Dunmore",
    ]


def test_a_rendered_document_leaves_its_hashes_in_the_log(records: Engine) -> None:
    begin(records)
    record(records, documents=(DocumentOrder(kind="agenda"),))
    (document,) = _waiting(records).documents
    _do(records, states.mark_rendered, document, moment=LATER, **FILES)
    _do(records, states.mark_rendered, document, moment=LATER, **FILES)
    with reading(records) as session:
        row = states.document(session, document)
        events = history(session, ID)
    assert (row["status"], row["pdf_path"], row["rendered_at"]) == ("rendered", "a.pdf", LATER)
    assert row["file_name"] == "SLAC-2010-001-set-up-meeting-agenda.pdf"
    assert [stored.event.kind for stored in events] == ["case_lists_received", "document_rendered"]
    assert events[-1].event.data["pdf_sha256"] == "p"
    assert _waiting(records).documents == ()


def test_a_document_that_cannot_be_made_is_a_task(records: Engine) -> None:
    begin(records)
    record(records, documents=(DocumentOrder(kind="agenda"),))
    (document,) = _waiting(records).documents
    _do(records, states.mark_document_failed, document, "agenda: «meeting» is not in the data", LATER)
    why = {"document": document, "kind": "agenda", "why": "agenda: «meeting» is not in the data"}
    assert _tasks(records) == [("document_failed", why)]
    assert _waiting(records).documents == ()
    _do(records, states.mark_rendered, document, moment=LATER, **FILES)
    assert _tasks(records) == []


def test_a_published_report_is_put_there_once_and_listed(records: Engine) -> None:
    begin(records)
    record(records, documents=(DocumentOrder(kind="final_report", state="final"),))
    (document,) = _waiting(records).documents
    assert _waiting(records).publish is None
    letter = LetterOrder(kind="publication", to=(Role.DCS,))
    published = record(records, "c2", 1, publish=True, letters=(letter,))
    assert _waiting(records).publish == document
    link = _letter(records, published.letters[0])["data"]["facts"]["link"]
    assert link == ""
    for moment in (LATER, LATER + timedelta(days=1)):
        _do(records, states.mark_published, document, "report.pdf", moment)
    assert _waiting(records).publish is None
    with reading(records) as session:
        (listed,) = states.published(session)
    assert listed == {
        "authority": "Birmingham",
        "inspection": ID,
        "published_on": LATER.date(),
        "file": "report.pdf",
    }
    assert _kinds(records).count("report_placed") == 1


def test_an_unknown_letter_is_named(records: Engine) -> None:
    with pytest.raises(BadInput, match="no letter l-1"):
        _letter(records, "l-1")


def test_letters_to_the_team_wait_for_the_documents_of_the_letters_before_them(records: Engine) -> None:
    begin(records)
    assignment = LetterOrder(kind="assignment", to=(), persons=("i.bellamy",), facts={"role": "inspector"})
    invited = LetterOrder(kind="meeting_note", to=(Role.DCS,), attachments=("indicative_timetable",))
    documents = (DocumentOrder(kind="indicative_timetable"),)
    record(records, letters=(invited, assignment), documents=documents)
    meeting_note, to_the_team = _waiting(records).letters
    assert (meeting_note.kind, to_the_team.kind) == ("meeting_note", "assignment")
    assert to_the_team.documents == meeting_note.documents == _waiting(records).documents
