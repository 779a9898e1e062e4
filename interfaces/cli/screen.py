"""What commands print for people: tables, facts, and lines broken where the screen ends.

Tables keep to 80 columns where nothing says how wide the screen is. Colour is left out where NO_COLOR asks for that."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from textwrap import fill

from rich.console import Console
from rich.table import Table
from rich.text import Text

from framework.calendar.london_time import say_moment
from framework.common.plain_text import shown
from interfaces.cli.output import PLAIN_WIDTH, print_text


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "", empty: str = "Nothing."
) -> None:
    """Prints rows under their column names, long cells wrapped, None as a dash; `empty` where there are none."""
    cells = list(rows)
    if not cells:
        print_line(empty)
        return
    table = Table(title=shown(title) or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in cells:
        table.add_row(*(Text(_cell(cell)) for cell in row))
    console().print(table)


def print_facts(facts: Mapping[str, object]) -> None:
    """Prints names and values below each other, the values in one column."""
    grid = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        grid.add_row(Text(name, style="bold"), Text(_cell(value)))
    console().print(grid)


def print_line(text: str) -> None:
    """Prints one statement, broken between words where the screen ends."""
    print_text(fill(text, console().width, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False))


def print_heading(text: str) -> None:
    """Prints one line in bold."""
    console().print(shown(text), style="bold", markup=False)


def print_indented(text: str) -> None:
    """Prints one statement indented, broken between words where the screen ends."""
    print_text(fill(text, console().width, initial_indent="    ", subsequent_indent="        "))


def at(moment: str) -> str:
    """Returns a moment that is stored as text, as screens show it: in London time."""
    return f"{say_moment(datetime.fromisoformat(moment))} (London)"


def console() -> Console:
    """Returns a console on standard output, as wide as the screen, or 80 columns where there is none."""
    return Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False, soft_wrap=False)


def _cell(value: object) -> str:
    """Returns a value as a screen shows it."""
    return "-" if value is None else shown(str(value))
