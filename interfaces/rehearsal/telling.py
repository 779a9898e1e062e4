"""Telling how a rehearsal goes, on standard error: which day it is, what happened, which letters went."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row

from framework.clock import LONDON
from interfaces.rehearsal.look import Records

CONTENT = ("heading_graded", "section_written")
LETTER_EVENTS = ("letter_accepted", "letter_sent")


class Teller:
    """Remembers what it has told."""

    def __init__(self, records: Records, quiet: bool = False) -> None:
        self._records = records
        self._told = 0
        self._letters: set[str] = set()
        self._quiet = quiet

    def news(self) -> None:
        """Tells what happened since it was last asked."""
        events = self._records.events_after(self._told)
        self._told = max((event.number for event in events), default=self._told)
        for line in _lines(events):
            self.say(line)
        for letter in self._records.letters():
            if letter.accepted_at is not None and letter.id not in self._letters:
                self._letters.add(letter.id)
                self.say(_letter_line(letter))

    def say(self, line: str) -> None:
        """One line."""
        if not self._quiet:
            print(line, file=sys.stderr, flush=True)  # noqa: T201


def _lines(events: Iterable[Row[Any]]) -> Iterator[str]:
    written = 0
    for event in events:
        if event.kind in CONTENT:
            written += 1
        elif not event.kind.startswith("letter_"):
            yield _event_line(event)
    if written:
        yield f"{'':16}  {written} sections of the report written"


def _event_line(event: Row[Any]) -> str:
    when = f"{event.received_at.astimezone(LONDON):%a %d %b %Y %H:%M}"
    words = event.kind.replace("_", " ")
    day = "" if event.happened_on == event.received_at.astimezone(LONDON).date() else f", dated {event.happened_on}"
    return f"{when}  {words}{day} (by {event.actor})"


def _letter_line(letter: Row[Any]) -> str:
    to, copies = ([person["email"] for person in people] for people in (letter.to_json, letter.cc_json))
    also = f", copied to {', '.join(copies)}" if copies else ""
    about = f" ({letter.data_json['facts']['limit'].replace('_', ' ')})" if letter.kind == "reminder" else ""
    return f"{'':20}  > {letter.kind.replace('_', ' ')}{about} to {', '.join(to)}{also}"
