"""A measured inspection: every command from the order to publication, all on one day."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from activities.names import inspection_workflow_id
from application.commands.start_inspection import StartInspection, start_inspection
from application.commands.take_step import TakeStep, submit_step
from application.files.order_file import read_order
from application.files.yaml_files import YamlFile
from operations.bench.environment import BenchEnvironment
from operations.bench.report_text import write_report
from records.database.connection import reading, writing
from records.tables.inspections import INSPECTIONS
from rehearsal.observer import Outbox, Records

ORDER = """
reference: {reference}
authority: "{authority}"
notify: now
notice: short
notice_ground: serious_concerns
notice_reason: Concerns raised by a serious case review.
coordinator: c.marsh
manager: m.okafor
quality_assurance: q.lindqvist
team:
  - {{person: i.ashdown, role: lead_inspector}}
  - {{person: i.bellamy, role: inspector}}
  - {{person: i.choudhury, role: inspector}}
  - {{person: h.dunmore, role: cqc_inspector}}
set_up_meeting: {{place: Council House, at: "10:00"}}
"""
LEAD, QUALITY, LINK, DIRECTOR = "i.ashdown", "q.lindqvist", "link.{}", "dcs.{}"
CASES = {
    "safeguarding": ["BIR-1042", "BIR-1187", "BIR-2001", "BIR-2356"],
    "looked_after": ["BIR-3004", "BIR-3119", "BIR-3310", "BIR-3488"],
}
COMMENT = {"where": "Safeguarding outcomes", "text": "The team was set up in April, not in June."}
ANSWER = {"number": 1, "accepted": False, "reason": "The minutes show June."}

Entry = tuple[str, str, Mapping[str, Any]]
COMMANDS: tuple[Entry, ...] = (
    ("receive_case_lists", LINK, {}),
    ("choose_first_cases", LEAD, CASES),
    ("receive_documents", LINK, {}),
    ("hold_set_up_meeting", LEAD, {"attendees": "All who were invited.", "decisions": "Fieldwork as planned."}),
    ("receive_case_audits", LINK, {}),
    ("start_fieldwork", LEAD, {}),
    ("give_oral_feedback", LEAD, {"headings": "Sound practice in both services."}),
    ("end_fieldwork", LEAD, {"spoke_with_children": True, "sought_views_of_parents": True}),
    ("submit_draft", LEAD, {}),
    ("approve_draft", QUALITY, {}),
    ("send_draft", LEAD, {}),
    ("return_comments", DIRECTOR, {"comments": [COMMENT]}),
    ("submit_final", LEAD, {}),
    ("approve_final", QUALITY, {}),
    ("issue_final", LEAD, {}),
    ("publish", "c.marsh", {}),
)
BOUND = 120.0
"""Seconds of the longest wait."""
POLL_INTERVAL, LONGEST_POLL_INTERVAL = 0.03, 0.5
"""Seconds between two polls, growing from the first to the second, so that long waits cost little."""


@dataclass(slots=True)
class Lifecycle:
    """One measured inspection."""

    environment: BenchEnvironment
    reference: str
    authority: str
    took: list[float] = field(default_factory=list)
    """The seconds of each command, in order."""
    seconds: float = 0.0
    """Seconds from the order until the last letter was accepted."""

    async def run(self, quiet: bool = False) -> "Lifecycle":
        """Runs all commands; with `quiet` each waits until nothing else runs."""
        begun = time.perf_counter()
        await self._start()
        for step, by, fields in COMMANDS:
            await self._before(step, quiet)
            await self._take(step, by.format(self.authority), fields)
        await self._until(self._at_rest)
        self.seconds = time.perf_counter() - begun
        return self

    async def leave(self) -> None:
        """Ends the inspection, so that another of this authority may start before the window for complaints is over."""
        await self.environment.client.get_workflow_handle(inspection_workflow_id(self.reference)).terminate("measured")
        with writing(self.environment.records) as session:
            close = update(INSPECTIONS).where(INSPECTIONS.c.id == self.reference)
            session.connection().execute(close.values(closed_at=self.environment.system().now(), next_due=None))

    async def _start(self) -> None:
        text = ORDER.format(reference=self.reference, authority=self.authority)
        request = StartInspection(read_order(YamlFile("bench", text)), "order")
        await start_inspection(self.environment.caller(), self.environment.system(), request)
        await self._until(lambda: self._stage() == "notified")

    async def _before(self, step: str, quiet: bool) -> None:
        """Prepares a step: writes the report, answers the comment, waits for documents."""
        if step == "end_fieldwork":
            write_report(self.environment, self.reference, LEAD)
        elif step == "submit_final":
            await self._submit("answer_comment", LEAD, ANSWER)
        elif step.startswith("approve"):
            await self._until(lambda: not self._outbox().documents)
        if quiet:
            await self._until(self._at_rest)
            await asyncio.sleep(2 * POLL_INTERVAL)

    async def _take(self, step: str, by: str, fields: Mapping[str, Any]) -> None:
        begun = time.perf_counter()
        await self._submit(step, by, fields)
        self.took.append(time.perf_counter() - begun)

    async def _submit(self, step: str, by: str, fields: Mapping[str, Any]) -> None:
        request = TakeStep(self.reference, step, fields)
        await submit_step(self.environment.caller(by), self.environment.system(), request)

    def _outbox(self) -> Outbox:
        return Records(self.environment.records, self.reference).outbox(self.environment.system().now())

    def _stage(self) -> str:
        with reading(self.environment.records) as session:
            query = select(INSPECTIONS.c.stage).where(INSPECTIONS.c.id == self.reference)
            return str(session.connection().execute(query).scalar())

    def _at_rest(self) -> bool:
        outbox = self._outbox()
        return not outbox.letters and not outbox.documents

    async def _until(self, reached: Callable[[], bool]) -> None:
        give_up, interval = time.monotonic() + BOUND, POLL_INTERVAL
        while not reached():
            if time.monotonic() > give_up:
                raise RuntimeError(f"{self.reference} stood still for {BOUND:.0f} seconds")
            await asyncio.sleep(interval)
            interval = min(interval * 1.5, LONGEST_POLL_INTERVAL)
