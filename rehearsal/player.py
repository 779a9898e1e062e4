"""Plays a script entry by entry, each at its moment, from the order until nothing is pending."""

import asyncio
import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from activities.names import delivery_workflow_id, inspection_workflow_id
from application.caller import REHEARSAL, Caller
from application.commands.start_inspection import StartInspection, start_inspection
from application.files.order_file import OrderRead
from application.runtime import data_lock, rehearsal_marker
from application.runtime.os_account import who_runs_this
from framework.common.errors import BadInput, CheckFailed, InspectionError
from records.calendars.versions import calendar_in_force
from records.database.connection import reading
from rehearsal import entries, run_tracking, settling
from rehearsal.entries import Turn
from rehearsal.entry_time import Known, moment_of
from rehearsal.environment import World, world
from rehearsal.expectations import check_expected
from rehearsal.observer import Records
from rehearsal.progress import ProgressPrinter
from rehearsal.result import result, within
from rehearsal.script_reader import Rehearsal

A_MOMENT = timedelta(seconds=1)
"""How far beyond a due moment the clock is moved, so that it has certainly passed."""
MOST_LEAPS = 1000
"""More due items than any inspection has: a script that reaches this would never end."""


async def rehearse(rehearsal: Rehearsal, data: Path, quietly: bool = False) -> dict[str, Any]:
    """Plays the script in the folder `data`; returns its result.

    Raises `CheckFailed` if an expectation of the script is not met, `BadInput` for a moment that cannot be."""
    begun = time.monotonic()
    lock = data_lock.take(data)
    try:
        rehearsal_marker.clear(data)
        return await _marked(rehearsal, data, quietly, begun)
    finally:
        os.close(lock)


async def _marked(rehearsal: Rehearsal, data: Path, quietly: bool, begun: float) -> dict[str, Any]:
    """Plays the script, and records its outcome in the marker of the folder."""
    rehearsal_marker.write(data, {"script": rehearsal.file.name, "state": "cut off"})
    try:
        async with world(data, rehearsal.script.begins) as surroundings:
            player = Player(rehearsal, surroundings, quietly)
            await player.play()
            answer = result(player.records, player.stage, data, time.monotonic() - begun)
        rehearsal_marker.write(data, {"script": rehearsal.file.name, "state": "done", "result": within(data, answer)})
        return answer
    except InspectionError as error:
        rehearsal_marker.write(data, {"script": rehearsal.file.name, "state": "failed", "why": str(error)})
        raise


class Player:
    """One running rehearsal."""

    def __init__(self, rehearsal: Rehearsal, surroundings: World, quietly: bool) -> None:
        self.rehearsal = rehearsal
        self.world = surroundings
        self.records = Records(surroundings.system.records, rehearsal.order.reference)
        self.stage = ""
        self._progress = ProgressPrinter(self.records, quietly)

    async def play(self) -> None:
        """Plays from the order to the end."""
        caller = Caller(entry_point=REHEARSAL, ran_as=who_runs_this())
        order = OrderRead(self.rehearsal.order_file, self.rehearsal.order)
        request = StartInspection(order, "order", confirmed=True)  # unusual times in a script are intended
        await start_inspection(caller, self.world.system, request)
        await self._rest()
        for number in range(len(self.rehearsal.script.steps)):
            await self._entry(number)
        await self._to_the_end()
        await run_tracking.keep_histories(self.world.system, self.world.runs, self.world.data, self.records.inspection)

    async def _entry(self, number: int) -> None:
        turn = Turn(number, self.rehearsal.script.steps[number], self.rehearsal, self.world, self.records)
        before = self.records.head()
        await self._until(self._moment(turn))
        if turn.entry.what != "nobody":
            before = self.records.head()
            await entries.carry_out(turn)
        await self._rest()
        if turn.entry.expect is not None:
            known = self._known()
            check_expected(turn.position, turn.entry.expect, before, self.records, known.inspection, known.calendar)

    def _moment(self, turn: Turn) -> datetime:
        try:
            return moment_of(turn.entry, self._known(), self.world.clock.now())
        except BadInput as error:
            raise BadInput(f"{turn.position}: {error}") from None

    def _known(self) -> Known:
        with reading(self.world.system.records) as session:
            calendar = calendar_in_force(session)
        return Known(settling.state(self.world, self.records.inspection), calendar)

    async def _until(self, moment: datetime) -> None:
        """Skips to `moment`, pausing at each due item until everything at its moment is done."""
        for _ in range(MOST_LEAPS):
            due = self.records.next_moment(self.world.clock.now())
            if due is None or due + A_MOMENT >= moment:
                break
            await self.world.clock.leap_to(due + A_MOMENT)
            await self._rest()
        await self.world.clock.leap_to(moment)
        await self._rest()

    async def _rest(self) -> None:
        await settling.until_settled(self.world, self.records)
        self._progress.print_new()

    async def _to_the_end(self) -> None:
        """Lets time pass after the last entry, until nothing is pending and the last letter is sent."""
        for _ in range(MOST_LEAPS):
            due = self.records.next_moment(self.world.clock.now())
            inspection = settling.state(self.world, self.records.inspection)
            if due is None and inspection.is_finished:
                break
            if due is None:
                raise CheckFailed(
                    f"{self.rehearsal.file.name}: the script ends at stage {inspection.stage}: from here only people "
                    "can move the inspection on, and nobody does"
                )
            await self._until(due + 2 * A_MOMENT)
        self.stage = str(inspection.stage)
        if inspection.stage is not self.rehearsal.script.ends:
            raise CheckFailed(f"{self.rehearsal.file.name}: it ended {self.stage}, not {self.rehearsal.script.ends}")
        await self._workflows_end()

    async def _workflows_end(self) -> None:
        """Waits until both workflows have ended."""
        # One after the other: while both are awaited at once, the test server's clock does not skip.
        client = self.world.system.engine()
        for workflow in (inspection_workflow_id, delivery_workflow_id):
            name = workflow(self.records.inspection)
            for run in self.world.runs.of(name)[-1:]:
                await asyncio.wait_for(client.get_workflow_handle(name, run_id=run).result(), settling.BOUND)
