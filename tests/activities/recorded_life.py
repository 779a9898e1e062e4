"""A life in memory that is written to the records as well: its letters are rows of the outbox, with their real recipients."""

from typing import Any

from pydantic import ValidationError
from sqlalchemy import Engine, RowMapping, insert, select
from sqlmodel import Session

from framework.calendar.london_time import london_day
from framework.common.free_text import detach
from framework.correspondence.office import OfficeAddresses
from framework.editions.registry import edition
from framework.inspection.order import Order
from framework.inspection.stages import Stage
from framework.inspection.steps import STEPS
from framework.lifecycle.decide import Decision, build_commit
from framework.messages.commands import Command
from framework.messages.commit import Committed
from framework.vocabulary.roles import Role
from records.database.connection import reading, writing
from records.inspections import commit as recording
from records.inspections import content, repository
from records.log.append import append
from records.log.texts import store_text, store_texts
from records.tables.directory import PEOPLE
from records.tables.outbox import LETTERS
from tests.framework.in_memory import AUTHORITY_PEOPLE, InMemoryInspection, actor
from tests.report_fields import step_that_writes
from tests.words import WHY

OFFICE = OfficeAddresses(complaints_to="complaints@office.example", reports_url="https://reports.example")
NEWCOMERS = (
    "q.other",
    "i.edgar",
    "h.farrow",
    "i.untied",
    *(f"{role}.{number}" for role in ("dcs", "pct") for number in range(1, 400)),
)
"""People that random steps name and that the shipped directory does not have."""


def add_newcomers(store: Engine) -> None:
    """Adds the newcomers to the directory, each with an address."""
    rows = [
        {"id": person, "name": f"Person {person}", "email": f"{person}@people.example", "organisation": "", "active": True}
        for person in NEWCOMERS
    ]  # fmt: skip
    with writing(store) as session:
        known = set(session.connection().execute(select(PEOPLE.c.id)).scalars())
        session.connection().execute(insert(PEOPLE), [row for row in rows if row["id"] not in known])


class RecordedLife(InMemoryInspection):
    """One inspection of which every decision is committed to records, and every letter kept as a row there."""

    def __init__(self, order: Order, store: Engine, start: str) -> None:
        super().__init__(order, start=start)
        self.store = store
        self.rows: list[RowMapping] = []
        """The letters so far, the oldest first."""
        self._command: Command | None = None
        self._wrote_report = False
        with writing(store) as session:
            repository.create(session, self.inspection.id, repository.Start(order, AUTHORITY_PEOPLE, self.now))
            store_text(session, self.inspection.id, WHY, "The hall is flooded.", self.now)
            append(session, self.inspection.id, "order", self.ordered, self.now)

    def do(self, step: str, by: str = "system", on: Any = None, **fields: Any) -> Decision:
        """Takes a step, with its free text stored as an entry point stores it."""
        row = STEPS.find(step, self.inspection.stage)
        try:
            form = row.form.model_validate(fields) if row else None
        except ValidationError:
            form = None  # a fault that `decide` names
        if form is not None:
            fields, words = detach(form, f"{self.inspection.id}/c{self._commands + 1}")
            with writing(self.store) as session:
                store_texts(session, self.inspection.id, words, self.now)
        return super().do(step, by, on, **fields)

    def commit(self, decision: Decision) -> Decision:
        """Writes the decision to the records first: what these refuse changes nothing here either."""
        before = len(self.rows)
        with writing(self.store) as session:
            head = self._write(session, decision)
        assert head == self.head + len(decision.events)
        self.rows += self._letters_after(before)
        self.letters_written(decision, self.rows[before:])
        done = super().commit(decision)
        self._fill_report()
        return done

    def letters_written(self, decision: Decision, rows: list[RowMapping]) -> None:
        """Is given the rows of the letters that a decision brought, before the state here follows it."""

    def _write(self, session: Session, decision: Decision) -> int:
        cause = decision.events[0].cause if decision.events else "none"
        identifier = cause.removeprefix("command:") if cause.startswith("command:") else f"{cause}@{self.head}"
        commit, _ = build_commit(decision, identifier, self.now, self.head, self.calendar)
        result = recording.commit(session, commit, OFFICE)
        assert isinstance(result, Committed)
        return result.head

    def _letters_after(self, number: int) -> list[RowMapping]:
        query = select(LETTERS).where(LETTERS.c.number > number).order_by(LETTERS.c.number)
        with reading(self.store) as session:
            return list(session.connection().execute(query).mappings())

    def _fill_report(self) -> None:
        """Writes every heading of the report, once, as fieldwork is over: content that the state does not hold."""
        if self.inspection.stage is not Stage.DRAFTING or self._wrote_report:
            return
        self._wrote_report = True
        for heading in edition("2010-10").report.headings(self.inspection.scope.value):
            self._write_content(*step_that_writes(heading))

    def _write_content(self, step: str, fields: dict[str, Any]) -> None:
        row = STEPS.find(step, self.inspection.stage)
        assert row
        identifier, (lead,) = f"report{self.head}", self.inspection.people[Role.LEAD_INSPECTOR]
        plain, words = detach(row.form.model_validate(fields), f"{self.inspection.id}/{identifier}")
        command = Command(
            id=identifier, step=step, actor=actor(lead), on=london_day(self.now), received=self.now, fields=plain
        )
        with writing(self.store) as session:
            store_texts(session, self.inspection.id, words, self.now)
            self.head = content.write(session, self.inspection, command, self.now)
