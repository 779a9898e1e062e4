"""`inspections dates`: every limit that follows from the days given. Needs no service and writes nothing."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from application.files.text_files import read_text_file
from application.queries.calendars import known_calendar
from application.runtime import settings
from framework.calendar.bank_holidays import Calendar, from_json
from framework.common.errors import BadInput
from framework.inspection.limits import BY_KEY, LimitSettings, derive_due_dates
from framework.inspection.milestones import KEYS, check, milestones
from framework.lifecycle.limits import DueDate, LimitRule
from interfaces.cli.options import Data, Json
from interfaces.cli.output import print_json
from interfaces.cli.screen import print_table

OPTIONS = {
    "notification": "--notified",
    "fieldwork_starts": "--fieldwork",
    "inspection_ends": "--ended",
    "draft_report": "--draft-sent",
    "publication": "--published",
}
"""The day that may be known -> the option that gives it."""


def _day(text: str) -> date:
    with suppress(ValueError):
        if (day := date.fromisoformat(text)).isoformat() == text:
            return day
    raise typer.BadParameter(f"{text!r} is not a day like 2010-11-03")


def _option(name: str, words: str) -> Any:
    return typer.Option(name, metavar="DATE", parser=_day, help=words, show_default=False)


def dates(
    notified: Annotated[date, _option("--notified", "The day the letter to the director was accepted (day 0).")],
    fieldwork: Annotated[date | None, _option("--fieldwork", "The first day on site, agreed or actual.")] = None,
    ended: Annotated[date | None, _option("--ended", "The last day on site.")] = None,
    draft_sent: Annotated[date | None, _option("--draft-sent", "The day the draft report went.")] = None,
    published: Annotated[date | None, _option("--published", "The day the report was published.")] = None,
    holidays: Annotated[
        Path | None,
        typer.Option(
            "--holidays", metavar="FILE", help="Bank holidays to use instead: a JSON list.", show_default=False
        ),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show the days that were skipped, and why.")] = False,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Every limit that follows from what is known; what is not known yet is projected from the latest days before it."""
    days = zip(OPTIONS, (notified, fieldwork, ended, draft_sent, published), strict=True)
    known = {key: day for key, day in days if day}
    calendar = _calendar_in(holidays) if holidays else known_calendar(data)
    check(known, calendar, OPTIONS)
    chosen = settings.limits()
    if as_json:
        print_json(milestones(known, calendar, chosen, explain))
    else:
        _print_table(known, calendar, chosen, explain)


def _calendar_in(file: Path) -> Calendar:
    try:
        text = read_text_file(file)
    except BadInput as error:
        raise BadInput(f"--holidays {error}") from None
    return from_json(text, file.name)


def _print_table(known: dict[str, date], calendar: Calendar, settings: LimitSettings, explain: bool) -> None:
    derived = derive_due_dates(known, calendar, settings, only=KEYS)
    rows = [row for key in KEYS for row in _rows(derived[key], explain)]
    print_table(("Limit", "Due", "Para", "Counted"), rows, title=f"Calendar {calendar.version}")


def _rows(milestone: DueDate, explain: bool) -> Iterator[tuple[object, ...]]:
    rule = BY_KEY[milestone.key]
    yield rule.title, _short(milestone.due), milestone.paragraph, _counted(milestone, BY_KEY)
    if explain and rule.reading:
        yield "", "", "", f"reading: {rule.reading}"
    for day in milestone.skipped if explain else ():
        yield "", _short(day.date), "", f"not counted: {day.why}"


def _counted(milestone: DueDate, rules: Mapping[str, LimitRule]) -> str:
    if milestone.key == milestone.anchor:
        return "day 0"
    words = f"{milestone.count} {milestone.unit} from {_short(milestone.anchor_date)}"
    if not milestone.count:
        words = f"the same day as “{rules[milestone.anchor].title}”"
    if rules[milestone.key].first_day_counted:
        words += ", the first"
    if milestone.capped_by:
        words += f", but not after “{rules[milestone.capped_by].title}”"
    return words + (" (projected)" if milestone.projected else "")


def _short(day: date) -> str:
    """«Wed 3 Nov 2010»."""
    return f"{day:%a} {day.day} {day:%b} {day.year}"
