"""The data that the letters and documents of one commit share: the inspection, its people, and the texts they name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from framework.calendar.london_time import london_day
from framework.common.identifiers import ordered_by
from framework.correspondence.letters import WITHDRAWN
from framework.correspondence.letters import letter as rule_of
from framework.inspection.limits import LIMITS
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
    """One commit, with everything its letters and documents are made from."""

    recording: DecisionCommit
    head: Head
    first: int
    """The number of the commit's first event."""
    inspection: dict[str, Any]
    """The inspection as templates have it."""
    contacts: Contacts
    bodies: Mapping[str, str]
    """Text by identifier, for every text that a letter or document names."""
    secret: str
    """The secret that salts are derived from."""
    earlier: EarlierLetters = NONE_EARLIER
    """The recipients of earlier letters; read only if a letter of the commit goes to such people."""

    def reachable(self, people: Sequence[str]) -> list[Contact]:
        """Returns those of the people who have an address today."""
        known = (self.contacts.by_person.get(person) for person in people)
        return [contact for contact in known if contact and contact.reachable]

    def salt(self, identifier: str) -> str:
        """Returns the salt of the commitments to a letter or document."""
        return salt_of(self.secret, identifier)

    def number_of(self, event: int) -> int:
        """Returns the number in the log of the event at this index of the decision."""
        return self.first + event if self.first else int(self.head["head_number"])

    def paragraph_of(self, event: int) -> int | None:
        """Returns the paragraph of the event at this index of the decision."""
        events = self.recording.events
        return events[event].paragraph if event < len(events) else None

    def identifier(self, *what: str, event: int) -> str:
        """Returns the identifier of a letter or document that this commit orders."""
        return ordered_by(self.recording.command_id, self.recording.inspection, *what, event=event)

    def common(self, order: LetterOrder | DocumentOrder) -> dict[str, Any]:
        """Returns the part of the data that letters and documents have in common."""
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
        return self.bodies[value] if isinstance(value, str) else [self.bodies[text] for text in value]


def gather(connection: Connection, recording: DecisionCommit, head: Head, first: int) -> MergeContext:
    """Returns the context of a commit. Raises `BadInput` if a letter or document names an unknown text."""
    orders: tuple[LetterOrder | DocumentOrder, ...] = (*recording.letters, *recording.documents)
    people = recording.people or head["people_json"]
    others = {p for letter in recording.letters for p in (*letter.persons, *letter.names.values())}
    earlier = NONE_EARLIER
    if any(_goes_to_earlier_recipients(letter) for letter in recording.letters):
        earlier = earlier_letters(connection, recording.inspection)
        others |= {*earlier.informed, *earlier.invited}
    name = select(AUTHORITIES.c.name).where(AUTHORITIES.c.code == head["authority_code"])
    return MergeContext(
        recording=recording,
        head=head,
        first=first,
        inspection=_inspection(head, recording, reading_order(connection.execute(name).scalar_one())),
        contacts=contacts(connection, head["authority_code"], people, others),
        bodies=bodies(connection, {text for order in orders for text in _named(order)}),
        secret=secret(connection, recording.inspection, recording.recorded),
        earlier=earlier,
    )


def _goes_to_earlier_recipients(order: LetterOrder) -> bool:
    rule = rule_of(order.kind)
    return rule.to_all_told or rule.to_formerly_invited or WITHDRAWN in order.facts


def _named(order: LetterOrder | DocumentOrder) -> set[str]:
    """Returns the identifiers of the texts that an order names."""
    return {text for value in order.texts.values() for text in ((value,) if isinstance(value, str) else value)}


def _inspection(head: Head, recording: DecisionCommit, authority: str) -> dict[str, Any]:
    return {
        "id": head["id"],
        "reference": head["reference"],
        "authority_code": head["authority_code"],
        "authority": authority,
        "scope": head["scope"],
        "edition": head["edition"],
        "stage": recording.stage,
        "notice": head["order_json"]["notice"],
        "separate": head["scope"] != "joint",
    }
