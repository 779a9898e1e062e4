"""What the engine knows beyond restored records, told to them: each step that was taken is written down again as it was,
each letter that went is marked as gone. What only the records knew is lost, and named in its place.

Events keep the numbers they had. In the place of one that nobody knows any more (a grade, a section, an answer to a comment,
a refusal) stands the event `event_lost`, so that what the engine says of its numbers stays true."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from activities.documents import place_of
from activities.names import PUBLISH_REPORT, RENDER_DOCUMENT, SEND_LETTER
from framework.documents import file_name
from framework.errors import InspectionError, Refused
from framework.events import Event, system_event
from framework.inspection import begin
from framework.messages import LetterFate, Recorded, Recording
from framework.roles import Role
from interfaces import mailbox
from interfaces.backup.tales import Fate, Tale
from interfaces.backup.words import Words, named
from interfaces.start import FIRST_EVENT, first_row
from records import inspections, outbox
from records.calendars import calendar_in_force
from records.events import already, append, lock
from records.recording import record
from records.restores import LOST
from records.tables import INSPECTIONS
from records.tables_out import DOCUMENTS, LETTERS
from records.texts import text_ids

FAULTS = (InspectionError, IntegrityError, ValueError, LookupError)
"""What may be wrong with one inspection (its authority came into the directory since, say) without stopping the others."""
CAUSE = "restore"
AT_ONCE = timedelta(seconds=20)
"""How much later than a step was begun its records may have been written: what became of a letter meanwhile stands before."""
CANNOT = "its words were lost when the records were restored from a backup: write it anew, or settle it by hand"


@dataclass(slots=True)
class Found:
    """What was told to the records of one inspection."""

    inspection: str
    begun: bool = False
    """Whether the backup did not know it at all."""
    steps: list[str] = field(default_factory=list)
    """The kinds of event that were written down again."""
    letters: list[str] = field(default_factory=list)
    """Letters that were marked with what became of them."""
    lost: list[int] = field(default_factory=list)
    """Numbers of events that nobody knows any more."""
    words: int = 0
    """Texts whose words are lost."""
    doubt: list[str] = field(default_factory=list)
    """Letters of which nobody knows whether they went: they go again, under the same Message-ID."""
    stopped: list[str] = field(default_factory=list)
    """Letters that had not gone and cannot, because their words are lost."""
    fault: str = ""
    """Why the rest could not be told."""

    @property
    def changed(self) -> bool:
        """Whether anything was told, or is lost."""
        return bool(self.begun or self.steps or self.letters or self.lost or self.fault)


class Reconciler:
    """Tells one tale after the other to the records of a session."""

    def __init__(
        self, session: Session, words: Words, documents: Path, mailed: Mapping[str, datetime], moment: datetime
    ):
        self.session = session
        self._words = words
        self._documents = documents
        self._mailed = mailed
        """Message-ID -> when the local mailbox took the letter."""
        self._moment = moment

    def tell(self, tale: Tale, reaches: int) -> Found:
        """Tells everything; `reaches` is the newest event anybody bears witness to. A fault ends the telling, and is kept."""
        found = Found(tale.inspection, fault=tale.fault)
        savepoint = self.session.begin_nested()
        try:
            self._begin(tale, found)
            self._tell(tale, found, reaches)
        except FAULTS as fault:
            savepoint.rollback()
            return Found(tale.inspection, fault=str(fault).splitlines()[0])
        savepoint.commit()
        return found

    # The beginning ----------------------------------------------------------------------------------------------------

    def _begin(self, tale: Tale, found: Found) -> None:
        """An inspection that was ordered after the backup is written down from what its story began with."""
        known = self.session.connection().execute(select(INSPECTIONS.c.id).where(INSPECTIONS.c.id == tale.inspection))
        if known.first() is not None or tale.start is None or tale.began is None:
            return
        start, began = tale.start, tale.began
        plain = start.order.model_dump(mode="json", exclude_none=True)
        found.words += len(self._words.find(self.session, tale.inspection, text_ids(plain), self._moment))
        planned = begin(start.inspection, start.order, start.people, start.settings)
        row = first_row(planned, start.order, calendar_in_force(self.session), began)
        inspections.create(self.session, start.inspection, _with_people(row, start.people))
        event = Event(
            kind=FIRST_EVENT,
            on=began.date(),
            received=began,
            by=start.order.coordinator,
            role=Role.COORDINATOR,
            door="engine",
            paragraph=8,
            data={**plain, "limits": start.settings.model_dump(mode="json")},
            cause=CAUSE,
        )
        append(self.session, start.inspection, f"restored:{start.inspection}", [event], began)
        found.begun = True

    # Steps and fates, in the order they came --------------------------------------------------------------------------

    def _tell(self, tale: Tale, found: Found, reaches: int) -> None:
        fates = sorted([*tale.fates, *self._told_by_mail(tale)], key=lambda fate: fate.at)
        stripped: set[str] = set()
        for wanted, answer in tale.recordings:
            if self._is_known(wanted):
                continue
            self._reach(tale, found, fates, _before(wanted, answer), wanted.recorded)
            lost = self._words.find(self.session, tale.inspection, named(wanted), self._moment)
            found.words += len(lost)
            recorded = self._record(wanted)
            found.steps += [event.kind for event in wanted.events]
            if lost & _in_letters(wanted):
                stripped |= set(recorded.letters or answer.letters)
        self._reach(tale, found, fates, 0, None)
        self._reach(tale, found, [], reaches, None)
        self._settle_letters(tale, found, stripped)

    def _told_by_mail(self, tale: Tale) -> list[Fate]:
        """Letters of which the engine does not tell, and that the local mailbox took: their Message-ID holds their identifier."""
        told = {fate.thing for fate in tale.fates}
        letters = {name.strip("<>").partition("@")[0]: at for name, at in self._mailed.items()}
        fates = [
            LetterFate(letter_id=one, kind="", at=at, accepted=True) for one, at in letters.items() if one not in told
        ]
        return [Fate(SEND_LETTER, fate.letter_id, fate.at, fate) for fate in fates]

    def _record(self, wanted: Recording) -> Recorded:
        head = lock(self.session.connection(), wanted.inspection)["head_number"]
        recorded = record(self.session, wanted.model_copy(update={"expected_head": head, "knows": None}))
        if recorded.head < 0:
            raise Refused(f"{wanted.inspection}: what the engine knows cannot be written down: {recorded.refused}")
        return recorded

    def _is_known(self, wanted: Recording) -> bool:
        return already(self.session.connection(), wanted.inspection, wanted.command_id) is not None

    def _reach(self, tale: Tale, found: Found, fates: list[Fate], number: int, before: datetime | None) -> None:
        """Brings the log to the event before the next step: first what is known of deliveries, then what is lost.

        With `before` None every fate is told, wherever that leads."""
        for fate in list(fates):
            if before is not None and (self._head(tale) >= number or fate.at > before + AT_ONCE):
                break
            if before is None or self._is_there(fate):
                fates.remove(fate)
                self._settle(fate, found)
        while self._head(tale) < number:
            self._fill(tale, found, self._head(tale) + 1)

    def _is_there(self, fate: Fate) -> bool:
        return any(self._row(table, fate.thing) is not None for table in (LETTERS, DOCUMENTS))

    def _head(self, tale: Tale) -> int:
        head: int = lock(self.session.connection(), tale.inspection)["head_number"]
        return head

    def _fill(self, tale: Tale, found: Found, number: int) -> None:
        entry = tale.seen.get(number)
        if entry is not None:
            append(self.session, tale.inspection, entry.command_id, [entry.event], entry.recorded)
            found.steps.append(entry.event.kind)
            return
        event = system_event(LOST, self._moment, {"number": number}, CAUSE)
        append(self.session, tale.inspection, f"lost:{number}:{self._moment.isoformat()}", [event], self._moment)
        found.lost.append(number)

    # Deliveries -------------------------------------------------------------------------------------------------------

    def _settle(self, fate: Fate, found: Found) -> None:
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
        page = place_of(row["inspection_id"], row["event_number"], row["kind"])
        files: dict[str, str] = {}
        for kind, path in (("html", page), ("pdf", page.with_suffix(".pdf"))):
            if (self._documents / path).is_file():
                digest = sha256((self._documents / path).read_bytes()).hexdigest()
                files |= {f"{kind}_path": str(path), f"{kind}_sha256": digest}
        if "html_path" in files:
            outbox.mark_rendered(self.session, fate.thing, moment=fate.at, template_version="", **files)

    def _published(self, fate: Fate) -> None:
        row = self._row(DOCUMENTS, fate.thing)
        waits = row is not None and outbox.waiting(self.session, row["inspection_id"]).publish == fate.thing
        if row is not None and waits and row["status"] == "rendered":
            name = file_name(row["kind"], row["inspection_id"])
            outbox.mark_published(self.session, fate.thing, name, fate.at)

    def _went(self, letter: str, at: datetime, accepted: bool, found: Found) -> None:
        row = self._row(LETTERS, letter)
        mine = row is not None and row["inspection_id"] == found.inspection
        if not mine or row["status"] not in outbox.UNSETTLED or at < row["queued_at"]:
            return
        outbox.mark_sending(self.session, letter, at)
        if accepted:
            outbox.mark_accepted(self.session, letter, at)
        else:
            outbox.mark_failed(self.session, letter, "refused; the reason was lost when the records were restored", at)
        found.letters.append(letter)

    def _settle_letters(self, tale: Tale, found: Found, stripped: set[str]) -> None:
        """Those whose fate the engine does not tell: the mailbox may; of the rest, some are in doubt and some cannot go."""
        query = select(LETTERS.c.id, LETTERS.c.message_id, LETTERS.c.status).where(
            LETTERS.c.inspection_id == tale.inspection, LETTERS.c.status.in_(outbox.UNSETTLED)
        )
        for row in self.session.connection().execute(query).all():
            if row.message_id in self._mailed:
                self._went(row.id, self._mailed[row.message_id], True, found)
            elif row.id in stripped:
                outbox.mark_stopped(self.session, row.id, CANNOT, self._moment)
                found.stopped.append(row.id)
            elif row.id in tale.under_way or row.status == "sending":
                outbox.mark_sending(self.session, row.id, self._moment)
                found.doubt.append(row.id)

    def _row(self, table: Any, identifier: str) -> Any:
        return self.session.connection().execute(select(table).where(table.c.id == identifier)).mappings().first()


def mailed(folder: Path) -> dict[str, datetime]:
    """Message-ID -> when the local mailbox took it."""
    found: dict[str, datetime] = {}
    for letter in mailbox.letters(folder):
        taken = (folder / f"{int(letter.id):06}.eml").stat().st_mtime
        found[letter.message_id] = datetime.fromtimestamp(taken, UTC)
    return found


def _before(wanted: Recording, answer: Recorded) -> int:
    """The event the log ended with when this was written down."""
    return answer.first - 1 if answer.first else wanted.expected_head


def _in_letters(wanted: Recording) -> set[str]:
    return text_ids([order.model_dump(mode="json") for order in wanted.letters])


def _with_people(row: inspections.Start, people: Any) -> inspections.Start:
    return replace(row, people=people, alone=False)
