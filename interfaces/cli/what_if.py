"""`inspections what-if`: what would move and clash if a day were another one. Reads the records and writes nothing."""

from datetime import date
from typing import Annotated

import typer

from application.queries.change_previews import what_if as preview_supposition
from application.serializers.calendars import what_if_as_json
from framework.common.errors import BadInput
from framework.inspection.what_if import Supposition
from interfaces.cli.options import Data, Json, day, option
from interfaces.cli.output import print_json
from interfaces.cli.previews_text import print_previews
from interfaces.cli.sessions import reading_session

Inspection = Annotated[
    str, typer.Argument(metavar="[ID]", help="One inspection; all open ones without it.", show_default=False)
]
Notified = Annotated[str, option("--notified", "DATE", "Day 0 were this day.")]
Fieldwork = Annotated[str, option("--fieldwork", "DATE", "The first day on site were this day.")]
Holiday = Annotated[str, option("--holiday", "DATE", "This day were a bank holiday.")]
DeferTo = Annotated[str, option("--defer-to", "DATE", "It were deferred, and notified (anew) on this day (para 9).")]


def what_if(
    inspection: Inspection = "",
    notified: Notified = "",
    fieldwork: Fieldwork = "",
    holiday: Holiday = "",
    defer_to: DeferTo = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """What would move and clash, if it were so. Several may be supposed at once; nothing is written.

    Appointments are never moved: those that would not fit are named. From fieldwork on there is no deferral (para 9).
    """
    supposition = _supposed(notified, fieldwork, holiday, defer_to)
    with reading_session(data) as session:
        answer = preview_supposition(session.caller, session.context, supposition, inspection)
        if json:
            print_json(what_if_as_json(answer))
        else:
            print_previews(answer.inspections, "Nothing would move, and nothing would clash.")


def _supposed(notified: str, fieldwork: str, holiday: str, defer_to: str) -> Supposition:
    options = {"--notified": notified, "--fieldwork": fieldwork, "--holiday": holiday, "--defer-to": defer_to}
    days: list[date | None] = [day(text, name) for name, text in options.items()]
    if not any(days):
        raise BadInput(f"what-if: say what is supposed, with {', '.join(options)}")
    if notified and defer_to:
        raise BadInput("what-if: --defer-to says the day of the new notification: leave --notified out")
    return Supposition(*days)
