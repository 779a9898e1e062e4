"""One inspection on a real engine, with real workers, records, documents and mail, and ways to disturb them."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import select
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from activities.mail.mailboxes import MaildirFolder
from activities.mail.mime import Sender
from activities.mail.smtp import MailServer
from activities.names import CALENDAR_ROLLOUT_ID, delivery_workflow_id, inspection_workflow_id
from activities.recording.commit import RecordActivities
from activities.rendering.pdf_pool import PdfPool
from application.caller import Caller
from application.commands.start_inspection import StartInspection, start_inspection
from application.commands.take_step import TakeStep, submit_step
from application.files.order_file import read_order
from application.files.yaml_files import read_yaml
from application.runtime import dev_mailbox
from application.runtime.context import AppContext
from application.runtime.settings import WORK_KINDS
from application.workers import WorkerParts, workers
from framework.messages.commands import Answer
from framework.messages.events import StoredEvent as Entry
from records.database import connection
from records.database.connection import reading
from records.log import read
from records.outbox import states
from records.tables.inspections import LIMITS, TASKS
from records.tables.outbox import LETTERS
from rehearsal.environment import settings_for
from rehearsal.mail_server import ScriptedMailServer
from rehearsal.skipped_clock import SkippedClock
from tests.orders import an_order

BOUND = 60.0
ENTRY_POINT = "test"
WORKFLOW_TASK = "EVENT_TYPE_WORKFLOW_TASK"
_NUMBERS = count(1)


@dataclass
class EngineHarness:
    """Everything around one inspection."""

    engine: WorkflowEnvironment
    system: AppContext
    clock: SkippedClock
    post: ScriptedMailServer
    parts: WorkerParts
    activities: type[RecordActivities] = RecordActivities
    """Who answers for the records."""
    id: str = ""
    _working: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def order(self, **changes: Any) -> None:
        """Order an inspection under an identifier of its own."""
        self.id = f"TEST-{next(_NUMBERS):03d}-{id(self) % 10_000}"
        path = self.system.settings.data / "order.yaml"
        plain = an_order(reference=self.id, **changes).model_dump(mode="json", exclude_none=True)
        path.write_text(json.dumps(plain))
        request = StartInspection(read_order(read_yaml(path)), f"order-{self.id}")
        await start_inspection(Caller(entry_point=ENTRY_POINT), self.system, request)

    async def do(self, step: str, by: str, on: str = "", command: str = "", **fields: Any) -> Answer:
        """Take a step through the entry point."""
        day = date.fromisoformat(on) if on else None
        request = TakeStep(self.id, step, fields, on=day, command=command)
        return (await submit_step(Caller(by, entry_point=ENTRY_POINT), self.system, request))[1]

    async def work(self) -> None:
        """Let the workers work."""
        with patch("application.workers.RecordActivities", self.activities):
            running = workers(self.parts, WORK_KINDS)
        for worker in running:
            await self._working.enter_async_context(worker)

    async def rest(self) -> None:
        """Stop the workers, as when they are out of order; only where time is not skipped, which waits for them."""
        await self._working.aclose()
        self._working = AsyncExitStack()

    async def leap(self, moment: str) -> None:
        """Let time pass to this moment (London's is UTC in the winter), and what it brings be written down."""
        await self.clock.leap_to(datetime.fromisoformat(f"{moment}+00:00"))

    async def wait_for(self, moment: str) -> None:
        """Let the last seconds up to this moment pass as they do, without skipping."""
        await self.until(lambda: self.clock.now() > datetime.fromisoformat(f"{moment}+00:00"), moment)

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait (in real time) until the condition holds."""
        give_up = time.monotonic() + BOUND
        while not condition():
            assert time.monotonic() < give_up, f"waited in vain: {what}; {[e.event.kind for e in self.entries()]}"
            await asyncio.sleep(0.05)

    async def has(self, kind: str, times: int = 1) -> list[Entry]:
        """Wait until a kind of event has happened so often; answers them."""
        await self.until(lambda: len(self.entries(kind)) >= times, f"{times} of {kind}")
        return self.entries(kind)

    def entries(self, *kinds: str) -> list[Entry]:
        """The events of these kinds (or all)."""
        with reading(self.system.records) as session:
            return [e for e in read.history(session, self.id) if not kinds or e.event.kind in kinds]

    def letters(self, kind: str = "") -> list[dict[str, Any]]:
        """The letters of a kind (or all), oldest first."""
        query = select(LETTERS).where(LETTERS.c.inspection_id == self.id).order_by(LETTERS.c.event_number)
        with reading(self.system.records) as session:
            rows = [dict(row) for row in session.connection().execute(query).mappings()]
        return [row for row in rows if kind in ("", row["kind"])]

    def delivered(self) -> bool:
        """Whether nothing is left to go out."""
        with reading(self.system.records) as session:
            left = states.waiting(session, self.id)
        return not (left.documents or left.letters or left.publish)

    def due(self, limit: str) -> date:
        """Returns when a limit is due, as the workflow last recorded it."""
        query = select(LIMITS.c.due).where(LIMITS.c.inspection_id == self.id, LIMITS.c.key == limit)
        with reading(self.system.records) as session:
            day: date = session.connection().execute(query).scalar_one()
        return day

    def state_of(self, limit: str) -> str:
        """Returns the state of a limit, as the workflow last recorded it."""
        query = select(LIMITS.c.state).where(LIMITS.c.inspection_id == self.id, LIMITS.c.key == limit)
        with reading(self.system.records) as session:
            return str(session.connection().execute(query).scalar_one())

    def tasks(self) -> list[str]:
        """The kinds of open tasks."""
        query = select(TASKS.c.kind).where(TASKS.c.closed_at.is_(None)).order_by(TASKS.c.id)
        with reading(self.system.records) as session:
            return list(session.connection().execute(query).scalars())

    def mail(self) -> list[dev_mailbox.Letter]:
        """What the mailbox received."""
        return dev_mailbox.letters(dev_mailbox.folder(self.system.settings.data))

    @property
    def workflow(self) -> WorkflowHandle[Any, Any]:
        """The inspection's workflow."""
        return self.system.engine().get_workflow_handle(inspection_workflow_id(self.id))

    async def traces(self) -> list[int]:
        """The kinds of the events in the engine's history of the workflow, without its workflow tasks, which hold nothing."""
        events = (await self.workflow.fetch_history()).events
        return [event.event_type for event in events if not EventType.Name(event.event_type).startswith(WORKFLOW_TASK)]

    async def leave(self) -> None:
        """End what runs, so that the next test finds the engine's queues empty."""
        for name in (inspection_workflow_id(self.id), delivery_workflow_id(self.id), CALENDAR_ROLLOUT_ID):
            with suppress(RPCError):
                await self.system.engine().get_workflow_handle(name).terminate()
        await self.rest()
        await self.post.close()


@asynccontextmanager
async def engine_harness(
    engine: WorkflowEnvironment,
    data: Path,
    pool: PdfPool,
    begins: str,
    mail_port: int = 0,
    bounces: Path | None = None,
    **how: Any,
) -> AsyncIterator[EngineHarness]:
    """Returns a harness whose clock is at `begins`, with running workers. With `mail_port`, letters go there."""
    post = ScriptedMailServer(dev_mailbox.folder(data))
    await post.open()
    port = mail_port or post.port
    settings = settings_for(data)
    records = connection.connect(settings.records_url)
    clock = await SkippedClock.starting_at(datetime.fromisoformat(f"{begins}+00:00"), engine)
    parts = WorkerParts(
        client=engine.client,
        records=records,
        data=data,
        mail=MailServer(dev_mailbox.HERE, port),
        sender=Sender("The office", settings.smtp_from),
        pool=pool,
        clock_shift=clock.shift,
        bounces=MaildirFolder(bounces) if bounces else None,
    )
    system = AppContext(settings, records, engine.client, now=clock.now, clock_shift=clock.shift)
    harness = EngineHarness(engine, system, clock, post, parts, **how)
    try:
        await harness.work()
        yield harness
    finally:
        await harness.leave()
        records.dispose()


@asynccontextmanager
async def announced(engine: WorkflowEnvironment, data: Path, pool: PdfPool) -> AsyncIterator[EngineHarness]:
    """An inspection that was announced, with every letter of that accepted."""
    async with engine_harness(engine, data, pool, "2010-11-03T08:00") as harness:
        await harness.order(notify="now")
        await harness.has("set_up_meeting_arranged")
        await harness.until(harness.delivered, "all letters went")
        yield harness
