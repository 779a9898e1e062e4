"""Events of the log on a screen: one line each, or with `--full` everything that people ask of an event."""

from collections.abc import Iterable
from datetime import date

from rich.text import Text

from application.queries.history import HistoryEvent
from application.serializers import wording
from application.serializers.event_lines import event_line
from application.serializers.events import EventJson, event_as_json
from framework.calendar.london_time import LONDON, london_day, say_moment
from framework.common.plain_text import shown
from interfaces.cli.output import print_text
from interfaces.cli.screen import console, print_line, print_table

EMPTY = "Nothing like that happened."
_WIDEST_PERSON = 12
_HEADINGS = ("No", "Happened", "By", "Para", "What")


def print_lines(events: Iterable[HistoryEvent], *, of_one: bool) -> None:
    """Prints a line an event, cut where the screen ends. `of_one`: they are of one inspection, which is not named in each."""
    rows = [_line(event, of_one) for event in events]
    if not rows:
        print_line(EMPTY)
        return
    headings = _HEADINGS if of_one else ("Inspection/no", *_HEADINGS[1:])
    widths = [max(Text(row[column]).cell_len for row in (headings, *rows)) for column in range(len(headings) - 1)]
    widths[2] = min(widths[2], _WIDEST_PERSON)
    left = console().width - sum(widths) - 2 * len(widths)
    for row in (headings, *rows):
        print_text("  ".join(_cut(cell, width) for cell, width in zip(row, (*widths, left), strict=True)).rstrip())
    if any(row[1].endswith("*") for row in rows):
        print_text("\n* Recorded on a later day: --full shows when.")


def print_full(events: Iterable[HistoryEvent], *, of_one: bool) -> None:
    """Prints each event with when it was recorded, the role, the reason, the letters, the entry point and the cause."""
    rows = [_full(event_as_json(event), of_one) for event in events]
    first = "No" if of_one else "Inspection, no"
    print_table((first, "Happened (London)", "By", "Para", "What"), rows, empty=EMPTY)


def _line(event: HistoryEvent, of_one: bool) -> tuple[str, ...]:
    stored, plain = event.stored, event.stored.event
    later = "*" if london_day(stored.recorded) != plain.on else ""
    return (
        str(stored.number) if of_one else event.key,
        f"{_day(plain.on)}{later}",
        shown(plain.by),
        str(plain.paragraph or "-"),
        shown(event_line(event)),
    )


def _day(day: date) -> str:
    return f"{day.day:2} {day:%b %Y}"


def _cut(cell: str, width: int) -> str:
    text = Text(cell)
    text.truncate(width, overflow="ellipsis", pad=True)
    return text.plain


def _full(event: EventJson, of_one: bool) -> tuple[object, ...]:
    return (
        str(event["number"]) if of_one else f"{event['inspection']}\n{event['number']}",
        f"{wording.day(event['on'])}\nrecorded {_recorded(event)}",
        f"{event['by']}\n{wording.plain(event['role'])}",
        event["paragraph"],
        event["words"] + (f"\nwhy: {event['why']}" if event["why"] else "") + _letters(event) + _origin(event),
    )


def _letters(event: EventJson) -> str:
    """Returns where the letters of an event can be read."""
    return "".join(
        f"\nletter {number}: inspections letter {event['inspection']} {number}" for number in event["letters"]
    )


def _origin(event: EventJson) -> str:
    """Returns the entry point and the cause, unless the cause is the command that recorded the event itself."""
    cause = "" if event["cause"] == f"command:{event['command']}" else wording.plain(event["cause"]).replace(":", " ")
    return f"\n({event['entry_point']}{f'; cause: {cause}' if cause else ''})"


def _recorded(event: EventJson) -> str:
    """Returns when it was recorded, London time; the day only where it is another than the one it happened on."""
    if london_day(event["recorded"]) == event["on"]:
        return f"{event['recorded'].astimezone(LONDON):%H:%M}"
    return say_moment(event["recorded"])
