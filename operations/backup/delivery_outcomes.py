"""What became of letters, documents and reports since a backup, told to the records that were made from it.

The engine's histories say it of most. Of the rest the local mailbox may, or the files that still lie where they were made; what
nobody tells goes again under its old Message-ID, or stops where its words are lost."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from activities.names import PUBLISH_REPORT, RENDER_DOCUMENT, SEND_LETTER
from activities.rendering.documents import path_of
from application.runtime import dev_mailbox
from framework.correspondence.documents import file_name
from framework.messages.inspection import DeliveryOutcome
from operations.backup.kept_messages import KeptMessages
from operations.backup.models import Found
from operations.backup.workflow_replay import Fate, ReplayedInspection
from records.outbox import states
from records.tables.outbox import DOCUMENTS, LETTERS

CANNOT = "its words were lost when the records were restored from a backup: write it anew, or settle it by hand"


class Deliveries:
    """Settles what the outbox of the restored records holds."""

    def __init__(
        self, session: Session, documents: Path, mailed: Mapping[str, datetime], kept: KeptMessages, moment: datetime
    ):
        self._session = session
        self._kept = kept
        self._documents = documents
        self._mailed = mailed
        """Message-ID -> when the local mailbox took the letter."""
        self._moment = moment

    def told_by_mail(self, tale: ReplayedInspection) -> list[Fate]:
        """Letters of which the engine does not tell, and that the local mailbox took: their Message-ID holds their identifier."""
        told = {fate.thing for fate in tale.fates}
        letters = {name.strip("<>").partition("@")[0]: at for name, at in self._mailed.items()}
        fates = [
            DeliveryOutcome(letter_id=one, kind="", at=at, accepted=True)
            for one, at in letters.items()
            if one not in told
        ]
        return [Fate(SEND_LETTER, fate.letter_id, fate.at, fate) for fate in fates]

    def is_there(self, fate: Fate) -> bool:
        """Whether the records hold the letter or document it tells of."""
        return any(self._row(table, fate.thing) is not None for table in (LETTERS, DOCUMENTS))

    def settle(self, fate: Fate, found: Found) -> None:
        """Marks one letter, document or report with what became of it."""
        if fate.activity == RENDER_DOCUMENT:
            self._made(fate)
        elif fate.letter is not None:
            self._went(fate.thing, fate.at, fate.letter.accepted, found)
        elif fate.activity == PUBLISH_REPORT:
            self._published(fate)

    def _made(self, fate: Fate) -> None:
        """A document whose files still lie where they were made; otherwise it is made again from the same data."""
        row = self._row(DOCUMENTS, fate.thing)
        if row is None or row["status"] != "wanted":
            return
        page = path_of(row["inspection_id"], row["event_number"], row["kind"])
        files: dict[str, str] = {}
        for kind, path in (("html", page), ("pdf", page.with_suffix(".pdf"))):
            if (self._documents / path).is_file():
                digest = sha256((self._documents / path).read_bytes()).hexdigest()
                files |= {f"{kind}_path": str(path), f"{kind}_sha256": digest}
        if "html_path" in files:
            states.mark_rendered(self._session, fate.thing, moment=fate.at, template_version="", **files)

    def _published(self, fate: Fate) -> None:
        row = self._row(DOCUMENTS, fate.thing)
        waits = row is not None and states.waiting(self._session, row["inspection_id"]).publish == fate.thing
        if row is not None and waits and row["status"] == "rendered":
            name = file_name(row["kind"], row["inspection_id"])
            states.mark_published(self._session, fate.thing, name, fate.at)

    def _went(self, letter: str, at: datetime, accepted: bool, found: Found) -> None:
        row = self._row(LETTERS, letter)
        mine = row is not None and row["inspection_id"] == found.inspection
        if not mine or row["status"] not in states.UNDELIVERED or at < row["queued_at"]:
            return
        message = self._kept.find(row) if accepted else None
        states.mark_sending(self._session, letter, at, message)
        if accepted:
            states.mark_accepted(self._session, letter, at, sha256=message.sha256 if message else "")
        else:
            states.mark_failed(self._session, letter, "refused; the reason was lost when the records were restored", at)
        found.letters.append(letter)

    def settle_letters(self, tale: ReplayedInspection, found: Found, stripped: set[str]) -> None:
        """Those whose fate the engine does not tell: the mailbox may; of the rest, some are in doubt and some cannot go."""
        query = select(LETTERS.c.id, LETTERS.c.message_id, LETTERS.c.status).where(
            LETTERS.c.inspection_id == tale.inspection, LETTERS.c.status.in_(states.UNDELIVERED)
        )
        for row in self._session.connection().execute(query).all():
            if row.message_id in self._mailed:
                self._went(row.id, self._mailed[row.message_id], True, found)
            elif row.id in stripped:
                states.mark_stopped(self._session, row.id, CANNOT, self._moment)
                found.stopped.append(row.id)
            elif row.id in tale.under_way or row.status == "sending":
                states.mark_sending(self._session, row.id, self._moment)
                found.doubt.append(row.id)

    def _row(self, table: Any, identifier: str) -> Any:
        return self._session.connection().execute(select(table).where(table.c.id == identifier)).mappings().first()


def mailed(folder: Path) -> dict[str, datetime]:
    """Message-ID -> when the local mailbox took it."""
    found: dict[str, datetime] = {}
    for letter in dev_mailbox.letters(folder):
        taken = (folder / f"{int(letter.id):06}.eml").stat().st_mtime
        found[letter.message_id] = datetime.fromtimestamp(taken, UTC)
    return found
