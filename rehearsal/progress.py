"""Prints the progress of a rehearsal on standard error: moments, events and letters."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from application.runtime.console import say
from framework.calendar.london_time import LONDON
from rehearsal.observer import Records
from rehearsal.result import rungs_of

WIDTH = 22
CONTENT = ("heading_graded", "section_written")
SHOWN_AS_LETTERS = ("reminder_sent", "letter_accepted", "letter_partly_accepted", "document_rendered")


class ProgressPrinter:
    """Prints new events and letters, each once."""

    def __init__(self, records: Records, quietly: bool) -> None:
        self._records = records
        self._quietly = quietly
        self._last_event = 0
        self._letters: set[str] = set()
        self._when = ""

    def print_new(self) -> None:
        """Prints the events and accepted letters since the last call."""
        events = self._records.events_after(self._last_event)
        if not events or self._quietly:
            return
        self._last_event = events[-1].number
        for moment, words in _lines(events):
            self._say(moment, words)
        for letter in self._records.letters():
            if letter.accepted_at is not None and letter.id not in self._letters:
                self._letters.add(letter.id)
                self._say(letter.accepted_at, _letter(letter))

    def _say(self, moment: datetime, words: str) -> None:
        """Prints one line, with the moment if it differs from the line before."""
        local = moment.astimezone(LONDON)
        when = f"{local:%a} {local.day} {local:%b %Y %H:%M}"
        shown = "" if when == self._when else when
        self._when = when
        say(f"{shown:{WIDTH}}  {words}")


def _lines(events: Iterable[Row[Any]]) -> Iterator[tuple[datetime, str]]:
    written = [event for event in events if event.kind in CONTENT]
    for event in events:
        if event.kind not in (*CONTENT, *SHOWN_AS_LETTERS):
            yield event.received_at, _event(event)
    if written:
        yield written[0].received_at, f"{len(written)} sections of the report written (by {written[0].actor})"


def _event(event: Row[Any]) -> str:
    words = event.kind.replace("_", " ")
    entered = event.received_at.astimezone(LONDON).date()
    return f"{words}{'' if event.happened_on == entered else f', dated {event.happened_on}'} (by {event.actor})"


def _letter(letter: Row[Any]) -> str:
    to, copies = (", ".join(person["email"] for person in people) for people in (letter.to_json, letter.cc_json))
    about = ""
    if letter.kind == "reminder":
        rungs = [f"{item['rung']:+d} of {item['limit'].replace('_', ' ')}" for item in rungs_of(letter)]
        about = f" {', '.join(rungs)}"
    return f"  letter: {letter.kind.replace('_', ' ')}{about}: to {to}{f'; copied to {copies}' if copies else ''}"
