"""How events of the log are written out: for people, as one JSON list, or a line each as JSON or CSV."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlmodel import Session

from application.queries.letters import numbers_by_event
from application.runtime.console import say
from application.serializers import wording
from framework.calendar.london_time import LONDON, london_day, say_moment
from framework.common.plain_text import shown
from framework.editions.registry import Edition
from framework.messages.events import StoredEvent
from interfaces.cli.output import as_json_value, print_json, print_table, print_text
from records.log import read as log
from records.log.criteria import EventFilter
from records.log.read import key_of
from records.log.texts import known_bodies

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
_AT_ONCE = 500
"""Events whose reasons are looked up together."""

Told = dict[str, Any]


def write(
    shape: str, session: Session, inspection: str | None, wanted: EventFilter, size: int | None, after: str | None
) -> None:
    """Everything that is asked for, or one page of it and the key of the next. Raises `BadInput` for an unknown key."""
    if size is None and after is None:
        found, coming = log.iterate(session, inspection, wanted), None
    else:
        page = log.page(session, inspection, wanted, size or sys.maxsize - 1, after)
        found, coming = iter(page.events), page.next
    told = _told(session, found)
    if shape == "json":
        print_json(list(told))
    elif shape == "jsonl":
        _print_lines(told)
    elif shape == "csv":
        _print_csv(told)
    else:
        _print(told, of_one=inspection is not None)
    if coming:
        more = f"There are more: the next page begins --after {coming}"
        print_text(f"\n{more}") if shape == "text" else say(more)


def as_json(
    one: StoredEvent, why: str | None = None, edition: Edition | None = None, letters: Sequence[int] = ()
) -> Told:
    """Returns one event as the log keeps it. `why`: the words of its reason; `edition`: its inspection's; `letters`: the numbers
    of the letters it ordered, or tells the outcome of."""
    event = one.event
    return {
        "inspection": one.inspection,
        "number": one.number,
        "kind": event.kind,
        "words": wording.happened(event, edition),
        "on": event.on,
        "received": event.received,
        "recorded": one.recorded,
        "by": event.by,
        "role": event.role,
        "entry_point": event.entry_point,
        "ran_as": event.ran_as,
        "paragraph": event.paragraph,
        "data": event.data,
        "reason": event.reason,
        "why": why,
        "cause": event.cause,
        "command": one.command_id,
        "hash": one.hash,
        "letters": list(letters),
        "key": key_of(one),
    }


def harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before what begins like one."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(WHITE_BEGINS) or text.lstrip().startswith(FORMULA_BEGINS) else text


def _told(session: Session, found: Iterator[StoredEvent]) -> Iterator[Told]:
    while some := list(islice(found, _AT_ONCE)):
        reasons = known_bodies(session.connection(), {one.event.reason for one in some if one.event.reason})
        editions = log.editions_of(session, some)
        numbers = numbers_by_event(session, some)
        yield from (
            as_json(
                one,
                reasons.get(one.event.reason or ""),
                editions.get(one.inspection),
                numbers[one.inspection, one.number],
            )
            for one in some
        )


def _print_lines(told: Iterable[Told]) -> None:
    for one in told:
        print_json(one, indent=None)


def _print_csv(told: Iterable[Told]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in told:
        flat = one | {"data": json.dumps(one["data"], default=as_json_value, ensure_ascii=False, sort_keys=True)}
        flat |= {name: flat[name].isoformat() for name in ("on", "received", "recorded")}
        flat["letters"] = " ".join(map(str, one["letters"]))
        writer.writerow([shown(harmless(flat[name])) for name in COLUMNS])


def _letters(one: Told) -> str:
    """Where the letters of an event can be read."""
    numbers = one["letters"]
    return f"\nletter {', '.join(map(str, numbers))} (inspections letter {one['inspection']} N)" if numbers else ""


def _print(told: Iterable[Told], of_one: bool) -> None:
    rows = [
        (
            str(one["number"]) if of_one else f"{one['inspection']}\n{one['number']}",
            f"{wording.day(one['on'])}\nrecorded {_recorded(one)}",
            f"{one['by']}\n{wording.plain(one['role'])}",
            one["paragraph"],
            one["words"] + (f"\nwhy: {one['why']}" if one["why"] else "") + _letters(one) + f"\n{_through(one)}",
        )
        for one in told
    ]
    first = "No" if of_one else "Inspection, no"
    print_table((first, "Happened (London)", "By", "Para", "What"), rows, empty="Nothing like that happened.")


def _through(one: Told) -> str:
    """Where it came in, and what brought it about, but for the command that it was itself."""
    cause = "" if one["cause"] == f"command:{one['command']}" else wording.plain(one["cause"]).replace(":", " ")
    return f"({one['entry_point']}{f'; cause: {cause}' if cause else ''})"


def _recorded(one: Told) -> str:
    """When it was written down, London time; the day only where it is another than the one it happened on."""
    if london_day(one["recorded"]) == one["on"]:
        return f"{one['recorded'].astimezone(LONDON):%H:%M}"
    return say_moment(one["recorded"])
