"""Options that many commands share, so that each is called and explained the same everywhere."""

from contextlib import suppress
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from framework.common.errors import BadInput


def option(name: str, metavar: str, words: str) -> Any:
    """Returns an option whose default is not shown."""
    return typer.Option(name, metavar=metavar, help=words, show_default=False)


Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The data folder (INSPECTIONS_DATA, or var/).", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
By = Annotated[str, option("--by", "PERSON", "Who does this: a person of the directory (INSPECTIONS_PERSON).")]
"""Required of commands that act, unless the settings name the person: see `sessions.require_named`."""
CommandId = Annotated[
    str,
    typer.Option("--command", metavar="ID", help="Makes a repeat the same command, done once.", show_default=False),
]
InspectionId = Annotated[str, typer.Argument(metavar="ID", help="The inspection.")]
OptionalInspectionId = Annotated[str, typer.Argument(metavar="[ID]", help="Only this inspection.", show_default=False)]
From = Annotated[str, option("--from", "D", "Recorded on this day (London) or later.")]
To = Annotated[str, option("--to", "D", "Recorded on this day (London) or earlier.")]
Region = Annotated[str, option("--region", "R", "Only inspections of authorities of this region.")]
PageSize = Annotated[
    int | None, typer.Option("--page-size", metavar="N", min=1, max=10_000, help="At most so many on a page.")
]
reading_as: ContextVar[str] = ContextVar("reading_as", default="")
"""The person named by --as in this call; empty where none is."""


def day(text: str, named: str = "--on") -> date | None:
    """Returns the day an option names; None where it was left out. Raises `BadInput`."""
    if not text:
        return None
    with suppress(ValueError):
        if (value := date.fromisoformat(text)).isoformat() == text:
            return value
    raise BadInput(f"{named} {text}: must be a day like 2010-11-03")


def period(since: str, until: str) -> tuple[date | None, date | None]:
    """Returns the first and the last day asked for. Raises `BadInput` for what is no day, or the wrong way round."""
    first, last = day(since, "--from"), day(until, "--to")
    if first and last and first > last:
        raise BadInput(f"--from {first} is after --to {last}: nothing can lie between them")
    return first, last
