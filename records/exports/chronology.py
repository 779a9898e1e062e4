"""Builds the chronology of an inspection: its events in sentences, in order, grouped so that they fit on a few pages.

Events that belong together are one entry: the reminders of one morning, the headings one person wrote on a day, a letter and
its outcome. Events of technical interest (a file was made, a history was kept) are left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from framework.calendar.london_time import LONDON, london_day, say_moment
from framework.correspondence.letters import letter as letter_rule
from framework.inspection.concerns import CONCERN_KINDS
from framework.inspection.limits import BY_KEY
from framework.messages.events import Event, StoredEvent
from framework.vocabulary.roles import TITLES, Role
from records.exports.rows import Row
from records.exports.sentences import sentence

LEFT_OUT = frozenset({"document_rendered", "engine_history_kept", "reminder_passed_over"})
DATED_BY_ENTRY = frozenset({"corrected", "step_refused"})
"""Kinds that appear on the day they were entered, whatever day they are about."""
SECTION_KINDS = ("heading_graded", "section_written")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the chronology, or several that belong together."""

    day: str
    at: str
    """The London time of day at which it was received; empty where `entered` is set."""
    what: str
    by: str
    """Name and role of the actor; empty for the system."""
    paragraph: int | None
    events: str
    """The number of the event, or the first and the last: «4 to 7»."""
    entered: str = ""
    """The moment it was recorded, where that was on another day."""
    reason: str = ""
    """The text of the reason, or of a concern, where texts are included."""
    kind: str = ""


class ChronologyBuilder:
    """Makes entries of events. Without `people` and `texts` it writes identifiers and roles only."""

    def __init__(self, edition: str, letters: Iterable[Row], people: Iterable[Row], texts: Mapping[str, str]) -> None:
        self._edition = edition
        self._letters = {row["id"]: row for row in letters}
        self._reminders = {row["event_number"]: row for row in self._letters.values() if row["kind"] == "reminder"}
        self._names = {row["id"]: str(row["name"]) for row in people}
        self._texts = texts

    def entries(self, events: Sequence[StoredEvent]) -> list[Entry]:
        """Returns the entries by the day they happened, and within a day in the order of the log."""
        corrections = {stored.event.data["event"]: stored for stored in events if stored.event.kind == "corrected"}
        shown = (stored for stored in events if not self._is_left_out(stored))
        entries = [self._entry(stored, corrections.get(stored.number)) for stored in shown]
        by_day = sorted(entries, key=lambda entry: entry.day)
        return [_merge(list(group)) for _, group in groupby(by_day, key=_group_key)]

    def name(self, person: str) -> str:
        """Returns a person's name, or the identifier where names are left out."""
        return self._names.get(person, person)

    def _is_left_out(self, stored: StoredEvent) -> bool:
        if stored.event.kind == "letter_accepted":
            return bool(stored.event.data["kind"] == "reminder")  # it has its entry as `reminder_sent`
        return stored.event.kind in LEFT_OUT

    def _entry(self, stored: StoredEvent, correction: StoredEvent | None) -> Entry:
        event = stored.event
        recorded, day = london_day(stored.recorded), correction.event.data["on"] if correction else event.on.isoformat()
        if event.kind in DATED_BY_ENTRY:
            day = recorded.isoformat()
        late = recorded.isoformat() != day
        by = "" if event.role is Role.SYSTEM else f"{self.name(event.by)}, {TITLES[event.role]}"
        corrected = f" (The day was corrected by event {correction.number}.)" if correction else ""
        return Entry(
            day=day,
            at="" if late else f"{event.received.astimezone(LONDON):%H:%M}",
            what=self._sentence(stored) + corrected,
            by=by,
            paragraph=event.paragraph,
            events=str(stored.number),
            entered=say_moment(stored.recorded) if late else "",
            reason=self._texts.get(_text_id(event) or "", ""),
            kind=event.kind,
        )

    def _sentence(self, stored: StoredEvent) -> str:
        letter = self._letters.get(str(stored.event.data.get("letter")))
        if stored.event.kind == "letter_accepted" and letter:
            return self._sent(letter, stored.event.data["copies_refused"])
        if stored.event.kind == "reminder_sent":
            return self._reminder(stored)
        return sentence(stored.event.kind, stored.event.data, self._edition, self.name)

    def _reminder(self, stored: StoredEvent) -> str:
        """Returns «RECIPIENTS|LIMITS», of which `_reminders` makes one sentence for all reminders of a morning."""
        letter = self._reminders.get(stored.number)
        titles = [BY_KEY[str(rung["limit"])].title for rung in stored.event.data["rungs"]]
        recipients = _recipients(letter["to_json"]) if letter else "nobody"
        return f"{recipients}|{', '.join(f'{title[:1].lower()}{title[1:]}' for title in titles)}"

    def _sent(self, letter: Row, refused: Sequence[str]) -> str:
        copies = f"; copied to {_recipients(letter['cc_json'])}" if letter["cc_json"] else ""
        failed = f"; refused for {', '.join(map(self.name, refused))}" if refused else ""
        title, recipients = letter_rule(letter["kind"]).title, _recipients(letter["to_json"])
        return f"Letter sent: {title}, to {recipients}{copies}{failed}."


def _text_id(event: Event) -> str | None:
    """Returns the identifier of the text that is shown below the sentence: the reason; of a concern, its words."""
    return event.data.get("text") if event.kind in CONCERN_KINDS else event.reason


def _group_key(entry: Entry) -> tuple[Any, ...]:
    """Returns a key that is equal for entries to be merged: reminders of a day, and sections one person wrote on a day."""
    if entry.kind == "reminder_sent":
        return (entry.day, "reminders")
    if entry.kind in SECTION_KINDS:
        return (entry.day, "written", entry.by)
    return (entry.day, entry.events)


def _merge(entries: list[Entry]) -> Entry:
    first, last = entries[0], entries[-1]
    if first.kind == "reminder_sent":
        paragraph = first.paragraph if len({entry.paragraph for entry in entries}) == 1 else None
        first = replace(first, what=_reminders(entries), paragraph=paragraph)
    elif first.kind in SECTION_KINDS and len(entries) > 1:
        graded = sum(entry.kind == "heading_graded" for entry in entries)
        first = replace(first, what=f"Report written: {_count(graded, len(entries) - graded)}.", paragraph=49)
    return first if len(entries) == 1 else replace(first, events=f"{first.events} to {last.events}")


def _count(graded: int, written: int) -> str:
    parts = [(graded, "graded heading"), (written, "section without a grade")]
    counts = [
        f"{count} {what.replace('heading', 'headings').replace('section', 'sections') if count > 1 else what}"
        for count, what in parts
        if count
    ]
    return " and ".join(counts)


def _reminders(entries: Iterable[Entry]) -> str:
    """Returns «Reminders sent to Link officer: documents asked for, survey invitations; to Lead inspector: …»."""
    by_recipients: dict[str, list[str]] = {}
    for entry in entries:
        recipients, _, limits = entry.what.partition("|")
        by_recipients.setdefault(recipients, []).append(limits)
    parts = [f"{recipients}: {', '.join(limits)}" for recipients, limits in by_recipients.items()]
    return f"Reminders sent to {'; to '.join(parts)}."


def _recipients(people: Iterable[Mapping[str, str]]) -> str:
    """Returns the titles of the recipients' roles, each once; the identifier of a person without a role."""
    titles = (TITLES[Role(person["role"])] if person["role"] else person["person"] for person in people)
    return ", ".join(dict.fromkeys(titles))
