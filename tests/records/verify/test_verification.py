"""All checks together, on both databases: nothing is found in what was recorded, and an alteration is named."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from activities.recording.checkpoints import make_checkpoint
from activities.support.atomic_files import write_whole
from framework.inspection.stages import Stage
from framework.messages.orders import CommentRow, DocumentOrder
from records.audit import checkpoints
from records.database.connection import reading, writing
from records.log.commitments import document_commitment, letter_commitment, message_commitment
from records.outbox import states
from records.privacy.message_archive import MessageArchive
from records.tables.outbox import DOCUMENTS, LETTERS
from records.verify.findings import Report
from records.verify.verification import Verification
from tests.records.builders import ID, MOMENT, append_order, begin, event, record, reminder, store, text_id


def build(engine: Engine, data: Path) -> None:
    """Writes an inspection with a text, a comment, a sent letter, a document on disk, and a checkpoint."""
    begin(engine, notify="now")  # so that it has no dated limits: the commit below brings none
    append_order(engine)
    words = store(engine, text_id(1), "because")
    store(engine, text_id(2), "nine posts, not eight")
    store(engine, text_id(3), "12")
    committed = record(
        engine,
        head=1,
        events=[event(reason=words, data={"é": [1, None]}), event("documents_received")],
        letters=(reminder(event=1),),
        documents=(DocumentOrder(kind="agenda"),),
        comments=(CommentRow(number=1, where=text_id(3), text=text_id(2)),),
        stage=Stage.PLANNED,
    )
    files = {"html_path": "a.html", "html_sha256": write_whole(data / "documents" / "a.html", b"<p>")}
    with writing(engine) as session:
        (document,) = states.waiting(session, ID).documents
        states.mark_rendered(session, document, moment=MOMENT, template_version="v1", **files)
        message = MessageArchive(data).seal(states.letter(session, committed.letters[0]), b"the message", {}, MOMENT)
        states.mark_sending(session, committed.letters[0], MOMENT, message)
        states.mark_accepted(session, committed.letters[0], MOMENT, sha256=message.sha256)
    make_checkpoint(engine, data, MOMENT)


def verify(engine: Engine, data: Path) -> Report:
    with reading(engine) as session:
        return Verification(session, data, files=checkpoints.files(data)).run()


def test_nothing_is_found_in_what_was_recorded(records: Engine, tmp_path: Path) -> None:
    build(records, tmp_path)
    report = verify(records, tmp_path)
    assert report.findings == []
    names = ("inspections", "events", "texts", "letters", "messages", "documents", "comments", "files", "checkpoints")
    assert [report.checked[name] for name in names] == [1, 5, 4, 1, 1, 1, 1, 1, 1]


def test_a_guessed_letter_cannot_be_confirmed_without_its_salt(records: Engine, tmp_path: Path) -> None:
    build(records, tmp_path)
    with records.connect() as connection:
        letter = connection.execute(select(LETTERS)).mappings().one()
        document = connection.execute(select(DOCUMENTS)).mappings().one()
        log = " ".join(connection.execute(text("SELECT data FROM events ORDER BY number")).scalars())
    assert len({letter["salt"], document["salt"], ""}) == 3
    assert letter_commitment(letter) in log
    assert document_commitment(document) in log
    assert letter_commitment({**letter, "salt": ""}) not in log
    assert document_commitment({**document, "salt": ""}) not in log
    assert message_commitment(letter["salt"], b"the message") in log
    assert message_commitment("", b"the message") not in log


ALTERED: dict[str, Any] = {
    "text": "UPDATE texts SET body = 'because!' WHERE body = 'because'",
    "letter": "UPDATE letters SET cc_json = '[]'",
    "document": "UPDATE documents SET data_json = '{}'",
    "comment": "UPDATE comments SET late = NOT late",
    "content": "UPDATE inspections SET stage = 'closed'",
    "limit_history": "UPDATE limit_history SET lead = 'i.bellamy'",
    "words": "UPDATE event_word_index SET words = words || ' more' WHERE number = 2",
}


@pytest.mark.parametrize("check", ALTERED)
def test_an_alteration_is_named_by_its_check(records: Engine, tmp_path: Path, check: str) -> None:
    build(records, tmp_path)
    with records.begin() as connection:
        connection.execute(text(ALTERED[check]))
    assert {finding.check for finding in verify(records, tmp_path).findings} == {check}


def test_the_missing_file_of_a_checkpoint_is_written_with_the_next(records: Engine, tmp_path: Path) -> None:
    build(records, tmp_path)
    (lost,) = checkpoints.files(tmp_path)
    lost.unlink()
    record(records, "c2", 5, stage=Stage.PLANNED)
    make_checkpoint(records, tmp_path, MOMENT)
    assert len(checkpoints.files(tmp_path)) == 2
    assert verify(records, tmp_path).findings == []
