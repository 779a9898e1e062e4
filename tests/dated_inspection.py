"""A whole inspection in a minute: everything dated in 2010, taken through the entry point of a system whose clock is later."""

import asyncio
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from application.caller import Caller
from application.commands.take_step import TakeStep, submit_step
from application.runtime.context import AppContext
from framework.common.errors import BeingMade, Refused
from framework.editions.registry import edition
from framework.messages.commands import Answer
from tests.report_fields import step_that_writes

BOUND = 60.0


@dataclass(frozen=True, slots=True)
class DatedInspection:
    """One inspection, ordered to be notified by hand."""

    system: AppContext
    id: str

    async def do(self, step: str, by: str, on: str = "", **fields: Any) -> Answer:
        """Takes the step, again while what it waits for (a document, comments that lapse) is under way."""
        give_up = time.monotonic() + BOUND
        while True:
            try:
                request = TakeStep(self.id, step, fields, on=date.fromisoformat(on) if on else None)
                return (await submit_step(Caller(by), self.system, request))[1]
            except (Refused, BeingMade):
                if time.monotonic() > give_up:
                    raise
                await asyncio.sleep(0.5)

    async def up_to_draft_sent(self) -> None:
        """From the order, notified on 3 November, to the draft, sent today."""
        await self.do("record_service", "c.marsh", "2010-11-03", method="by_hand", proof="Handed over.")
        await self.do("hold_set_up_meeting", "i.ashdown", "2010-11-09", attendees="All", decisions="None")
        for gate in ("case_lists", "cases", "case_audits"):
            await self.do("override", "m.okafor", gate=gate, reason="The files were flooded")
        await self.do("start_fieldwork", "i.ashdown", "2010-11-17")
        await self._judge()
        await self.do("give_oral_feedback", "i.ashdown", "2010-11-30", headings="As discussed")
        answers = {"spoke_with_children": True, "sought_views_of_parents": True}
        await self.do("end_fieldwork", "i.ashdown", "2010-11-30", **answers)
        await self.do("submit_draft", "i.ashdown", "2010-12-13")
        await self.do("approve_draft", "q.lindqvist", "2010-12-13")
        await self.do("send_draft", "i.ashdown")

    async def up_to_final_issued(self) -> None:
        """The same, and the draft comes back without comments, to the final report issued today."""
        await self.up_to_draft_sent()
        await self.do("return_comments", "dcs.330")
        await self.do("submit_final", "i.ashdown")
        await self.do("approve_final", "q.lindqvist")
        await self.do("issue_final", "i.ashdown")

    async def _judge(self) -> None:
        for heading in edition("2010-10").report.headings("joint"):
            step, fields = step_that_writes(heading)
            await self.do(step, "i.ashdown", "2010-11-30", **fields)
        for key in ("about", "service"):
            await self.do("write_section", "i.ashdown", "2010-11-30", heading=key, text="Words.")
