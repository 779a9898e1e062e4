"""What each kind of entry does, through the same entry point as every other step."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from application.commands import take_step
from application.commands.change_calendar import ChangeWish, change
from application.commands.import_directory import import_directory
from application.files.text_files import read_text_file
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
    def place(self) -> str:
        """Where it stands in the script."""
        return self.rehearsal.place(self.number)

    @property
    def command(self) -> str:
        """The identifier of its command: the same when it is sent again."""
        return f"entry-{self.number + 1}"


async def carry_out(turn: Turn) -> None:
    """Do what the entry says. Raises `CheckFailed` where that is not answered as the script expects."""
    await _DO[turn.entry.what](turn)


async def _step(turn: Turn) -> None:
    assert turn.entry.do is not None
    await _take_and_compare(turn, turn.entry.do, turn.entry.fields)


async def _correct(turn: Turn) -> None:
    kind = turn.entry.correct
    log = settling.state(turn.world, turn.records.inspection).log
    numbers = [number for number, (of_kind, _) in log.items() if of_kind == kind]
    if not numbers:
        raise BadInput(f"{turn.place}: there is no event «{kind}» to correct yet")
    await _take_and_compare(turn, "correct", {"event": max(numbers), "reason": turn.entry.reason})


async def _take_and_compare(turn: Turn, step: str, fields: Mapping[str, Any]) -> None:
    """Take the step, as often as the script says; the same command again must have the same answer."""
    first = await _take(turn, step, fields)
    if turn.entry.submit_again:
        head = turn.records.head()
        again = await _take(turn, step, fields)
        if (first and first.events) != (again and again.events) or (first and turn.records.head() != head):
            raise CheckFailed(f"{turn.place}: the same command again was taken as another one")


async def _take(turn: Turn, step: str, fields: Mapping[str, Any]) -> Answer | None:
    entry = turn.entry
    assert entry.by is not None
    wish = take_step.TakeStep(turn.records.inspection, step, entry.by, fields, entry.on, turn.command)
    answer, refusal = None, None
    try:
        answer = await take_step.take_step(turn.world.system, wish)
    except (BadInput, Refused) as error:
        refusal = error
    refused_as_expected(turn.place, step, entry.expect, refusal)
    return answer


async def _write(turn: Turn) -> None:
    entry, rehearsal = turn.entry, turn.rehearsal
    assert entry.by is not None
    for place, (step, fields) in enumerate(report_filler.steps(rehearsal.script.report, rehearsal.order)):
        wish = take_step.TakeStep(
            turn.records.inspection, step, entry.by, fields, command=f"{turn.command}.{place + 1}"
        )
        try:
            await take_step.take_step(turn.world.system, wish)
        except (BadInput, Refused) as error:
            raise CheckFailed(f"{turn.place}: {step} {fields['heading']} was refused: {error}") from None


async def _import(turn: Turn) -> None:
    assert turn.entry.import_people is not None
    path = turn.rehearsal.folder / turn.entry.import_people
    assert turn.entry.by is not None
    try:
        text = await asyncio.to_thread(read_text_file, path)
        await asyncio.to_thread(import_directory, turn.world.system, text, turn.entry.by, path.name)
    except BadInput as error:
        raise CheckFailed("; ".join((f"{turn.place}: {path}: {error}", *error.faults))) from None
    except Refused as error:
        raise CheckFailed(f"{turn.place}: {error}") from None


async def _holiday(turn: Turn) -> None:
    entry = turn.entry
    assert entry.holiday is not None
    assert entry.by is not None
    refusal = None
    try:
        await change(turn.world.system, ChangeWish(entry.holiday.change, entry.by, command=turn.command))
    except (BadInput, Refused) as error:
        refusal = error
    refused_as_expected(turn.place, "the change of the calendar", entry.expect, refusal)


async def _mail(turn: Turn) -> None:
    post = turn.world.post
    if turn.entry.mail == "down":
        await post.close()
        return
    await post.open()
    await settling.deliver_what_waits(turn.world, turn.records)


async def _nothing(turn: Turn) -> None:
    """Silence: time has passed, and that is all."""


_DO: dict[str, Callable[[Turn], Awaitable[None]]] = {
    "do": _step,
    "correct": _correct,
    "write": _write,
    "import_people": _import,
    "holiday": _holiday,
    "mail": _mail,
    "nobody": _nothing,
}
