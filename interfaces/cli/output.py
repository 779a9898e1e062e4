"""How commands print: what was asked for on standard output, how it is going on standard error. Nothing else of the command
line writes on standard output (a lint rule bans `print`): here, and in `application.runtime.console`, what would act on the
screen is replaced.

Tables keep to 80 columns where nobody says how wide the screen is. Colour is left out where NO_COLOR asks for that.
"""

import dataclasses
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from framework.calendar.london_time import say_moment
from framework.common.plain_text import ACTING, shown

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH = 80
"""Columns, where output goes to a file or another program."""


def print_text(text: object = "") -> None:
    """Prints a text as it is, without what would act on the screen."""
    print(shown(str(text)))


def print_json(document: object, indent: int | None = 2) -> None:
    """Prints one JSON document: days and moments in ISO 8601, names as they are written. Without `indent` it is one line."""
    text = json.dumps(document, default=as_json_value, ensure_ascii=False, indent=indent)
    print(ACTING.sub(_escaped, text))


def _escaped(character: re.Match[str]) -> str:
    """Returns a character as JSON writes it in ASCII, so that whoever parses the document has it unchanged."""
    return json.dumps(character[0])[1:-1]


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "", empty: str = "Nothing."
) -> None:
    """Prints rows under their column names, long cells wrapped, None as a dash; `empty` where there are none."""
    from rich.table import Table  # only for people: half the start of a command otherwise
    from rich.text import Text

    kept = list(rows)
    if not kept:
        print_line(empty)
        return
    table = Table(title=shown(title) or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in kept:
        table.add_row(*(Text(_cell(cell)) for cell in row))
    console().print(table)


def _cell(value: object) -> str:
    """Returns a value as a screen shows it."""
    return "-" if value is None else shown(str(value))


def print_facts(facts: Mapping[str, object]) -> None:
    """Prints names and values below each other, the values in one column."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        grid.add_row(Text(name, style="bold"), Text(_cell(value)))
    console().print(grid)


def print_line(text: str) -> None:
    """Prints one statement, broken between words where the screen ends."""
    from textwrap import fill

    print_text(fill(text, console().width, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False))


def print_heading(text: str) -> None:
    """Prints one line in bold."""
    console().print(shown(text), style="bold", markup=False)


def print_indented(text: str) -> None:
    """Prints one statement indented, broken between words where the screen ends."""
    from textwrap import fill

    print_text(fill(text, console().width, initial_indent="    ", subsequent_indent="        "))


def at(moment: str) -> str:
    """A moment that is kept as text, as screens show it: in London time."""
    return f"{say_moment(datetime.fromisoformat(moment))} (London)"


def console() -> "Console":
    """A console on standard output, as wide as the screen, or 80 columns where there is none."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False, soft_wrap=False)


def as_json_value(value: Any) -> object:
    """What JSON has no form of: days and moments in ISO 8601, rows by their names."""
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"cannot write {type(value).__name__} as JSON")
