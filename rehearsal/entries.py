"""What each kind of entry does, through the same entry point as every other step."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from application.caller import REHEARSAL, Caller
from application.commands.change_calendar import ChangeCalendar, change_calendar
from application.commands.import_directory import ImportDirectory, import_directory
from application.commands.take_step import TakeStep, submit_step
from application.files.text_files import read_text_file
from application.runtime.os_account import who_runs_this
from application.runtime.threads import write_in_thread
from framework.common.errors import BadInput, CheckFailed, Refused
from framework.messages.commands import Answer
from rehearsal import report_filler, settling
from rehearsal.environment import World
from rehearsal.expectations import refused_as_expected
from rehearsal.observer import Records
from rehearsal.script import Entry
from rehearsal.script_reader import Rehearsal


@dataclass(frozen=True, slots=True)
class Turn:
    """One entry, with everything it may need."""

    number: int
    entry: Entry
    rehearsal: Rehearsal
    world: World
    records: Records

    @property
    def position(self) -> str:
        """Returns its position in the script."""
        return self.rehearsal.position(self.number)

    @property
    def caller(self) -> Caller:
        """Returns the caller who does it, at the entry point of rehearsals."""
        return Caller(self.entry.by or "", entry_point=REHEARSAL, ran_as=who_runs_this())

    @property
    def command(self) -> str:
        """Returns the identifier of its command: the same when it is sent again."""
        return f"entry-{self.number + 1}"


async def carry_out(turn: Turn) -> None:
    """Runs the entry. Raises `CheckFailed` if the answer is not the one that the script expects."""
    await _DO[turn.entry.what](turn)


async def _step(turn: Turn) -> None:
    assert turn.entry.do is not None
    await _take_and_compare(turn, turn.entry.do, turn.entry.fields)


async def _correct(turn: Turn) -> None:
    kind = turn.entry.correct
    log = settling.state(turn.world, turn.records.inspection).log
    numbers = [number for number, (of_kind, _) in log.items() if of_kind == kind]
    if not numbers:
        raise BadInput(f"{turn.position}: there is no event «{kind}» to correct yet")
    await _take_and_compare(turn, "correct", {**turn.entry.fields, "event": max(numbers), "reason": turn.entry.reason})


async def _take_and_compare(turn: Turn, step: str, fields: Mapping[str, Any]) -> None:
    """Takes the step, as often as the script says; the same command again must have the same answer."""
    first = await _take(turn, step, fields)
    if turn.entry.submit_again:
        # The head of the log may grow meanwhile: a letter that the first one queued is recorded as sent.
        before = turn.records.events_from(REHEARSAL)
        again = await _take(turn, step, fields)
        if (first and first.events) != (again and again.events) or (
            first and turn.records.events_from(REHEARSAL) != before
        ):
            raise CheckFailed(f"{turn.position}: the same command again was taken as another one")


async def _take(turn: Turn, step: str, fields: Mapping[str, Any]) -> Answer | None:
    entry = turn.entry
    request = TakeStep(turn.records.inspection, step, fields, entry.on, turn.command)
    answer, refusal = None, None
    try:
        _, answer = await submit_step(turn.caller, turn.world.system, request)
    except (BadInput, Refused) as error:
        refusal = error
    refused_as_expected(turn.position, step, entry.expect, refusal)
    return answer


async def _write(turn: Turn) -> None:
    rehearsal = turn.rehearsal
    for number, (step, fields) in enumerate(report_filler.steps(rehearsal.script.report, rehearsal.order), 1):
        request = TakeStep(turn.records.inspection, step, fields, command=f"{turn.command}.{number}")
        try:
            await submit_step(turn.caller, turn.world.system, request)
        except (BadInput, Refused) as error:
            raise CheckFailed(f"{turn.position}: {step} {fields['heading']} was refused: {error}") from None


async def _import(turn: Turn) -> None:
    assert turn.entry.import_people is not None
    path = turn.rehearsal.folder / turn.entry.import_people
    try:
        request = ImportDirectory(await asyncio.to_thread(read_text_file, path), path.name)
        await write_in_thread(import_directory, turn.caller, turn.world.system, request)
    except BadInput as error:
        raise CheckFailed("; ".join((f"{turn.position}: {path}: {error}", *error.faults))) from None
    except Refused as error:
        raise CheckFailed(f"{turn.position}: {error}") from None


async def _holiday(turn: Turn) -> None:
    entry = turn.entry
    assert entry.holiday is not None
    refusal = None
    try:
        request = ChangeCalendar(entry.holiday.change, command=turn.command)
        await change_calendar(turn.caller, turn.world.system, request)
    except (BadInput, Refused) as error:
        refusal = error
    refused_as_expected(turn.position, "the change of the calendar", entry.expect, refusal)


async def _mail(turn: Turn) -> None:
    post = turn.world.post
    if turn.entry.mail == "down":
        await post.close()
        return
    await post.open()
    await settling.deliver_what_waits(turn.world, turn.records)


async def _nothing(turn: Turn) -> None:
    """Does nothing: only time passes."""


_DO: dict[str, Callable[[Turn], Awaitable[None]]] = {
    "do": _step,
    "correct": _correct,
    "write": _write,
    "import_people": _import,
    "holiday": _holiday,
    "mail": _mail,
    "nobody": _nothing,
}
