"""Writes delivery outcomes since a backup into the restored records: of letters, documents and reports.

Most outcomes are in the engine's histories, some in the local mailbox, and rendered files may still exist. A letter whose
outcome is unknown is sent again under its Message-ID, or stopped if its texts are lost."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from activities.names import PUBLISH_REPORT, RENDER_DOCUMENT
from activities.rendering.documents import path_of
from application.runtime import dev_mailbox
from framework.correspondence.documents import file_name
from framework.messages.delivery import DeliveryOutcome
from operations.backup.kept_messages import KeptMessages
from operations.backup.models import ReconciledInspection
from operations.backup.workflow_replay import ActivityOutcome, ReplayedInspection, letter_outcome
from records.outbox import states
from records.tables.outbox import DOCUMENTS, LETTERS

TEXT_LOST = "its words were lost when the records were restored from a backup: write it anew, or settle it by hand"


class OutboxReconciler:
    """Updates the outbox of the restored records."""

    def __init__(
        self,
        session: Session,
        documents: Path,
        mailed: Mapping[str, datetime],
        messages: KeptMessages,
        moment: datetime,
    ):
        self._session = session
        self._messages = messages
        self._documents = documents
        self._mailed = mailed
        """Message-ID -> when the local mailbox accepted the letter."""
        self._moment = moment

    def outcomes_in_mailbox(self, replayed: ReplayedInspection) -> list[ActivityOutcome]:
        """Returns the outcomes of letters that the local mailbox accepted and the engine's histories lack.

        The Message-ID of a letter begins with its identifier."""
        in_histories = {outcome.subject for outcome in replayed.outcomes}
        letters = {name.strip("<>").partition("@")[0]: at for name, at in self._mailed.items()}
        return [
            letter_outcome(DeliveryOutcome(letter_id=letter, kind="", at=at, accepted=True))
            for letter, at in letters.items()
            if letter not in in_histories
        ]

    def holds_subject(self, outcome: ActivityOutcome) -> bool:
        """Returns whether the records hold the letter or document of this outcome."""
        return any(self._row(table, outcome.subject) is not None for table in (LETTERS, DOCUMENTS))

    def apply(self, outcome: ActivityOutcome, reconciled: ReconciledInspection) -> None:
        """Marks one letter, document or report with its outcome."""
        if outcome.activity == RENDER_DOCUMENT:
            self._mark_rendered(outcome)
        elif outcome.letter is not None:
            self._mark_letter(outcome.subject, outcome.at, outcome.letter.accepted, reconciled)
        elif outcome.activity == PUBLISH_REPORT:
            self._mark_published(outcome)

    def _mark_rendered(self, outcome: ActivityOutcome) -> None:
        # A document whose files are gone stays «wanted»: it is rendered again from the same data.
        row = self._row(DOCUMENTS, outcome.subject)
        if row is None or row["status"] != "wanted":
            return
        page = path_of(row["inspection_id"], row["event_number"], row["kind"])
        files: dict[str, str] = {}
        for kind, path in (("html", page), ("pdf", page.with_suffix(".pdf"))):
            if (self._documents / path).is_file():
                digest = sha256((self._documents / path).read_bytes()).hexdigest()
                files |= {f"{kind}_path": str(path), f"{kind}_sha256": digest}
        if "html_path" in files:
            states.mark_rendered(self._session, outcome.subject, moment=outcome.at, template_version="", **files)

    def _mark_published(self, outcome: ActivityOutcome) -> None:
        row = self._row(DOCUMENTS, outcome.subject)
        waits = row is not None and states.waiting(self._session, row["inspection_id"]).publish == outcome.subject
        if row is not None and waits and row["status"] == "rendered":
            name = file_name(row["kind"], row["inspection_id"])
            states.mark_published(self._session, outcome.subject, name, outcome.at)

    def _mark_letter(self, letter: str, at: datetime, accepted: bool, reconciled: ReconciledInspection) -> None:
        row = self._row(LETTERS, letter)
        of_inspection = row is not None and row["inspection_id"] == reconciled.inspection
        if not of_inspection or row["status"] not in states.UNDELIVERED or at < row["queued_at"]:
            return
        message = self._messages.find(row) if accepted else None
        states.mark_sending(self._session, letter, at, message)
        if accepted:
            states.mark_accepted(self._session, letter, at, sha256=message.sha256 if message else "")
        else:
            states.mark_failed(self._session, letter, "refused; the reason was lost when the records were restored", at)
        reconciled.letters.append(letter)

    def apply_to_remaining(
        self, replayed: ReplayedInspection, reconciled: ReconciledInspection, without_text: set[str]
    ) -> None:
        """Marks the letters without an outcome in the histories: accepted, stopped, or sending if the outcome is unknown."""
        query = select(LETTERS.c.id, LETTERS.c.message_id, LETTERS.c.status).where(
            LETTERS.c.inspection_id == replayed.inspection, LETTERS.c.status.in_(states.UNDELIVERED)
        )
        for row in self._session.connection().execute(query).all():
            if row.message_id in self._mailed:
                self._mark_letter(row.id, self._mailed[row.message_id], True, reconciled)
            elif row.id in without_text:
                states.mark_stopped(self._session, row.id, TEXT_LOST, self._moment)
                reconciled.stopped.append(row.id)
            elif row.id in replayed.in_progress or row.status == "sending":
                states.mark_sending(self._session, row.id, self._moment)
                reconciled.doubt.append(row.id)

    def _row(self, table: Any, identifier: str) -> Any:
        return self._session.connection().execute(select(table).where(table.c.id == identifier)).mappings().first()


def accepted_by_mailbox(folder: Path) -> dict[str, datetime]:
    """Returns Message-ID -> when the local mailbox accepted the letter."""
    moments: dict[str, datetime] = {}
    for letter in dev_mailbox.letters(folder):
        written = (folder / f"{int(letter.id):06}.eml").stat().st_mtime
        moments[letter.message_id] = datetime.fromtimestamp(written, UTC)
    return moments
