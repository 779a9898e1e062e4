"""`inspections correct`: a wrong day put right by a new event; what derives from it follows."""

from pathlib import Path
from typing import Annotated

import typer

from application.runtime import settings
from framework.common.errors import BadInput
from interfaces.cli.do import Inspection, day, run_step
from interfaces.cli.options import By, CommandId, Data, Json

Which = Annotated[
    str,
    typer.Argument(metavar="EVENT", help="The event's number, or its kind for the newest (`inspections history ID`)."),
]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="The right day.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it was wrong; kept with the correction.")]


def correct(
    inspection: Inspection,
    event: Which,
    on: On,
    by: By,
    reason: Reason,
    command: CommandId = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Put the day of an event right. The wrong entry stays in the history; every date that hangs on it follows."""
    fields = [f"event={_number(inspection, event, data)}", f"reason={reason}"]
    run_step(inspection, "correct", None, fields, by, day(on), command, json, data)


def _number(inspection: str, event: str, data: Path | None) -> int:
    """The number of the event that is meant. Raises `BadInput` for one that is not there, or whose day stands by itself."""
    from application.open_context import open_records
    from application.queries.lookups import must_know
    from records.database.connection import reading
    from records.inspections.repository import state

    records = open_records(settings.read(data))
    try:
        with reading(records) as session:
            newest = must_know(session, inspection)["head_number"]
            happened = state(session, inspection).milestones_reached
    finally:
        records.dispose()
    if event.isdecimal() and 1 <= int(event) <= newest:
        return int(event)
    if event in happened:
        return happened[event].number
    raise BadInput(
        f"{inspection} has no event {event}; they are 1 to {newest}, or a kind such as "
        f"{', '.join(list(happened)[:3]) or 'notified'} (inspections history {inspection})"
    )
