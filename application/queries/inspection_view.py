"""One inspection: as it is now, or as it was known at a past moment. Read from the records alone."""

from dataclasses import dataclass
from datetime import date, datetime

from application.caller import Caller, may_see_concerns
from application.queries.access_logging import Use
from application.queries.available_steps import OpenStep
from application.queries.inspection_concerns import InspectionConcern, concerns_known
from application.queries.inspection_letters import Document, Letter, documents_at, letters_at
from application.queries.inspection_report import Comment, Section, comments_at, report_changes, sections_at
from application.queries.open_steps import steps_in
from application.queries.snapshot import Snapshot, snapshot
from application.queries.tasks import Task, tasks_in
from application.runtime.context import AppContext
from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day, say_moment
from framework.common.errors import BadInput
from framework.correspondence.letters import START_CLOCKS
from framework.inspection.limit_days import limit_statuses_on
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import LimitStatus, earlier_misses
from framework.report.change_review import ChangeReview
from framework.vocabulary.roles import Role
from records.directory.contacts import Contact, contacts
from records.inspections.erasure import KIND as ERASED
from records.inspections.reader import InspectionReader
from records.outbox.states import UNDELIVERED
from records.queries.inspection_rows import Row, rows_of


@dataclass(frozen=True, slots=True)
class PersonInRole:
    """A person in a role, as the directory names them today."""

    role: str
    person: str
    name: str
    email: str | None
    """None for a past moment, since the directory keeps no past; empty where no address is known."""


@dataclass(frozen=True, slots=True)
class PendingCommand:
    """A command that was handed in and not taken yet."""

    command: str
    step: str
    person: str
    received: datetime


@dataclass(frozen=True, slots=True)
class InspectionView:
    """Everything that a page about one inspection shows."""

    state: Inspection
    reference: str
    authority: str
    authority_code: str
    edition: str
    started: datetime
    as_of: datetime | None
    today: date
    """The London day from which it is looked at."""
    calendar: Calendar
    limits: tuple[LimitStatus, ...]
    earlier_misses: tuple[LimitStatus, ...]
    """The limits that were missed in rounds that are over."""
    people: tuple[PersonInRole, ...]
    letters: tuple[Letter, ...]
    documents: tuple[Document, ...]
    tasks: tuple[Task, ...]
    sections: tuple[Section, ...]
    comments: tuple[Comment, ...]
    changes: ChangeReview
    """What changed from the draft as sent to the final report."""
    concerns: tuple[InspectionConcern, ...]
    steps: tuple[OpenStep, ...]
    """The steps that are open now; none for a past moment."""
    waiting: tuple[PendingCommand, ...]
    """None are known for a past moment."""
    erased_on: date | None
    """The London day on which texts, names, addresses and files were erased: as of whatever moment, they are gone."""

    @property
    def waits_for_mail(self) -> bool:
        """Returns whether a letter from which a limit counts is not accepted yet."""
        return any(letter.kind in START_CLOCKS and letter.status in UNDELIVERED for letter in self.letters)


def inspection_view(
    caller: Caller, context: AppContext, inspection: str, as_of: datetime | None = None, as_of_text: str = ""
) -> InspectionView:
    """Returns the inspection as it is now, or as it was known at `as_of`; `as_of_text` is that moment as it was entered.

    Raises `BadInput` for an unknown inspection, and for a moment before it was ordered or on a later day."""
    with snapshot(caller, context, Use("show", inspection, {"as_of": as_of_text})) as view:
        row = view.inspection(inspection)
        if as_of and as_of < row["started_at"]:
            ordered = f"{inspection} was ordered on {say_moment(row['started_at'])}, after that"
            raise BadInput(f"{as_of_text}: {ordered}", field="as_of")
        view.require_past(as_of)
        return _view(view, InspectionReader(view.session, row), as_of)


def _view(view: Snapshot, reader: InspectionReader, as_of: datetime | None) -> InspectionView:
    moment, row = as_of or view.now, reader.row
    rows, events = rows_of(view.session, row), reader.events_at(as_of)
    state = reader.state_at(as_of) if as_of else reader.state
    calendar, today = reader.calendar_at(as_of), london_day(moment)
    limits = limit_statuses_on(state, calendar, today)
    people = contacts(view.session.connection(), row["authority_code"], state.people)
    return InspectionView(
        state=state,
        reference=row["reference"],
        authority=rows.authority,
        authority_code=row["authority_code"],
        edition=row["edition"],
        started=row["started_at"],
        as_of=as_of,
        today=today,
        calendar=calendar,
        limits=limits,
        earlier_misses=earlier_misses(state, limits),
        people=tuple(_person(contact, as_of) for role in Role for contact in people.by_role.get(role, ())),
        letters=letters_at(view.session, rows.letters, reader.events, as_of),
        documents=documents_at(view.session, rows.documents, events, as_of),
        tasks=tasks_in(view, reader.id, moment),
        sections=sections_at(rows.sections, events, as_of),
        comments=comments_at(rows.comments, events, as_of),
        changes=report_changes(view.session, row, state, as_of),
        concerns=concerns_known(view.session, events) if may_see_concerns(view.caller, reader.id) else (),
        steps=() if as_of else steps_in(view, reader, people),
        waiting=() if as_of else tuple(map(_pending, rows.waiting)),
        erased_on=_erased_on(reader),
    )


def _person(contact: Contact, as_of: datetime | None) -> PersonInRole:
    return PersonInRole(contact.role, contact.person, contact.name, None if as_of else contact.email)


def _pending(row: Row) -> PendingCommand:
    return PendingCommand(row["command_id"], row["step"], row["person"], row["received_at"])


def _erased_on(reader: InspectionReader) -> date | None:
    return next((stored.event.on for stored in reader.events if stored.event.kind == ERASED), None)
