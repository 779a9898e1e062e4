"""`inspections correct`: corrects a wrong day by a new event; what derives from it follows."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from application.commands.correct_event import CorrectEvent, correct_event
from application.serializers.steps import step_result_as_json
from interfaces.cli.options import By, CommandId, Data, InspectionId, Json, day
from interfaces.cli.output import print_json
from interfaces.cli.sessions import acting_session, require_named
from interfaces.cli.step_result import print_step_result

Which = Annotated[
    str,
    typer.Argument(metavar="EVENT", help="The event's number, or its kind for the newest (`inspections history ID`)."),
]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="The right day.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it was wrong; kept with the correction.")]
Proof = Annotated[
    str,
    typer.Option(
        "--proof",
        metavar="TEXT",
        help="For an earlier day of what the authority handed in: what came, from whom, and how.",
        show_default=False,
    ),
]


def correct(
    inspection: InspectionId,
    event: Which,
    on: On,
    reason: Reason,
    by: By = "",
    proof: Proof = "",
    command: CommandId = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Correct the day of an event. The wrong entry stays in the history; every date that hangs on it follows."""
    asyncio.run(_correct(CorrectEvent(inspection, event, day(on), reason, proof, command), by, json, data))


async def _correct(request: CorrectEvent, by: str, json: bool, data: Path | None) -> None:
    async with acting_session(data, by) as session:
        require_named(session, "correct")
        result = await correct_event(session.caller, session.context, request)
    if json:
        print_json(step_result_as_json(result))
    else:
        print_step_result(result)
