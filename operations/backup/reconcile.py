"""What the engine knows beyond restored records, told to them: each step that was taken is written down again as it was,
each letter that went is marked as gone. What only the records knew is lost, and named in its place.

Events keep the numbers they had. In the place of one that nobody knows any more (a grade, a section, an answer to a comment,
a refusal) stands the event `event_lost`, so that what the engine says of its numbers stays true."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from application.commands.start_inspection import first_row
from framework.common.errors import InspectionError
from framework.correspondence.office import OfficeAddresses
from framework.inspection.first_events import Ordering, first_events
from framework.inspection.state import begin
from framework.messages.commit import DecisionCommit, Stored
from framework.messages.events import system_event
from operations.backup.delivery_outcomes import Deliveries
from operations.backup.lost_texts import Words, named
from operations.backup.models import Found
from operations.backup.workflow_replay import Fate, ReplayedInspection
from records.audit.restores import LOST
from records.calendars.versions import calendar_in_force
from records.inspections import repository
from records.inspections.commit import commit
from records.log.append import append, find_committed, lock
from records.log.texts import secret_name, text_ids
from records.tables.inspections import INSPECTIONS

FAULTS = (InspectionError, IntegrityError, ValueError, LookupError)
"""What may be wrong with one inspection (its authority came into the directory since, say) without stopping the others."""
CAUSE = "restore"
ATTEMPT_TIMEOUT = timedelta(seconds=20)
"""How much later than a step was begun its records may have been written: what became of a letter meanwhile stands before."""


class Reconciler:
    """Tells one tale after the other to the records of a session."""

    def __init__(
        self, session: Session, words: Words, deliveries: Deliveries, moment: datetime, office: OfficeAddresses
    ):
        self.session = session
        self._words = words
        self._deliveries = deliveries
        self._moment = moment
        self._office = office

    def tell(self, tale: ReplayedInspection, reaches: int) -> Found:
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

    def _begin(self, tale: ReplayedInspection, found: Found) -> None:
        """An inspection that was ordered after the backup is written down from what its story began with."""
        known = self.session.connection().execute(select(INSPECTIONS.c.id).where(INSPECTIONS.c.id == tale.inspection))
        if known.first() is not None or tale.start is None or tale.began is None:
            return
        start, began = tale.start, tale.began
        plain = start.order.model_dump(mode="json", exclude_none=True)
        found.words += len(self._words.find(self.session, tale.inspection, text_ids(plain), self._moment))
        planned = begin(start.inspection, start.order, start.people, start.settings)
        row = first_row(planned, start.order, calendar_in_force(self.session), began)
        repository.create(self.session, start.inspection, _with_people(row, start.people))
        ordering = Ordering(start.started_by, start.started_as, began, "engine", CAUSE)
        events = first_events(start.order, plain, start.settings, start.people, ordering)
        append(self.session, start.inspection, f"restored:{start.inspection}", events, began)
        found.begun = True

    # Steps and fates, in the order they came --------------------------------------------------------------------------

    def _tell(self, tale: ReplayedInspection, found: Found, reaches: int) -> None:
        fates = sorted([*tale.fates, *self._deliveries.told_by_mail(tale)], key=lambda fate: fate.at)
        stripped: set[str] = set()
        self._words.bring(self.session, {secret_name(tale.inspection)})
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
        self._deliveries.settle_letters(tale, found, stripped)

    def _record(self, wanted: DecisionCommit) -> Stored:
        head = lock(self.session.connection(), wanted.inspection)["head_number"]
        exact = wanted.model_copy(update={"expected_version": head, "concurrency": "exact_head", "command": None})
        recorded = commit(self.session, exact, self._office)
        assert isinstance(recorded, Stored), "the head was read under its lock"
        return recorded

    def _is_known(self, wanted: DecisionCommit) -> bool:
        return find_committed(self.session.connection(), wanted.inspection, wanted.command_id) is not None

    def _reach(
        self, tale: ReplayedInspection, found: Found, fates: list[Fate], number: int, before: datetime | None
    ) -> None:
        """Brings the log to the event before the next step: first what is known of deliveries, then what is lost.

        With `before` None every fate is told, wherever that leads."""
        for fate in list(fates):
            if before is not None and (self._head(tale) >= number or fate.at > before + ATTEMPT_TIMEOUT):
                break
            if before is None or self._deliveries.is_there(fate):
                fates.remove(fate)
                self._deliveries.settle(fate, found)
        while self._head(tale) < number:
            self._fill(tale, found, self._head(tale) + 1, before or self._moment)

    def _head(self, tale: ReplayedInspection) -> int:
        head: int = lock(self.session.connection(), tale.inspection)["head_number"]
        return head

    def _fill(self, tale: ReplayedInspection, found: Found, number: int, moment: datetime) -> None:
        """One event: as the story saw it, or in its place that it is lost. That stands under the moment of the step behind it,
        which keeps its own then: the moments of a log never go back."""
        entry = tale.seen.get(number)
        if entry is not None:
            append(self.session, tale.inspection, entry.command_id, [entry.event], entry.recorded)
            found.steps.append(entry.event.kind)
            return
        event = system_event(LOST, self._moment, {"number": number}, CAUSE)
        append(self.session, tale.inspection, f"lost:{number}:{self._moment.isoformat()}", [event], moment)
        found.lost.append(number)


def _before(wanted: DecisionCommit, answer: Stored) -> int:
    """The event the log ended with when this was written down."""
    return answer.first_event - 1 if answer.first_event else wanted.expected_version


def _in_letters(wanted: DecisionCommit) -> set[str]:
    return text_ids([order.model_dump(mode="json") for order in wanted.letters])


def _with_people(row: repository.Start, people: repository.People) -> repository.Start:
    return replace(row, people=people, alone=False)
