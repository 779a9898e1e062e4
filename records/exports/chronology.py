"""The chronology: what happened, in order, told so that it can be read on a few pages.

What belongs together is one entry: the reminders of one morning, headings written in one sitting, a letter and what became of it.
What only machines care for (that a file was made, that a history was kept) is left to the log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from framework.calendar.london_time import LONDON, london_day, say_moment
from framework.correspondence.letters import letter as letter_rule
from framework.lifecycle.limits import BY_KEY
from framework.messages.events import StoredEvent
from framework.vocabulary.roles import TITLES, Role
from records.exports.rows import Row
from records.exports.sentences import sentence

FOR_MACHINES = frozenset({"document_rendered", "engine_history_kept", "reminder_passed_over"})
WHEN_ENTERED = frozenset({"corrected", "step_refused"})
"""What happened when it was written down, whatever day it speaks of."""
WRITTEN = ("heading_graded", "section_written")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, or several that belong together."""

    day: str
    at: str
    """The time of day it was taken in, London."""
    what: str
    by: str
    """Who did it, in what capacity; empty for the system."""
    paragraph: int | None
    events: str
    """The number in the log, or the first and the last."""
    entered: str = ""
    """When it was written down, where that was on another day."""
    reason: str = ""
    """The reason somebody gave, where words are included."""
    kind: str = ""


class ChronologyBuilder:
    """Tells events in words. Without `people` and `texts` it names identifiers and roles only."""

    def __init__(self, edition: str, letters: Iterable[Row], people: Iterable[Row], texts: Mapping[str, str]) -> None:
        self._edition = edition
        self._letters = {row["id"]: row for row in letters}
        self._reminders = {row["event_number"]: row for row in self._letters.values() if row["kind"] == "reminder"}
        self._names = {row["id"]: str(row["name"]) for row in people}
        self._texts = texts

    def entries(self, events: Sequence[StoredEvent]) -> list[Entry]:
        """Every entry, by the day it happened and the order of the log."""
        righted = {one.event.data["event"]: one for one in events if one.event.kind == "corrected"}
        told = [self._entry(one, righted.get(one.number)) for one in events if not self._folded(one)]
        ordered = sorted(told, key=lambda one: one.day)
        return [_together(list(group)) for _, group in groupby(ordered, key=_belongs)]

    def name(self, person: str) -> str:
        """Who somebody is: by name, or by identifier."""
        return self._names.get(person, person)

    def _folded(self, one: StoredEvent) -> bool:
        """Whether another entry tells it, or nobody needs to read it."""
        if one.event.kind == "letter_accepted":
            return bool(one.event.data["kind"] == "reminder")
        return one.event.kind in FOR_MACHINES

    def _entry(self, one: StoredEvent, righted: StoredEvent | None) -> Entry:
        """One event, on the day it happened: the right one, where that was put right later."""
        event = one.event
        written, day = london_day(one.recorded), righted.event.data["on"] if righted else event.on.isoformat()
        if event.kind in WHEN_ENTERED:
            day = written.isoformat()
        late = written.isoformat() != day
        by = "" if event.role is Role.SYSTEM else f"{self.name(event.by)}, {TITLES[event.role]}"
        return Entry(
            day=day,
            at="" if late else f"{event.received.astimezone(LONDON):%H:%M}",
            what=self._words(one) + (f" (The day was put right by event {righted.number}.)" if righted else ""),
            by=by,
            paragraph=event.paragraph,
            events=str(one.number),
            entered=say_moment(one.recorded) if late else "",
            reason=self._texts.get(event.reason or "", ""),
            kind=event.kind,
        )

    def _words(self, one: StoredEvent) -> str:
        letter = self._letters.get(str(one.event.data.get("letter")))
        if one.event.kind == "letter_accepted" and letter:
            return self._sent(letter, one.event.data["copies_refused"])
        if one.event.kind == "reminder_sent":
            return self._reminder(one)
        return sentence(one.event.kind, one.event.data, self._edition, self.name)

    def _reminder(self, one: StoredEvent) -> str:
        """Whom it went to, a mark, and of what it reminds: the reminders of a morning are told by whom they went to."""
        letter = self._reminders.get(one.number)
        return f"{_to(letter['to_json']) if letter else 'nobody'}|{BY_KEY[str(one.event.data['limit'])].title}"

    def _sent(self, letter: Row, refused: Sequence[str]) -> str:
        copies = f"; copied to {_to(letter['cc_json'])}" if letter["cc_json"] else ""
        lost = f"; refused for {', '.join(map(self.name, refused))}" if refused else ""
        return f"Letter sent: {letter_rule(letter['kind']).title}, to {_to(letter['to_json'])}{copies}{lost}."


def _belongs(one: Entry) -> tuple[Any, ...]:
    """Entries alike in this are told as one: reminders of a day, and what one person wrote on a day."""
    if one.kind == "reminder_sent":
        return (one.day, "reminders")
    if one.kind in WRITTEN:
        return (one.day, "written", one.by)
    return (one.day, one.events)


def _together(entries: list[Entry]) -> Entry:
    first, last = entries[0], entries[-1]
    if first.kind == "reminder_sent":
        paragraph = first.paragraph if len({one.paragraph for one in entries}) == 1 else None
        first = replace(first, what=_reminders(entries), paragraph=paragraph)
    elif first.kind in WRITTEN and len(entries) > 1:
        graded = sum(one.kind == "heading_graded" for one in entries)
        first = replace(first, what=f"Report written: {_count(graded, len(entries) - graded)}.", paragraph=49)
    return first if len(entries) == 1 else replace(first, events=f"{first.events} to {last.events}")


def _count(graded: int, written: int) -> str:
    parts = [(graded, "graded heading"), (written, "section without a grade")]
    said = [
        f"{count} {what.replace('heading', 'headings').replace('section', 'sections') if count > 1 else what}"
        for count, what in parts
        if count
    ]
    return " and ".join(said)


def _reminders(entries: Iterable[Entry]) -> str:
    """«Reminders sent to the link officer: documents asked for, survey invitations.»"""
    of: dict[str, list[str]] = {}
    for one in entries:
        to, _, what = one.what.partition("|")
        of.setdefault(to, []).append(f"{what[:1].lower()}{what[1:]}")
    told = [f"{to}: {', '.join(what)}" for to, what in of.items()]
    return f"Reminders sent to {'; to '.join(told)}."


def _to(people: Iterable[Mapping[str, str]]) -> str:
    """Recipients by role, each once."""
    return ", ".join(dict.fromkeys(TITLES[Role(one["role"])] if one["role"] else one["person"] for one in people))
