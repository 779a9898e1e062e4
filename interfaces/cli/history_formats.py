"""How events of the log are written out: for people, as one JSON list, or a line each as JSON or CSV."""

import csv
import sys
from collections.abc import Iterable

from application.queries.history import EventsFound
from application.runtime.console import say
from application.serializers import wording
from application.serializers.events import EventJson, event_as_json
from application.serializers.json_text import sorted_json_text
from framework.calendar.london_time import LONDON, london_day, say_moment
from framework.common.plain_text import shown
from interfaces.cli.output import print_json, print_text
from interfaces.cli.screen import print_table

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


def write(shape: str, result: EventsFound, *, of_one: bool) -> None:
    """Prints the events, and the key of the next page. `of_one`: they are of one inspection."""
    events = map(event_as_json, result.events)
    if shape == "json":
        print_json(list(events))
    elif shape == "jsonl":
        _print_lines(events)
    elif shape == "csv":
        _print_csv(events)
    else:
        _print_rows(events, of_one)
    if result.next:
        more = f"There are more: the next page begins --after {result.next}"
        print_text(f"\n{more}") if shape == "text" else say(more)


def harmless(cell: object) -> str:
    """Returns a cell that no spreadsheet takes for a formula: an apostrophe stands before what begins like one."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(WHITE_BEGINS) or text.lstrip().startswith(FORMULA_BEGINS) else text


def _print_lines(events: Iterable[EventJson]) -> None:
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


def _print_rows(events: Iterable[EventJson], of_one: bool) -> None:
    rows = [
        (
            str(event["number"]) if of_one else f"{event['inspection']}\n{event['number']}",
            f"{wording.day(event['on'])}\nrecorded {_recorded(event)}",
            f"{event['by']}\n{wording.plain(event['role'])}",
            event["paragraph"],
            event["words"] + (f"\nwhy: {event['why']}" if event["why"] else "") + _letters(event) + _origin(event),
        )
        for event in events
    ]
    first = "No" if of_one else "Inspection, no"
    print_table((first, "Happened (London)", "By", "Para", "What"), rows, empty="Nothing like that happened.")


def _letters(event: EventJson) -> str:
    """Returns where the letters of an event can be read."""
    numbers = ", ".join(map(str, event["letters"]))
    return f"\nletter {numbers} (inspections letter {event['inspection']} N)" if numbers else ""


def _origin(event: EventJson) -> str:
    """Returns the entry point and the cause, unless the cause is the command that recorded the event itself."""
    cause = "" if event["cause"] == f"command:{event['command']}" else wording.plain(event["cause"]).replace(":", " ")
    return f"\n({event['entry_point']}{f'; cause: {cause}' if cause else ''})"


def _recorded(event: EventJson) -> str:
    """Returns when it was recorded, London time; the day only where it is another than the one it happened on."""
    if london_day(event["recorded"]) == event["on"]:
        return f"{event['recorded'].astimezone(LONDON):%H:%M}"
    return say_moment(event["recorded"])
