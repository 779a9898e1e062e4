"""`inspections what-if`: what would move and clash if a day were another one. Reads the records and writes nothing."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framework.common.errors import BadInput
from interfaces.cli.do import day
from interfaces.cli.options import Data, Json

if TYPE_CHECKING:
    from framework.lifecycle.what_if import Supposition

Inspection = Annotated[
    str, typer.Argument(metavar="[ID]", help="One inspection; all open ones without it.", show_default=False)
]


def _option(name: str, words: str) -> Any:
    return typer.Option(name, metavar="DATE", help=words, show_default=False)


Notified = Annotated[str, _option("--notified", "Day 0 were this day.")]
Fieldwork = Annotated[str, _option("--fieldwork", "The first day on site were this day.")]
Holiday = Annotated[str, _option("--holiday", "This day were a bank holiday.")]
DeferTo = Annotated[str, _option("--defer-to", "It were deferred, and notified (anew) on this day (para 9).")]


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
    from application.open_context import looking
    from application.queries import change_previews
    from application.queries.lookups import must_know
    from framework.lifecycle.what_if import what_if, with_holiday
    from interfaces.cli.moves import print_moves
    from interfaces.cli.output import print_json
    from records.calendars.versions import calendar_in_force
    from records.inspections import repository

    suppose = _supposed(notified, fieldwork, holiday, defer_to)
    with looking(data) as view:
        calendar = calendar_in_force(view.session)
        with_holiday(calendar, suppose)
        if inspection:
            must_know(view.session, inspection)
            found = [
                change_previews.in_one(view.session, inspection, lambda one: what_if(one, calendar, suppose, view.now))
            ]
        else:
            names = repository.still_open(view.session)
            found = change_previews.in_all(view.session, names, lambda one: what_if(one, calendar, suppose, view.now))
        if json:
            days = {name: getattr(suppose, name) for name in ("notified", "fieldwork", "holiday", "defer_to")}
            supposed = {name: value for name, value in days.items() if value}
            print_json(
                {
                    "calendar": calendar.version,
                    "supposed": supposed,
                    "inspections": [change_previews.as_json(one) for one in found],
                }
            )
        else:
            print_moves(found, "Nothing would move, and nothing would clash.")


def _supposed(notified: str, fieldwork: str, holiday: str, defer_to: str) -> "Supposition":
    from framework.lifecycle.what_if import Supposition

    options = {"--notified": notified, "--fieldwork": fieldwork, "--holiday": holiday, "--defer-to": defer_to}
    days: list[date | None] = [day(text, option) for option, text in options.items()]
    if not any(days):
        raise BadInput(f"what-if: say what is supposed, with {', '.join(options)}")
    if notified and defer_to:
        raise BadInput("what-if: --defer-to says the day of the new notification: leave --notified out")
    return Supposition(*days)
