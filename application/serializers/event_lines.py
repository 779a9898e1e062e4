"""An event of the log in one short line: what matters first, without identifiers. `wording.event_words` gives all of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from application.queries.history import HistoryEvent
from application.serializers import wording

_REMINDERS = ("reminder_sent", "reminder_passed_over")


def event_line(event: HistoryEvent) -> str:
    """Returns the event's words with the grade before the key of the heading, the numbers of its letters, and its reason.

    The line may be longer than a screen is wide: the entry point cuts it."""
    words, numbers = _words(event), ", ".join(map(str, event.letters))
    if numbers and words.startswith("letter "):
        words = f"letter {numbers}{words.removeprefix('letter')}"
    elif numbers:
        words += f" (letter{'s' if len(event.letters) > 1 else ''} {numbers})"
    line = words + (f"; why: {event.why}" if event.why else "")
    return " ".join(line.split())


def _words(event: HistoryEvent) -> str:
    plain = event.stored.event
    if plain.kind in _REMINDERS:
        to = f" to {plain.data['to']}" if plain.data["to"] else ""
        return f"{wording.plain(plain.kind)}{to}: {', '.join(_rung(rung) for rung in plain.data['rungs'])}"
    if "heading" not in plain.data:
        return wording.event_words(plain, event.edition)
    # Titles are longer than a line and alike in both halves of the report: its key identifies a heading, and the grade is kept.
    rest = {name: value for name, value in plain.data.items() if name != "heading"}
    words = wording.event_words(replace(plain, data=rest))
    words = words.removeprefix("heading ")
    return f"{words}{',' if ':' in words else ':'} {plain.data['heading']}"


def _rung(rung: Mapping[str, Any]) -> str:
    return f"{wording.plain(str(rung['limit']))} ({rung['rung']:+d})"
