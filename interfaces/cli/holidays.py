"""`inspections holidays`: the calendar of bank holidays, its versions, and changes of it."""

from typing import Annotated

import typer

from application.queries.calendars import calendar_versions
from application.queries.calendars import holidays as read_holidays
from application.serializers.calendars import holidays_as_json, versions_as_json
from interfaces.cli.holidays_change import Change, Options, run
from interfaces.cli.holidays_text import print_holidays, print_versions
from interfaces.cli.options import By, CommandId, Data, Json
from interfaces.cli.output import print_json
from interfaces.cli.sessions import Session, reading_session

Preview = Annotated[
    bool, typer.Option("--preview", help="Show what would move, in every open inspection, and change nothing.")
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the version.", show_default=False)
]
Day = Annotated[str, typer.Argument(metavar="DATE", help="A bank holiday.")]

holidays = typer.Typer(add_completion=False, help="The calendar of bank holidays.", no_args_is_help=True)


@holidays.callback()
def _group() -> None:
    """The calendar of bank holidays."""


@holidays.command("list", short_help="The holidays of the calendar in force, or its versions.")
def list_(
    versions: Annotated[
        bool, typer.Option("--versions", help="The versions there were: who made each, when, why.")
    ] = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """List the bank holidays of the calendar in force; as JSON in the form that `dates --holidays` reads."""
    with reading_session(data) as session:
        if versions:
            _list_versions(session, json)
        else:
            _list_days(session, json)


def _list_days(session: Session, json: bool) -> None:
    listed = read_holidays(session.caller, session.context)
    print_json(holidays_as_json(listed)) if json else print_holidays(listed)


def _list_versions(session: Session, json: bool) -> None:
    listed = calendar_versions(session.caller, session.context)
    print_json(versions_as_json(listed)) if json else print_versions(listed)


@holidays.command("add", short_help="A newly proclaimed bank holiday.")
def add(
    day: Day,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What it is called.")],
    by: By = "",
    preview: Preview = False,
    reason: Reason = "",
    command: CommandId = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Add a bank holiday. Limits of open inspections move, and each authority is notified once; appointments stay."""
    run(Change("add", day, title), Options(by, preview, reason, command, json, data))


@holidays.command("move", short_help="A bank holiday moved to another day.")
def move(
    day: Day,
    to: Annotated[str, typer.Argument(metavar="DATE", help="The day it is moved to.")],
    by: By = "",
    preview: Preview = False,
    reason: Reason = "",
    command: CommandId = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Move a bank holiday to another day, under its title. What follows is as with `add`."""
    run(Change("move", day, to=to), Options(by, preview, reason, command, json, data))


@holidays.command("remove", short_help="A bank holiday that is none.")
def remove(
    day: Day,
    by: By = "",
    preview: Preview = False,
    reason: Reason = "",
    command: CommandId = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Take a bank holiday away. What follows is as with `add`; limits that are met keep their day."""
    run(Change("remove", day), Options(by, preview, reason, command, json, data))
