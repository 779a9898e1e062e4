"""Each check of rows against the chain by itself: one alteration, the check that finds it, and its words."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from records.audit import restores
from records.audit.restores import Restore
from records.audit.signing import signer
from records.database import connection as database
from records.database.connection import writing
from records.log.texts import secret_name
from tests.cli_harness import ID
from tests.records.builders import MOMENT
from tests.records.verify.tampering import drop_triggers
from tests.records.verify.verified_records import verify

ACCEPTED = "(SELECT id FROM letters WHERE status = 'accepted' ORDER BY number LIMIT 1)"
RENDERED = "(SELECT id FROM documents WHERE status = 'rendered' ORDER BY id LIMIT 1)"
ALTERED = {
    # access_check
    "UPDATE access_log SET person = 'x' WHERE id = 2": ("access", "reading 2 of the access log was altered"),
    "DELETE FROM access_log WHERE id = 2": ("access", "reading 3 of the access log does not follow"),
    "UPDATE access_log SET at = 'x' WHERE id = 2": ("access", "cannot be read, so it was altered"),
    # commitment_check
    "UPDATE texts SET body = body || '.' WHERE id LIKE 't-%' AND body <> ''": (
        "text",
        "it is not the one the log commits",
    ),
    "DELETE FROM texts WHERE id LIKE 't-%'": ("text", "is gone"),
    f"UPDATE texts SET salt = salt || '00' WHERE id = '{secret_name(ID)}'": ("text", "the secret behind the salts"),
    f"UPDATE letters SET data_json = '{{}}' WHERE id = {ACCEPTED}": ("letter", "it is not the one that was ordered"),
    f"UPDATE letters SET id = 'L-other', message_id = 'x' WHERE id = {ACCEPTED}": ("letter", "was put in: no event"),
    f"DELETE FROM letters WHERE id = {ACCEPTED}": ("letter", "is gone"),
    f"UPDATE letters SET status = 'failed' WHERE id = {ACCEPTED}": ("letter", "is said to be failed, and the log says"),
    f"UPDATE letters SET status = 'partly' WHERE id = {ACCEPTED}": ("letter", "is said to be partly, and the log says"),
    f"UPDATE letters SET sha256 = 'x' WHERE id = {ACCEPTED}": ("letter", "does not have the hash of the message"),
    f"UPDATE letters SET accepted_at = queued_at WHERE id = {ACCEPTED}": ("letter", "is said to be accepted at"),
    f"UPDATE documents SET data_json = '{{}}' WHERE id = {RENDERED}": (
        "document",
        "it is not the one that was ordered",
    ),
    f"UPDATE documents SET status = 'wanted' WHERE id = {RENDERED}": ("document", "and the log says it was made"),
    f"UPDATE documents SET pdf_sha256 = 'x' WHERE id = {RENDERED}": ("document", "does not have the hashes"),
    "UPDATE comments SET text_id = 'x' WHERE number = 1": ("comment", "the comment 1 is not as it came in"),
    # message_check
    "DELETE FROM messages": ("letter", "is gone"),
    "UPDATE messages SET accepted_at = '2010-11-01T00:00:00.000000Z'": ("letter", "is said to be accepted at"),
    "UPDATE messages SET sealed = ''": ("letter", "was erased, and no event says so"),
    "UPDATE messages SET sealed = substr(sealed, 1, 40) || 'AAAA' || substr(sealed, 45)": ("letter", "cannot be read"),
    # content_check
    "UPDATE inspections SET order_json = '{}'": ("content", "its order was altered"),
    "UPDATE sections SET grade = 'inadequate' WHERE heading = 'safeguarding.capacity'": (
        "content",
        "what stands under safeguarding.capacity was altered",
    ),
    "UPDATE sections SET heading = 'no.such' WHERE heading = 'about'": ("content", "under no.such was put in"),
    "UPDATE comments SET accepted = 1 - accepted WHERE number = 2": ("content", "the answer to comment 2 was altered"),
    "UPDATE explanations SET text_id = 'x'": ("content", "the word on service was altered"),
    # files_check
    "UPDATE publications SET path = 'other.pdf'": ("publication", "was published, and its row does not"),
    "DELETE FROM publications": ("publication", "was published, and its row does not"),
    "UPDATE engine_histories SET sha256 = 'x'": ("engine", "is not the one the log names"),
    "UPDATE engine_histories SET run_id = 'run-2'": ("engine", "run run-2 was put in"),
}
FILES = {"documents": "document", "published": "publication", "history": "engine"}


@pytest.fixture
def data(unaltered: Path, tmp_path: Path) -> Path:
    """A copy of that folder for one test, whose tables have no triggers."""
    copy = tmp_path / "data"
    shutil.copytree(unaltered, copy)
    with closing(sqlite3.connect(copy / "records.sqlite")) as db, db:
        drop_triggers(db)
    return copy


def findings_by_check(data: Path) -> dict[str, str]:
    """Returns check -> the sentences of its findings."""
    sentences: dict[str, str] = {}
    for finding in verify(data).findings:
        sentences[finding.check] = f"{sentences.get(finding.check, '')}{finding.what}\n"
    return sentences


@pytest.mark.parametrize("statement", ALTERED)
def test_an_altered_row_is_found_by_its_check(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / "records.sqlite")) as db, db:
        assert db.execute(statement).rowcount > 0
    check, words = ALTERED[statement]
    assert words in findings_by_check(data).get(check, "")


@pytest.mark.parametrize("folder", FILES)
@pytest.mark.parametrize("fault", ["altered", "removed"])
def test_a_file_that_is_altered_or_gone_is_found_by_its_check(data: Path, folder: str, fault: str) -> None:
    path = sorted((data / folder).iterdir())[0]
    path.write_bytes(path.read_bytes()[:-3] + b"xyz") if fault == "altered" else path.unlink()
    assert path.name in findings_by_check(data)[FILES[folder]]


@pytest.mark.parametrize(
    ("fault", "words"), [("altered", "heads-000001.json"), ("removed", "the file of the signed list 1 is gone")]
)
def test_a_checkpoint_s_file_that_is_altered_or_gone_is_found(data: Path, fault: str, words: str) -> None:
    path = data / "checkpoints" / "heads-000001.json"
    path.write_bytes(path.read_bytes()[:-3] + b"xyz") if fault == "altered" else path.unlink()
    assert words in findings_by_check(data)["checkpoint"]


def _restore(data: Path, **content: Any) -> Restore:
    """Signs a statement that this inspection was restored, as a restore does."""
    engine = database.connect(f"sqlite:///{data / 'records.sqlite'}")
    with writing(engine) as session:
        statement = restores.save(session, {"superseded": [], "touched": [ID], **content}, "seal", MOMENT, signer(data))
    engine.dispose()
    return statement


def test_a_restore_that_the_log_of_an_inspection_does_not_name_is_found(data: Path) -> None:
    _restore(data)
    assert findings_by_check(data) == {"restore": "restore 1 set it back, and its log does not say so\n"}


def test_a_restore_whose_statement_was_altered_is_found(data: Path) -> None:
    _restore(data)
    with closing(sqlite3.connect(data / "records.sqlite")) as db, db:
        db.execute("UPDATE restores SET body = replace(body, 'touched', 'tuched')")
    assert "altered" in findings_by_check(data)["restore"]
