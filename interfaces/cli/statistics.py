"""`inspections statistics`: limits met, missed and at risk, and working days used by whom."""

from textwrap import fill
from typing import Annotated

import typer

from application.queries.statistics import FigureGroup, GroupedBy, Statistics, StatisticsRequest
from application.queries.statistics import statistics as read_statistics
from application.serializers import wording
from application.serializers.statistics import statistics_as_json, title
from framework.calendar.london_time import say_moment
from interfaces.cli.as_of import AsOf, moment
from interfaces.cli.options import Data, Json, Region, option, period
from interfaces.cli.output import PLAIN_WIDTH, print_json, print_text
from interfaces.cli.screen import print_table
from interfaces.cli.sessions import reading_session

By = Annotated[
    GroupedBy,
    typer.Option("--by", help="What a line is; a quarter is that of the day a limit is due."),
]
From = Annotated[str, option("--from", "D", "Only limits due on this day or later.")]
To = Annotated[str, option("--to", "D", "Only limits due on this day or earlier.")]
Listed = Annotated[bool, typer.Option("--list", help="Name the inspections behind each number.")]


def statistics(
    by: By = "paragraph",
    as_of: AsOf = "",
    since: From = "",
    until: To = "",
    region: Region = "",
    listed: Listed = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """How many limits were met, missed (met late, lapsed, waived, never done, met only by
    a correction, or owed and past their day), are at risk (owed, and
    reminded of or on their last day) or open; and the working days that inspectorate and authority used for what they owed, and those of deferrals.

    Limits that run beside each other count their days each. With --as-of the figures are those of that moment: from what was
    recorded by then, with the calendar then in force.
    """
    first, last = period(since, until)
    request = StatisticsRequest(by, moment(as_of), first, last, region, as_of)
    with reading_session(data) as session:
        figures = read_statistics(session.caller, session.context, request)
        if json:
            print_json(statistics_as_json(figures))
        else:
            _print(figures, listed)


def _print(figures: Statistics, listed: bool) -> None:
    of_region = f" in {figures.region}" if figures.region else ""
    print_text(f"Limits{of_region} as known at {say_moment(figures.as_of)} (London), calendar {figures.calendar}\n")
    lines = [*figures.groups.items(), ("all", figures.total)] if figures.groups else []
    columns = (figures.by.capitalize(), "Met", "Missed", "At risk", "Open", "Insp.", "Auth.", "Def.")
    print_table(columns, [_line(figures.by, key, group) for key, group in lines], empty="No limit like that.")
    if lines:
        print_text("\nInsp., Auth., Def.: working days of the inspectorate, the authority, deferred")
    if listed:
        for key, group in lines:
            _print_inspections(figures.by, key, group)


def _line(by: str, key: str, group: FigureGroup) -> tuple[object, ...]:
    limits = (group.limits[name].number for name in ("met", "missed", "at_risk", "open"))
    days = (group.working_days[name].number for name in ("inspectorate", "authority", "deferred"))
    return (_label(by, key), *limits, *days)


def _label(by: str, key: str) -> str:
    return key if key == "all" or by != "paragraph" else f"{key} {title(by, key)}"


def _print_inspections(by: str, key: str, group: FigureGroup) -> None:
    print_text(f"\n{_label(by, key)}")
    for name, figure in {**group.limits, **group.missed, **group.working_days}.items():
        if figure.inspections:
            line = f"  {wording.plain(name)} ({figure.number}): {', '.join(figure.inspections)}"
            print_text(fill(line, PLAIN_WIDTH, subsequent_indent="    ", break_on_hyphens=False))
