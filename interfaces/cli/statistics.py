"""`inspections statistics`: limits met, missed and at risk, and working days used by whom."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from framework.editions.october_2010.paragraphs import TITLES
from interfaces.cli.as_of import AsOf, moment, not_to_come
from interfaces.cli.history import period
from interfaces.cli.options import Data, Json
from interfaces.cli.output import print_text

if TYPE_CHECKING:
    from records.queries.statistics import Statistics
    from records.queries.statistics_tally import Count, Group

By = Annotated[
    Literal["paragraph", "lead", "authority", "region", "quarter"],
    typer.Option("--by", help="What a line is; a quarter is that of the day a limit is due."),
]
From = Annotated[
    str, typer.Option("--from", metavar="D", help="Only limits due on this day or later.", show_default=False)
]
To = Annotated[
    str, typer.Option("--to", metavar="D", help="Only limits due on this day or earlier.", show_default=False)
]
Listed = Annotated[bool, typer.Option("--list", help="Name the inspections behind each number.")]


def statistics(
    by: By = "paragraph",
    as_of: AsOf = "",
    since: From = "",
    until: To = "",
    listed: Listed = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """How many limits were met, missed (met late, lapsed, or owed and past their day), are at risk (owed, and
    reminded of or on their last day) or open; and the working days that inspectorate and authority used for what they owed, and those of deferrals.

    Limits that run beside each other count their days each. With --as-of the figures are those of that moment: from what was
    recorded by then, with the calendar then in force.
    """
    from application.open_context import looking
    from application.queries.access_logging import Read
    from interfaces.cli.output import print_json
    from records.queries.statistics import statistics as figures

    first, last = period(since, until)
    then = moment(as_of) if as_of else None
    asked = {"by": by, "as_of": as_of, "from": since, "to": until}
    with looking(data, Read("statistics", "", asked)) as view:
        not_to_come(then, view)
        found = figures(view.session, by, then or view.now, first, last)
        if json:
            print_json({**as_json(found, by), "from": first, "to": last})
        else:
            _print(found, by, listed)


def as_json(found: "Statistics", by: str) -> dict[str, Any]:
    """Every figure with the inspections behind it."""
    return {
        "as_of": found.as_of,
        "calendar": found.calendar,
        "by": by,
        "groups": [{"key": key, "title": title(by, key), **_group(group)} for key, group in found.groups.items()],
        "total": _group(found.total),
    }


def title(by: str, key: str) -> str:
    """What a line is called: a paragraph by its title, all else by itself."""
    return TITLES[int(key)] if by == "paragraph" else key


def _group(group: "Group") -> dict[str, Any]:
    return {"limits": _counts(group.limits), "working_days": _counts(group.working_days)}


def _counts(counts: "Mapping[str, Count]") -> dict[str, Any]:
    return {name: {"number": count.number, "inspections": sorted(count.inspections)} for name, count in counts.items()}


def _print(found: "Statistics", by: str, listed: bool) -> None:
    from framework.calendar.london_time import say_moment
    from interfaces.cli.output import print_table

    print_text(f"Limits as known at {say_moment(found.as_of)} (London), calendar {found.calendar}\n")
    lines = [*found.groups.items(), ("all", found.total)] if found.groups else []
    columns = (by.capitalize(), "Met", "Missed", "At risk", "Open", "Insp.", "Auth.", "Def.")
    print_table(columns, [_line(by, key, group) for key, group in lines], empty="No limit like that.")
    if lines:
        print_text("\nInsp., Auth., Def.: working days of the inspectorate, the authority, deferred")
    if listed:
        for key, group in lines:
            _list(by, key, group)


def _line(by: str, key: str, group: "Group") -> tuple[object, ...]:
    limits = (group.limits[name].number for name in ("met", "missed", "at_risk", "open"))
    days = (group.working_days[name].number for name in ("inspectorate", "authority", "deferred"))
    return (_called(by, key), *limits, *days)


def _called(by: str, key: str) -> str:
    return key if key == "all" or by != "paragraph" else f"{key} {title(by, key)}"


def _list(by: str, key: str, group: "Group") -> None:
    from textwrap import fill

    from application.serializers import wording
    from interfaces.cli.output import PLAIN_WIDTH

    print_text(f"\n{_called(by, key)}")
    for name, count in {**group.limits, **group.working_days}.items():
        if count.inspections:
            said = f"  {wording.plain(name)} ({count.number}): {', '.join(sorted(count.inspections))}"
            print_text(fill(said, PLAIN_WIDTH, subsequent_indent="    ", break_on_hyphens=False))
