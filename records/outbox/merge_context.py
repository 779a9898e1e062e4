"""What the letters and documents of one recording share: the inspection, its people, and the texts they speak of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from framework.calendar.london_time import london_day
from framework.common.identifiers import ordered_by
from framework.correspondence.letters import WITHDRAWN
from framework.correspondence.letters import letter as rule_of
from framework.lifecycle.limits import LIMITS
from framework.messages.commit import DecisionCommit
from framework.messages.orders import DocumentOrder, LetterOrder
from framework.vocabulary.authority_names import reading_order
from records.directory.contacts import Contact, Contacts, contacts
from records.log.append import Head
from records.log.commitments import salt_of
from records.log.texts import bodies, secret
from records.outbox.earlier_letters import NONE_EARLIER, EarlierLetters, earlier_letters
from records.tables.directory import AUTHORITIES


@dataclass(frozen=True, slots=True)
class MergeContext:
    """One recording, with everything its letters and documents are made from."""

    recording: DecisionCommit
    head: Head
    first: int
    """The number of the recording's first event."""
    inspection: dict[str, Any]
    """The inspection as templates see it."""
    contacts: Contacts
    bodies: Mapping[str, str]
    """Words by identifier, for every text a letter or document speaks of."""
    secret: str
    """What salts are made from."""
    earlier: EarlierLetters = NONE_EARLIER
    """Whom earlier letters reached; looked up only where a letter of the recording goes to such people."""

    def reachable(self, people: Sequence[str]) -> list[Contact]:
        """Returns those of the people who have an address today."""
        found = (self.contacts.by_person.get(person) for person in people)
        return [contact for contact in found if contact and contact.reachable]

    def salt(self, identifier: str) -> str:
        """The salt of the commitments to a letter or document."""
        return salt_of(self.secret, identifier)

    def number_of(self, event: int) -> int:
        """The number in the log of the event at this place of the decision."""
        return self.first + event if self.first else int(self.head["head_number"])

    def paragraph_of(self, event: int) -> int | None:
        """The paragraph of the event at this place of the decision."""
        events = self.recording.events
        return events[event].paragraph if event < len(events) else None

    def identifier(self, *what: str, event: int) -> str:
        """The identifier of a letter or document that this recording orders."""
        return ordered_by(self.recording.command_id, self.recording.inspection, *what, event=event)

    def common(self, order: LetterOrder | DocumentOrder) -> dict[str, Any]:
        """The part of a letter's or document's data that is made alike for both."""
        written = (order.not_before if isinstance(order, LetterOrder) else None) or self.recording.recorded
        days = {rule.key: None for rule in LIMITS} | {"fieldwork_agreed": None} | order.dates
        return {
            "inspection": self.inspection,
            "written_on": london_day(written).isoformat(),
            "dates": {key: day.isoformat() if day else None for key, day in days.items()},
            "people": self.contacts.data(),
            "facts": dict(order.facts),
            "texts": {name: self._words(value) for name, value in order.texts.items()},
        }

    def _words(self, value: str | Sequence[str]) -> str | list[str]:
        return self.bodies[value] if isinstance(value, str) else [self.bodies[one] for one in value]


def gather(connection: Connection, recording: DecisionCommit, head: Head, first: int) -> MergeContext:
    """The case of a recording. Raises `BadInput` where a letter or document names a text that is not kept."""
    orders: tuple[LetterOrder | DocumentOrder, ...] = (*recording.letters, *recording.documents)
    people = recording.people or head["people_json"]
    others = {p for letter in recording.letters for p in (*letter.persons, *letter.names.values())}
    earlier = NONE_EARLIER
    if any(_goes_to_earlier_recipients(letter) for letter in recording.letters):
        earlier = earlier_letters(connection, recording.inspection)
        others |= {*earlier.told, *earlier.invited}
    name = select(AUTHORITIES.c.name).where(AUTHORITIES.c.code == head["authority_code"])
    return MergeContext(
        recording=recording,
        head=head,
        first=first,
        inspection=_inspection(head, recording, reading_order(connection.execute(name).scalar_one())),
        contacts=contacts(connection, head["authority_code"], people, others),
        bodies=bodies(connection, {found for order in orders for found in _named(order)}),
        secret=secret(connection, recording.inspection, recording.recorded),
        earlier=earlier,
    )


def _goes_to_earlier_recipients(order: LetterOrder) -> bool:
    rule = rule_of(order.kind)
    return rule.to_all_told or rule.to_formerly_invited or WITHDRAWN in order.facts


def _named(order: LetterOrder | DocumentOrder) -> set[str]:
    """The identifier of every text an order names."""
    return {one for value in order.texts.values() for one in ((value,) if isinstance(value, str) else value)}


def _inspection(head: Head, recording: DecisionCommit, authority: str) -> dict[str, Any]:
    return {
        "id": head["id"],
        "reference": head["reference"],
        "authority_code": head["authority_code"],
        "authority": authority,
        "scope": head["scope"],
        "edition": head["edition"],
        "stage": recording.stage.value,
        "notice": head["order_json"]["notice"],
        "separate": head["scope"] != "joint",
    }
