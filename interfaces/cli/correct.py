"""`inspections correct`: a wrong day put right by a new event; what derives from it follows."""

from pathlib import Path
from typing import Annotated

import typer

from framework.errors import BadInput
from interfaces import settings
from interfaces.cli.do import Inspection, day, run_step
from interfaces.cli.options import By, CommandId, Data, Json

Number = Annotated[int, typer.Argument(metavar="EVENT", help="The event's number (see `inspections history ID`).")]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="The right day.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it was wrong; kept with the correction.")]


def correct(
    inspection: Inspection,
    event: Number,
    on: On,
    by: By,
    reason: Reason,
    command: CommandId = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Put the day of an event right. The wrong entry stays in the history; every date that hangs on it follows."""
    if not reason.strip():
        raise BadInput("--reason: say why the day was wrong")
    _must_have_happened(inspection, event, data)
    fields = [f"event={event}", f"reason={reason}"]
    run_step(inspection, "correct", None, fields, by, day(on), command, json, data)


def _must_have_happened(inspection: str, event: int, data: Path | None) -> None:
    from interfaces.cli.known import must_know
    from interfaces.cli.open_system import open_records
    from records.database import reading

    records = open_records(settings.read(data))
    try:
        with reading(records) as session:
            newest = must_know(session, inspection)["head_number"]
    finally:
        records.dispose()
    if not 1 <= event <= newest:
        raise BadInput(f"{inspection} has no event {event}; they are 1 to {newest} (inspections history {inspection})")
