"""How events of the log are written out: for people, as one JSON list, or a line each as JSON or CSV."""

import csv
import sys
from collections.abc import Iterable

from application.queries.history import EventsFound
from application.runtime.console import say
from application.serializers.events import EventJson, event_as_json
from application.serializers.json_text import sorted_json_text
from framework.common.plain_text import shown
from interfaces.cli.history_text import print_full, print_lines
from interfaces.cli.output import print_json, print_text

FORMULA_BEGINS = (
    "=",
    "+",
    "-",
    "@",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)  # the same again as East Asian fonts have them
"""What a spreadsheet would take for the beginning of a formula, white space before it or not."""
WHITE_BEGINS = ("\t", "\r", "\n")
"""What some spreadsheets drop, or take for the beginning of another cell."""
COLUMNS = (
    *("inspection", "number", "kind", "words", "on", "received", "recorded", "by", "role", "entry_point", "ran_as"),
    *("paragraph", "data", "reason", "why", "cause", "command", "hash", "letters", "key"),
)


def write(shape: str, result: EventsFound, *, of_one: bool, full: bool) -> None:
    """Prints the events, and the key of the next page. `of_one`: they are of one inspection; `full`: with all of each."""
    if shape == "json":
        print_json([event_as_json(event) for event in result.events])
    elif shape == "jsonl":
        _print_json_lines(map(event_as_json, result.events))
    elif shape == "csv":
        _print_csv(map(event_as_json, result.events))
    elif full:
        print_full(result.events, of_one=of_one)
    else:
        print_lines(result.events, of_one=of_one)
    if result.next:
        more = f"There are more: the next page begins --after {result.next}"
        print_text(f"\n{more}") if shape == "text" else say(more)


def harmless(cell: object) -> str:
    """Returns a cell that no spreadsheet takes for a formula: an apostrophe stands before what begins like one."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(WHITE_BEGINS) or text.lstrip().startswith(FORMULA_BEGINS) else text


def _print_json_lines(events: Iterable[EventJson]) -> None:
    for event in events:
        print_json(event, indent=None)


def _print_csv(events: Iterable[EventJson]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for event in events:
        flat = event | {"data": sorted_json_text(event["data"])}
        flat |= {name: flat[name].isoformat() for name in ("on", "received", "recorded")}
        flat["letters"] = " ".join(map(str, event["letters"]))
        writer.writerow([shown(harmless(flat[name])) for name in COLUMNS])
