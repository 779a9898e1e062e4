"""`inspections holidays`: the calendar of bank holidays."""

import typer

from interfaces.cli.options import Data, Json

holidays = typer.Typer(add_completion=False, help="The calendar of bank holidays.", no_args_is_help=True)


@holidays.callback()
def _group() -> None:
    """The calendar of bank holidays."""


@holidays.command("list", short_help="The holidays of the calendar in force.")
def list_(json: Json = False, data: Data = None) -> None:
    """List the bank holidays of the calendar in force; as JSON in the form that `dates --holidays` reads."""
    from interfaces.cli import words
    from interfaces.cli.open_system import looking
    from interfaces.cli.output import print_json, print_table
    from records.calendars import calendar_in_force

    with looking(data) as view:
        calendar = calendar_in_force(view.session)
        days = sorted(calendar.holidays.items())
        if json:
            print_json([{"date": day, "title": title} for day, title in days])
        else:
            rows = [(words.day(day), title) for day, title in days]
            title = f"Calendar {calendar.version}, {calendar.first} to {calendar.last}"
            print_table(("Day", "Holiday"), rows, title=title)
