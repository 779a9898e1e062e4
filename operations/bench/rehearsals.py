"""Measures rehearsals: one, and several at once, all on one skipped clock."""

import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from activities.support.concurrency import bounded_gather
from application.caller import REHEARSAL, Caller
from application.commands.start_inspection import StartInspection, start_inspection
from application.files.order_file import OrderRead
from framework.common.errors import CheckFailed
from framework.inspection.order import Order
from operations.bench import histories
from operations.bench.figures import Figures, say
from records.calendars.versions import calendar_in_force
from records.database.connection import reading
from records.directory import directory
from rehearsal import entries, settling
from rehearsal.entries import Turn
from rehearsal.entry_time import Known, moment_of
from rehearsal.environment import World, world
from rehearsal.observer import Records
from rehearsal.player import rehearse
from rehearsal.script_reader import Rehearsal, read

SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "joint.yaml"
A_MOMENT = timedelta(seconds=1)
BOUND = 900.0
"""Seconds that one moment may take for all of them, since their PDFs are rendered one after another."""
CONCURRENT_REHEARSALS = 8


async def single(folder: Path) -> tuple[Figures, Figures]:
    """Returns the seconds of an ordinary rehearsal with its PDFs, and the length of its histories."""
    begun = time.perf_counter()
    answer = await rehearse(read(SCRIPT), folder / "one", quietly=True)
    seconds = round(time.perf_counter() - begun, 1)
    say(f"a rehearsal took {seconds} seconds")
    reminders = sum(letter["kind"] == "reminder" for letter in answer["letters"])
    facts = {**{name: len(answer[name]) for name in ("letters", "documents")}, "reminders": reminders}
    return {"seconds": seconds, **facts}, histories.of_rehearsal(folder / "one", reminders)


async def many(folder: Path, inspections: int) -> Figures:
    """Returns the seconds of so many inspections (at most one per authority) that run the same script at once."""
    begun = time.perf_counter()
    rehearsal = read(SCRIPT)
    data = folder / "many"
    data.mkdir(parents=True)
    async with world(data, rehearsal.script.begins) as surroundings:
        together = Together(surroundings, rehearsal, inspections)
        await together.play()
    seconds = round(time.perf_counter() - begun, 1)
    say(f"{inspections} rehearsals at once took {seconds} seconds")
    return {"inspections": inspections, "seconds": seconds, "seconds_each": round(seconds / inspections, 2)}


class Together:
    """Inspections of different authorities that run one script entry by entry."""

    def __init__(self, surroundings: World, rehearsal: Rehearsal, inspections: int) -> None:
        self.world = surroundings
        with reading(surroundings.system.records) as session:
            codes = [row["code"] for row in directory.authorities(session)][:inspections]
        self.all = [self._of(rehearsal, code) for code in codes]

    async def play(self) -> None:
        """Runs from the orders until every window for complaints is over and the last letter is sent."""
        await self._for_all(
            lambda member, _: start_inspection(
                Caller(entry_point=REHEARSAL),
                self.world.system,
                StartInspection(OrderRead(member.order_file, member.order), f"order-{member.order.reference}"),
            )
        )
        await self._rest()
        for number in range(len(self.all[0][0].script.steps)):
            await self._entry(number)
            say(f"entry {number + 1} of {len(self.all[0][0].script.steps)}")
        while (due := self._next_due()) is not None:
            await self._leap(due + A_MOMENT)

    def _of(self, rehearsal: Rehearsal, code: str) -> tuple[Rehearsal, Records]:
        """Returns the script for another authority, with its own people."""
        order: Order = rehearsal.order.model_copy(update={"reference": f"MANY-{code}", "authority": code})
        steps = tuple(
            entry.model_copy(update={"by": entry.by and entry.by.replace(f".{rehearsal.order.authority}", f".{code}")})
            for entry in rehearsal.script.steps
        )
        script = rehearsal.script.model_copy(update={"steps": steps})
        return replace(rehearsal, order=order, script=script), Records(self.world.system.records, order.reference)

    async def _entry(self, number: int) -> None:
        first, records = self.all[0]
        entry = first.script.steps[number]
        moment = moment_of(entry, self._known(records), self.world.clock.now())
        while (due := self._next_due()) is not None and due + A_MOMENT < moment:
            await self._leap(due + A_MOMENT)
        await self._leap(moment)
        if entry.what != "nobody":
            await self._for_all(
                lambda member, records: entries.carry_out(
                    Turn(number, member.script.steps[number], member, self.world, records)
                )
            )
            await self._rest()

    def _known(self, records: Records) -> Known:
        with reading(self.world.system.records) as session:
            calendar = calendar_in_force(session)
        return Known(settling.state(self.world, records.inspection), calendar)

    def _next_due(self) -> Any:
        now = self.world.clock.now()
        return min((due for _, records in self.all if (due := records.next_moment(now))), default=None)

    async def _leap(self, moment: Any) -> None:
        await self.world.clock.leap_to(moment)
        await self._rest()

    async def _rest(self) -> None:
        give_up = time.monotonic() + BOUND
        for _, records in self.all:
            while True:
                try:
                    await settling.until_settled(self.world, records)
                    break
                except CheckFailed:
                    if time.monotonic() > give_up:
                        raise

    async def _for_all(self, work: Callable[[Rehearsal, Records], Coroutine[Any, Any, Any]]) -> None:
        await bounded_gather(self.all, lambda pair: work(*pair), CONCURRENT_REHEARSALS)
