"""`inspections concern`: what is raised with the lead inspector during an inspection, and how it was settled (para 64)."""

from typing import Annotated, Any

import typer

from application.commands.take_step import TakeStep
from framework.common.errors import BadInput
from framework.inspection.concern_forms import Raiser
from interfaces.cli.do import On, Set, With, take
from interfaces.cli.fields import GivenFields
from interfaces.cli.options import By, CommandId, Data, InspectionId, Json, day

_LISTED = "Concerns raised during an inspection, and how each was settled; `inspections show ID` lists them."
_ADD = (
    "Record a concern that was raised with the lead inspector, or with another of the team: the step add_concern (para 64). "
    f"Its fields are raised_by, one of {', '.join(Raiser)}; and text, what it is about. Who raised it is said in these "
    "general terms alone, never by name; nor should the text name anyone, for its words cannot be changed afterwards. --on is the "
    "day it was raised. A concern about health care is for the Care Quality Commission (para 64); that a child may be at risk "
    "of significant harm, the Director of Children's Services is told at once (para 54)."
)
_SETTLE = (
    "Record how concern N was settled: the step settle_concern (para 64). Its field is text; --on is the day it was settled. A "
    "concern is settled once; where the same is raised again, add it again."
)
Number = Annotated[int, typer.Argument(metavar="N", min=1, help="The number of the concern, as `show` lists it.")]

concern = typer.Typer(add_completion=False, help=_LISTED, no_args_is_help=True)


@concern.command("add", short_help="A concern that was raised.", help=_ADD)
def add_concern(
    inspection: InspectionId,
    file: With = None,
    settings: Set = None,
    by: By = "",
    on: On = "",
    command: CommandId = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Takes the step `add_concern`."""
    given = GivenFields(inspection, "add_concern", file, settings or [])
    take(TakeStep(inspection, "add_concern", given.values, day(on), command, given.locate), by, json, data)


@concern.command("settle", short_help="How a concern was settled.", help=_SETTLE)
def settle_concern(
    inspection: InspectionId,
    number: Number,
    file: With = None,
    settings: Set = None,
    by: By = "",
    on: On = "",
    command: CommandId = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Takes the step `settle_concern` for concern `number`. Raises `BadInput` where the fields name a number, too."""
    given = GivenFields(inspection, "settle_concern", file, settings or [])

    def fields(*_: object) -> dict[str, Any]:
        values = given.values()
        if "number" in values:
            raise BadInput(given.locate(("number",), f"leave it out: the concern is named behind {inspection} already"))
        return {**values, "number": number}

    take(TakeStep(inspection, "settle_concern", fields, day(on), command, given.locate), by, json, data)
