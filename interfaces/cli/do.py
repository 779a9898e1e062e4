"""`inspections do`: take a step, or see which steps are open now and what each needs."""

import asyncio
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from framework.common.errors import BadInput, Remedy, Unreachable
from interfaces.cli.options import CommandId, Data, Json

if TYPE_CHECKING:
    from application.commands.take_step import TakeStep
    from application.runtime.context import AppContext
    from framework.lifecycle.lifecycle import Step
    from framework.messages.commands import Answer

Inspection = Annotated[str, typer.Argument(metavar="ID", help="The inspection.")]
StepName = Annotated[
    str, typer.Argument(metavar="[STEP]", help="The step; without it, those open now.", show_default=False)
]
With = Annotated[
    Path | None,
    typer.Option(
        "--with",
        metavar="FILE",
        help="The step's fields, in YAML; for return_comments also the form that was filled in (PDF).",
        show_default=False,
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="One field; again for a list; over --with.", show_default=False),
]
By = Annotated[
    str, typer.Option("--by", metavar="PERSON", help="Who does this: a person of the directory.", show_default=False)
]
On = Annotated[
    str,
    typer.Option(
        "--on", metavar="DATE", help="The day it happened; today unless said, never later.", show_default=False
    ),
]


def do(
    inspection: Inspection,
    step: StepName = "",
    file: With = None,
    settings: Set = None,
    by: By = "",
    on: On = "",
    command: CommandId = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Take a step of an inspection. Without STEP, list the steps open now and what each needs.

    The day it happened is today unless --on says otherwise. Where no answer comes (exit code 4), what was sent is kept:
    run the command again with the --command that is printed, and it is done once.
    """
    if not step:
        from interfaces.cli.open_steps import show_open_steps

        show_open_steps(inspection, by, json, data)
        return
    if not by:
        raise BadInput(f"do {step}: say who does this with --by PERSON")
    run_step(inspection, step, file, settings or [], by, day(on), command, json, data)


def run_step(
    inspection: str,
    step: str,
    file: Path | None,
    settings: list[str],
    by: str,
    on: date | None,
    command: str,
    json: bool,
    data: Path | None,
) -> None:
    """Take a step through the common entry point, and tell what came of it."""
    from application.commands.take_step import TakeStep

    wish = TakeStep(inspection, step, by, {}, on, command or str(uuid4()))
    asyncio.run(_take(wish, file, settings, json, data))


def day(text: str, option: str = "--on") -> date | None:
    """The day an option names; None where it was left out. Raises `BadInput`."""
    if not text:
        return None
    with suppress(ValueError):
        if (found := date.fromisoformat(text)).isoformat() == text:
            return found
    raise BadInput(f"{option} {text}: must be a day like 2010-11-03")


async def _take(wish: "TakeStep", file: Path | None, settings: list[str], json: bool, data: Path | None) -> None:
    from dataclasses import replace

    from application.commands.take_step import is_open_to, take_step
    from application.open_context import with_or_without_engine
    from interfaces.cli.fields import gather

    async with with_or_without_engine(data) as (system, missing):
        step = _row(system, wish)
        checked = is_open_to(system, wish.inspection, wish.step, wish.by)  # otherwise that is what is wrong with it
        fields = gather(step, file, settings, checked, system.settings.case_identifier, wish.inspection)
        filled = replace(wish, fields=fields)
        if missing and not _kept_without_engine(wish.step):
            raise missing
        try:
            answer = await take_step(system, filled)
        except Unreachable as error:
            raise _again(error, wish.command) from None
        _tell(system, filled, answer, json)


def _row(system: "AppContext", wish: "TakeStep") -> "Step":
    """Returns the step as it may be taken now, or one of its rows. Raises `BadInput` for what is not known."""
    from application.queries.lookups import must_know, must_know_person
    from application.runtime.suggestions import near
    from framework.inspection.stages import Stage
    from framework.lifecycle.lifecycle import STEP_NAMES, STEPS, find
    from records.database.connection import reading

    with reading(system.records) as session:
        stage = Stage(must_know(session, wish.inspection)["stage"])
        must_know_person(session, wish.by)
    step = find(wish.step, stage) or next((one for one in STEPS if one.name == wish.step), None)
    if step is None:
        raise BadInput(f"there is no step «{wish.step}»{near(wish.step, STEP_NAMES)}", remedy=Remedy.LIST_STEPS)
    return step


def _kept_without_engine(name: str) -> bool:
    """What needs no engine, or is handed in by the authority: that is kept with the moment it came, whoever is down."""
    from framework.lifecycle.lifecycle import STEPS
    from framework.vocabulary.roles import AUTHORITY_ROLES

    return any(step.name == name and (step.content or AUTHORITY_ROLES & set(step.by)) for step in STEPS)


def _again(error: Unreachable, command: str) -> Unreachable:
    if error.remedy is Remedy.REPEAT_COMMAND:
        return error
    what = f"{error}: what was sent is kept with the moment it came in"
    return Unreachable(what, remedy=Remedy.REPEAT_COMMAND, subject=command)


def _tell(system: "AppContext", wish: "TakeStep", answer: "Answer", json: bool) -> None:
    from interfaces.cli import step_result
    from interfaces.cli.output import print_json

    told = step_result.told(system, wish, answer)
    if json:
        print_json(told)
    else:
        step_result.print_answer(told)
