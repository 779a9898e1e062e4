"""`inspections do`: take a step, or see which steps are open now and what each needs."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from application.commands.take_step import TakeStep, take_step
from application.queries.open_steps import open_steps
from application.serializers.steps import step_result_as_json, steps_as_json
from framework.common.errors import BadInput
from interfaces.cli.fields import GivenFields
from interfaces.cli.open_steps_text import print_open_steps
from interfaces.cli.options import By, CommandId, Data, InspectionId, Json, day, option
from interfaces.cli.output import print_json
from interfaces.cli.report import NAME as REPORT
from interfaces.cli.report import ReportOptions, report
from interfaces.cli.sessions import acting_session, reading_session, require_named
from interfaces.cli.step_result import print_step_result

StepName = Annotated[
    str, typer.Argument(metavar="[STEP]", help="The step; without it, those open now.", show_default=False)
]
With = Annotated[
    Path | None,
    option("--with", "FILE", "The step's fields, in YAML; for return_comments also the form that was filled in (PDF)."),
]
Set = Annotated[list[str] | None, option("--set", "NAME=VALUE", "One field; again for a list; over --with.")]
TakeOut = Annotated[
    Path | None,
    option(
        "--take-out", "FILE", "With the step report: saves the report as it stands, to be filled in; never overwritten."
    ),
]
On = Annotated[str, option("--on", "DATE", "The day it happened; today unless said, never later.")]


def do(
    inspection: InspectionId,
    step: StepName = "",
    file: With = None,
    settings: Set = None,
    by: By = "",
    on: On = "",
    command: CommandId = "",
    take_out: TakeOut = None,
    json: Json = False,
    data: Data = None,
) -> None:
    """Take a step of an inspection. Without STEP, list the steps open now and what each needs.

    The step report writes all headings of the report at once: --with FILE writes those that changed, --take-out FILE saves the
    file as the report stands.

    The day it happened is today unless --on says otherwise. If no answer comes (exit code 4), the message states whether
    the step is stored: run the command again with the --command that it prints, and the step is taken once.
    """
    if take_out is not None and step != REPORT:
        raise BadInput("--take-out goes with the step report alone")
    if not step:
        _list(inspection, by, json, data)
        return
    if step == REPORT:
        report(ReportOptions(inspection, file, take_out, tuple(settings or ()), by, on, command, json, data))
        return
    given = GivenFields(inspection, step, file, settings or [])
    request = TakeStep(inspection, step, given.values, day(on), command, given.locate)
    take(request, by, json, data)


def take(request: TakeStep, by: str, json: bool, data: Path | None) -> None:
    """Takes a step for the person `by` (or of the settings), and prints what it brought about."""
    asyncio.run(_take(request, by, json, data))


def _list(inspection: str, by: str, json: bool, data: Path | None) -> None:
    with reading_session(data, by) as session:
        steps = open_steps(session.caller, session.context, inspection, own=bool(session.caller.person))
        if json:
            print_json(steps_as_json(steps.steps))
        else:
            print_open_steps(steps, session.caller.person)


async def _take(request: TakeStep, by: str, json: bool, data: Path | None) -> None:
    async with acting_session(data, by) as session:
        require_named(session, f"do {request.step}")
        result = await take_step(session.caller, session.context, request)
    if json:
        print_json(step_result_as_json(result))
    else:
        print_step_result(result)
