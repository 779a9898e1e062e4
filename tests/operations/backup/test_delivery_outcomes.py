"""Marking letters, documents and reports of restored records with the outcomes that the histories and the mailbox have."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from activities.names import PUBLISH_REPORT, RENDER_DOCUMENT
from activities.rendering.documents import path_of
from application.runtime import dev_mailbox
from framework.messages.delivery import DeliveryOutcome
from operations.backup.delivery_outcomes import OutboxReconciler, accepted_by_mailbox
from operations.backup.kept_messages import KeptMessages
from operations.backup.models import ReconciledInspection
from operations.backup.workflow_replay import ActivityOutcome, ReplayedInspection, letter_outcome
from records.database.connection import writing
from tests.cli_harness import ID, CliHarness

SOON = timedelta(minutes=1)


@pytest.fixture
def cli(cli_without_engine: CliHarness) -> CliHarness:
    """An inspection that was notified: its letters and documents wait in the outbox."""
    return cli_without_engine.notified()


def document(cli: CliHarness) -> tuple[str, Path]:
    """Returns the identifier of a document that is wanted, and where its page would lie."""
    identifier, number, kind = cli.rows("SELECT id, event_number, kind FROM documents WHERE status = 'wanted'")[0]
    return identifier, cli.data / "documents" / path_of(ID, number, kind)


def apply(cli: CliHarness, outcome: ActivityOutcome, mailed: dict[str, datetime] | None = None) -> ReconciledInspection:
    reconciled = ReconciledInspection(ID)
    with writing(cli.records) as session:
        reconciler = OutboxReconciler(session, cli.data / "documents", mailed or {}, KeptMessages(None), cli.now)
        reconciler.apply(outcome, reconciled)
    return reconciled


def letter(cli: CliHarness, kind: str = "announcement") -> tuple[str, str]:
    """Returns identifier and Message-ID of the letter of this kind."""
    ((identifier, message_id),) = cli.rows(f"SELECT id, message_id FROM letters WHERE kind = '{kind}'")
    return identifier, message_id


def status(cli: CliHarness, table: str, identifier: str) -> str:
    return str(cli.rows(f"SELECT status FROM {table} WHERE id = '{identifier}'")[0][0])


def of_letter(identifier: str, at: datetime, accepted: bool = True) -> ActivityOutcome:
    return letter_outcome(DeliveryOutcome(letter_id=identifier, kind="announcement", at=at, accepted=accepted))


@pytest.mark.parametrize(("accepted", "expected"), [(True, "accepted"), (False, "failed")])
def test_a_letter_has_the_outcome_of_its_attempt(cli: CliHarness, accepted: bool, expected: str) -> None:
    identifier, _ = letter(cli)
    reconciled = apply(cli, of_letter(identifier, cli.now + SOON, accepted))
    assert status(cli, "letters", identifier) == expected
    assert reconciled.letters == [identifier]


def test_a_letter_that_has_an_outcome_already_keeps_it(cli: CliHarness) -> None:
    identifier, _ = letter(cli)
    apply(cli, of_letter(identifier, cli.now + SOON))
    assert apply(cli, of_letter(identifier, cli.now + 2 * SOON, accepted=False)).letters == []
    assert status(cli, "letters", identifier) == "accepted"


def test_an_outcome_from_before_the_letter_was_queued_again_is_not_its_outcome(cli: CliHarness) -> None:
    identifier, _ = letter(cli)
    apply(cli, of_letter(identifier, cli.now - timedelta(days=1)))
    assert status(cli, "letters", identifier) == "queued"


@pytest.mark.parametrize(("there", "expected"), [(True, "rendered"), (False, "wanted")])
def test_a_document_is_rendered_only_if_its_page_still_lies_there(cli: CliHarness, there: bool, expected: str) -> None:
    identifier, page = document(cli)
    if there:
        page.parent.mkdir(parents=True)
        page.write_text("<p>Agenda")
    apply(cli, ActivityOutcome(RENDER_DOCUMENT, identifier, cli.now + SOON))
    assert status(cli, "documents", identifier) == expected


def test_a_document_that_waits_for_no_publication_is_not_published(cli: CliHarness) -> None:
    identifier, _ = document(cli)
    apply(cli, ActivityOutcome(PUBLISH_REPORT, identifier, cli.now + SOON))
    assert cli.rows("SELECT * FROM publications WHERE published_at IS NOT NULL") == []


def test_the_local_mailbox_shows_letters_that_the_histories_lack(cli: CliHarness) -> None:
    identifier, message_id = letter(cli)
    folder = dev_mailbox.folder(cli.data)
    folder.mkdir()
    (folder / "000001.eml").write_bytes(f"Message-ID: {message_id}\r\nSubject: x\r\n\r\nx\r\n".encode())
    mailed = accepted_by_mailbox(folder)
    assert set(mailed) == {message_id}
    with writing(cli.records) as session:
        reconciler = OutboxReconciler(session, cli.data, mailed, KeptMessages(None), cli.now)
        (outcome,) = reconciler.outcomes_in_mailbox(ReplayedInspection(ID))
        assert (outcome.subject, outcome.at) == (identifier, mailed[message_id])
        assert reconciler.holds_subject(outcome)
        known = ReplayedInspection(ID, outcomes=[outcome])
        assert reconciler.outcomes_in_mailbox(known) == []
