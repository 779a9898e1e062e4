"""A letter that was given up and is sent again: same words and Message-ID, today's addresses, and only where it may be."""

import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session

from framework.common.errors import Refused
from framework.messages.orders import DocumentOrder, LetterOrder
from framework.vocabulary.roles import Role
from records.database.connection import reading, writing
from records.outbox import states
from records.outbox.requeue import requeue
from records.tables.directory import PEOPLE
from tests.records.builders import ID, MOMENT, begin, record, reminder


def _queued(records: Engine, order: LetterOrder | None = None, **changes: object) -> str:
    begin(records)
    return record(records, letters=(order or reminder(),), **changes).letters[0]


def _given_up(records: Engine, letter: str) -> None:
    with writing(records) as session:
        states.mark_failed(session, letter, "550 no such mailbox", MOMENT)


def _put_back(session: Session, letter: str, inspection: str = ID) -> None:
    requeue(session.connection(), inspection, letter)


def test_a_given_up_letter_is_queued_again_under_its_message_id_and_to_the_address_of_today(records: Engine) -> None:
    letter = _queued(records)
    with reading(records) as session:
        before = states.letter(session, letter)
    _given_up(records, letter)
    person = before["to"][0]["person"]
    with writing(records) as session:
        session.connection().execute(update(PEOPLE).where(PEOPLE.c.id == person).values(email="new@birmingham.example"))
        _put_back(session, letter)
    with reading(records) as session:
        after = states.letter(session, letter)
        assert [letter.id for letter in states.waiting(session, ID).letters] == [letter]
    assert (after["status"], after["error"], after["message_id"]) == ("queued", "", before["message_id"])
    assert [recipient["email"] for recipient in after["to"]] == ["new@birmingham.example"]
    assert [recipient["email"] for recipient in after["data"]["to"]] == ["new@birmingham.example"]
    assert after["data"]["facts"] == before["data"]["facts"]


def test_a_letter_that_still_waits_is_not_sent_again(records: Engine) -> None:
    letter = _queued(records)
    with writing(records) as session, pytest.raises(Refused, match="is queued"):
        _put_back(session, letter)


def test_a_letter_of_another_inspection_is_not_found(records: Engine) -> None:
    letter = _queued(records)
    _given_up(records, letter)
    with writing(records) as session, pytest.raises(Refused, match="has no letter"):
        _put_back(session, letter, inspection="SLAC-2010-999")


def test_a_notification_is_never_put_back_since_a_clock_hangs_on_it(records: Engine) -> None:
    order = LetterOrder(kind="announcement", to=(Role.DCS,), attachments=("announcement",))
    letter = _queued(records, order, documents=(DocumentOrder(kind="announcement"),))
    _given_up(records, letter)
    with writing(records) as session, pytest.raises(Refused, match="starts a clock"):
        _put_back(session, letter)


def test_a_document_that_could_not_be_made_is_made_anew_with_its_letter(records: Engine) -> None:
    order = LetterOrder(kind="set_up_invitation", to=(Role.DCS,), attachments=("agenda",))
    letter = _queued(records, order, documents=(DocumentOrder(kind="agenda"),))
    with writing(records) as session:
        (document,) = states.waiting(session, ID).documents
        states.mark_document_failed(session, document, "agenda line 3: «place» is not in the data", MOMENT)
        states.mark_stopped(session, letter, "the document «agenda» could not be made", MOMENT)
        assert states.waiting(session, ID).documents == ()
        _put_back(session, letter)
        assert states.waiting(session, ID).documents == (document,)
