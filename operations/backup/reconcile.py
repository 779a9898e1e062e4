"""Writes into restored records what the engine's histories hold beyond the backup: commits again unchanged, delivery outcomes.

Events keep their numbers, because the engine attests them. An event that only the previous records held (a grade, a section,
an answer to a comment, a refusal) is replaced by `event_lost`."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from application.commands.start_inspection import first_row
from framework.common.errors import InspectionError
from framework.correspondence.office import OfficeAddresses
from framework.editions.registry import begin_inspection
from framework.inspection.first_events import Ordering, first_events
from framework.messages.commit import DecisionCommit, Stored
from framework.messages.events import system_event
from operations.backup.delivery_outcomes import OutboxReconciler
from operations.backup.lost_texts import PresentTexts, texts_of
from operations.backup.models import ReconciledInspection
from operations.backup.workflow_replay import ActivityOutcome, ReplayedInspection
from records.audit.restores import LOST
from records.calendars.versions import calendar_in_force
from records.inspections import repository
from records.inspections.commit import commit
from records.log.append import append, find_committed, lock
from records.log.texts import secret_name, text_ids
from records.tables.inspections import INSPECTIONS

FAULTS = (InspectionError, IntegrityError, ValueError, LookupError)
"""Errors in one inspection (its authority was added to the directory after the backup, say) that do not stop the others."""
CAUSE = "restore"
ATTEMPT_TIMEOUT = timedelta(seconds=20)
"""How long after the decision its commit may have been written: delivery outcomes up to then may precede it in the log."""


class Reconciler:
    """Reconciles one inspection after another in a session."""

    def __init__(
        self, session: Session, texts: PresentTexts, outbox: OutboxReconciler, moment: datetime, office: OfficeAddresses
    ):
        self.session = session
        self._texts = texts
        self._outbox = outbox
        self._moment = moment
        self._office = office

    def reconcile(self, replayed: ReplayedInspection, attested: int) -> ReconciledInspection:
        """Writes commits and outcomes up to number `attested`, the newest event that a checkpoint or history attests.

        An error of `FAULTS` rolls back this inspection and is returned as its `fault`."""
        reconciled = ReconciledInspection(replayed.inspection, fault=replayed.fault)
        savepoint = self.session.begin_nested()
        try:
            self._create_if_missing(replayed, reconciled)
            self._write_missing(replayed, reconciled, attested)
        except FAULTS as fault:
            savepoint.rollback()
            return ReconciledInspection(replayed.inspection, fault=str(fault).splitlines()[0])
        savepoint.commit()
        return reconciled

    # Inspections ordered after the backup -----------------------------------------------------------------------------

    def _create_if_missing(self, replayed: ReplayedInspection, reconciled: ReconciledInspection) -> None:
        """Creates an inspection that was ordered after the backup, from the argument of its workflow."""
        row = self.session.connection().execute(select(INSPECTIONS.c.id).where(INSPECTIONS.c.id == replayed.inspection))
        if row.first() is not None or replayed.start is None or replayed.began is None:
            return
        start, began = replayed.start, replayed.began
        plain = start.order.model_dump(mode="json", exclude_none=True)
        reconciled.words += len(self._texts.complete(self.session, replayed.inspection, text_ids(plain), self._moment))
        planned = begin_inspection(start.inspection, start.order, start.people, start.settings)
        first = first_row(planned, start.order, calendar_in_force(self.session), began)
        repository.create(self.session, start.inspection, _with_people(first, start.people))
        ordering = Ordering(start.started_by, start.started_as, began, "engine", CAUSE)
        events = first_events(start.order, plain, start.settings, start.people, ordering)
        append(self.session, start.inspection, f"restored:{start.inspection}", events, began)
        reconciled.begun = True

    # Commits and outcomes, in their order -----------------------------------------------------------------------------

    def _write_missing(self, replayed: ReplayedInspection, reconciled: ReconciledInspection, attested: int) -> None:
        outcomes = [*replayed.outcomes, *self._outbox.outcomes_in_mailbox(replayed)]
        outcomes.sort(key=lambda outcome: outcome.at)
        without_text: set[str] = set()
        self._texts.copy(self.session, {secret_name(replayed.inspection)})
        for decision, result in replayed.commits:
            if self._is_committed(decision):
                continue
            self._advance(replayed, reconciled, outcomes, _head_before(decision, result), decision.recorded)
            lost = self._texts.complete(self.session, replayed.inspection, texts_of(decision), self._moment)
            reconciled.words += len(lost)
            stored = self._commit(decision)
            reconciled.steps += [event.kind for event in decision.events]
            if lost & _texts_in_letters(decision):
                without_text |= set(stored.letters or result.letters)
        self._advance(replayed, reconciled, outcomes, 0, None)
        self._advance(replayed, reconciled, [], attested, None)
        self._outbox.apply_to_remaining(replayed, reconciled, without_text)

    def _commit(self, decision: DecisionCommit) -> Stored:
        head = lock(self.session.connection(), decision.inspection)["head_number"]
        exact = decision.model_copy(update={"expected_version": head, "concurrency": "exact_head", "command": None})
        stored = commit(self.session, exact, self._office)
        assert isinstance(stored, Stored), "the head was read under its lock"
        return stored

    def _is_committed(self, decision: DecisionCommit) -> bool:
        return find_committed(self.session.connection(), decision.inspection, decision.command_id) is not None

    def _advance(
        self,
        replayed: ReplayedInspection,
        reconciled: ReconciledInspection,
        outcomes: list[ActivityOutcome],
        number: int,
        before: datetime | None,
    ) -> None:
        """Appends to the log until its head is `number`: first delivery outcomes, then missed or lost events.

        With `before` None every outcome is applied, even beyond `number`."""
        for outcome in list(outcomes):
            if before is not None and (self._head(replayed) >= number or outcome.at > before + ATTEMPT_TIMEOUT):
                break
            if before is None or self._outbox.holds_subject(outcome):
                outcomes.remove(outcome)
                self._outbox.apply(outcome, reconciled)
        while self._head(replayed) < number:
            self._append_missing(replayed, reconciled, self._head(replayed) + 1, before or self._moment)

    def _head(self, replayed: ReplayedInspection) -> int:
        head: int = lock(self.session.connection(), replayed.inspection)["head_number"]
        return head

    def _append_missing(
        self, replayed: ReplayedInspection, reconciled: ReconciledInspection, number: int, moment: datetime
    ) -> None:
        """Appends event `number` as the workflow read it from the records, or `event_lost` in its place."""
        entry = replayed.missed_events.get(number)
        if entry is not None:
            append(self.session, replayed.inspection, entry.command_id, [entry.event], entry.recorded)
            reconciled.steps.append(entry.event.kind)
            return
        event = system_event(LOST, self._moment, {"number": number}, CAUSE)
        # It gets the moment of the step after it: the moments of a log never decrease, and that step keeps its own.
        append(self.session, replayed.inspection, f"lost:{number}:{self._moment.isoformat()}", [event], moment)
        reconciled.lost.append(number)


def _head_before(decision: DecisionCommit, result: Stored) -> int:
    """Returns the number of the newest event before this commit."""
    return result.first_event - 1 if result.first_event else decision.expected_version


def _texts_in_letters(decision: DecisionCommit) -> set[str]:
    return text_ids([order.model_dump(mode="json") for order in decision.letters])


def _with_people(row: repository.Start, people: repository.People) -> repository.Start:
    return replace(row, people=people, alone=False)
