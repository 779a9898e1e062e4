"""An inspection that is lived through in the records alone: rules and activities for real, without an engine."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from temporalio.testing import ActivityEnvironment

from activities.mail.letters import LetterActivities
from activities.mail.mime import Sender
from activities.mail.smtp import MailServer
from activities.rendering.documents import DocumentActivities
from activities.rendering.pdf_pool import PdfPool
from activities.rendering.publishing import PublishingActivities
from framework.calendar.london_time import london_day
from framework.common.free_text import detach
from framework.editions.registry import edition
from framework.inspection.steps import STEPS
from framework.lifecycle.decide import build_commit, decide
from framework.messages.commands import Command
from framework.messages.commit import Committed, Stored
from framework.messages.delivery import DeliveryOutcome, FirstAttempt, PendingDeliveries, ShiftedId
from framework.messages.events import StoredEvent as Entry
from framework.messages.record_state import RecordStateQuery
from records.calendars import versions
from records.database.connection import reading, writing
from records.directory import directory
from records.inspections import commit as writing_down
from records.inspections import content, repository
from records.inspections.readiness import record_state
from records.log import read, texts
from records.outbox import states
from records.tables.inspections import TASKS
from records.tables.outbox import LETTERS
from tests.activities.faulty_smtp import HERE
from tests.framework.in_memory import actor
from tests.orders import an_order
from tests.report_fields import step_that_writes

SENDER = Sender("The office", "office@inspectorate.example")
AT_NINE = datetime.fromisoformat("2010-11-03T09:00+00:00")


class RecordsHarness:
    """One inspection, with everything an activity needs beside it."""

    def __init__(self, store: Engine, folder: Path, pool: PdfPool) -> None:
        self.store, self.folder, self.now = store, folder, AT_NINE
        self.documents_folder, self.published_folder = folder / "documents", folder / "published"
        self.rendering = DocumentActivities(store, self.documents_folder, pool)
        self.publishing = PublishingActivities(store, self.documents_folder, self.published_folder)
        order = an_order()
        with writing(store) as session:
            people = directory.people_of(session, order.authority)
            self.id = repository.create(session, order.reference, repository.Start(order, people, self.now)).id

    def do(self, step: str, by: str = "system", **fields: Any) -> Stored:
        """Take a step now, as entry point and workflow would together."""
        self.now += timedelta(seconds=1)
        with writing(self.store) as session:
            state = repository.state(session, self.id)
            row = STEPS.find(step, state.stage)
            assert row, f"{step} cannot be taken from {state.stage}"
            command_id = f"{step}:{self.now.isoformat()}"
            plain, words = detach(row.form.model_validate(fields), f"{self.id}/{command_id}")
            texts.store_texts(session, self.id, words, self.now)
            command = Command(
                id=command_id, step=step, actor=actor(by), on=london_day(self.now), received=self.now, fields=plain
            )
            if row.content:
                return Committed(head=content.write(session, state, command, self.now))
            calendar = versions.calendar_in_force(session)
            known = record_state(session, RecordStateQuery(inspection=self.id, step=step))
            decision = decide(state, command, calendar, self.now, known)
            commit, _ = build_commit(decision, command.id, self.now, known.head, calendar)
            result = writing_down.commit(session, commit)
            assert isinstance(result, Stored)
            return result

    def on(self, day: str) -> "RecordsHarness":
        """It is nine in the morning of that day."""
        self.now = datetime.combine(date.fromisoformat(day), AT_NINE.timetz())
        return self

    def waiting(self) -> PendingDeliveries:
        with reading(self.store) as session:
            return states.waiting(session, self.id)

    async def run(self, activity: Any, argument: ShiftedId | FirstAttempt, attempt: int = 1) -> Any:
        """Run an activity, now."""
        environment = ActivityEnvironment()
        environment.info = replace(ActivityEnvironment.default_info(), started_time=self.now, attempt=attempt)
        return await environment.run(activity, argument)

    async def render(self) -> None:
        """Make every document that is wanted."""
        for document in self.waiting().documents:
            await self.run(self.rendering.render, ShiftedId(id=document))

    async def send(self, port: int, letter: str) -> DeliveryOutcome:
        """One attempt to send a letter to the mail server on this port."""
        outcome: DeliveryOutcome = await self.run(self._post(port).send, ShiftedId(id=letter))
        return outcome

    async def send_at_once(self, port: int, *busy: str) -> PendingDeliveries:
        """One look into the outbox that sends what can go; answers what is left."""
        attempt = FirstAttempt(inspection=self.id, moment=self.now, busy=busy)
        left: PendingDeliveries = await self.run(self._post(port).send_first_attempt, attempt)
        return left

    def _post(self, port: int) -> LetterActivities:
        return LetterActivities(self.store, self.folder, MailServer(HERE, port), SENDER)

    def letter(self, identifier: str) -> dict[str, Any]:
        with reading(self.store) as session:
            return states.letter(session, identifier)

    def document(self, identifier: str) -> dict[str, Any]:
        with reading(self.store) as session:
            return states.document(session, identifier)

    def letters(self, kind: str) -> list[dict[str, Any]]:
        """Every letter of a kind, oldest first."""
        query = select(LETTERS.c.id).where(LETTERS.c.kind == kind).order_by(LETTERS.c.event_number)
        with reading(self.store) as session:
            return [states.letter(session, row) for row in session.connection().execute(query).scalars()]

    def entries(self, *kinds: str) -> list[Entry]:
        """The events of these kinds (or all)."""
        with reading(self.store) as session:
            events = read.history(session, self.id)
        return [entry for entry in events if not kinds or entry.event.kind in kinds]

    def tasks(self) -> list[tuple[str, str]]:
        """Kind and key of every open task."""
        query = select(TASKS.c.kind, TASKS.c.key).where(TASKS.c.closed_at.is_(None)).order_by(TASKS.c.id)
        with reading(self.store) as session:
            return [(row.kind, row.key) for row in session.connection().execute(query)]

    # The life of the inspection -----------------------------------------------------------------------------------

    async def announced(self) -> str:
        """Notified by e-mail, its document made; answers the letter."""
        self.do("notify")
        await self.render()
        return str(self.letters("announcement")[0]["id"])

    async def draft_assured(self) -> str:
        """Up to the draft as approved; answers the document."""
        self.do("notify")
        self.do("record_service", method="email")
        self.on("2010-11-09").do("hold_set_up_meeting", "i.ashdown", attendees="All", decisions="None")
        for gate in ("case_lists", "cases", "case_audits"):
            self.do("override", "m.okafor", gate=gate, reason="The files were flooded")
        self.on("2010-11-17").do("start_fieldwork", "i.ashdown")
        self._judge()
        self.on("2010-11-30").do("give_oral_feedback", "i.ashdown", headings="As discussed")
        self.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
        self.on("2010-12-13").do("submit_draft", "i.ashdown")
        await self.render()
        self.do("approve_draft", "q.lindqvist")
        return str(self.entries("draft_approved")[0].event.data["document"])

    async def final_issued(self) -> str:
        """Up to the final report as issued; answers the document that was approved."""
        await self.draft_assured()
        self.on("2010-12-14").do("send_draft", "i.ashdown")
        self.on("2010-12-20").do("return_comments", "dcs.330")
        self.on("2010-12-29").do("submit_final", "i.ashdown")
        await self.render()
        self.do("approve_final", "q.lindqvist")
        self.on("2010-12-30").do("issue_final", "i.ashdown")
        await self.render()
        return str(self.entries("final_approved")[0].event.data["document"])

    def _judge(self) -> None:
        for heading in edition("2010-10").report.headings("joint"):
            step, fields = step_that_writes(heading)
            self.do(step, "i.ashdown", **fields)
        for heading_key in ("about", "service"):
            self.do("write_section", "i.ashdown", heading=heading_key, text="Words.")
