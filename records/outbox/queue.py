"""The rows of the outbox: each letter of a commit with its people, texts, facts and attachments, ready to be sent."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select

from framework.common.errors import Refused, Unaddressed
from framework.common.identifiers import letter_id
from framework.correspondence.letters import INTERNAL
from framework.correspondence.letters import letter as rule_of
from framework.correspondence.office import OfficeAddresses
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import AUTHORITY_ROLES, TITLES, Role
from records.directory.contacts import Contact
from records.outbox.letter_facts import facts_of
from records.outbox.merge_context import MergeContext
from records.tables.outbox import DOCUMENTS, LETTERS

MESSAGE_HOST = "mail.inspectorate.example"
"""The right-hand side of each Message-ID; ours alone, and no address. Short, so that the header keeps to one line."""

Unwritten = list[tuple[str, Role]]
"""Copies without an address: the kind of letter, and the role."""


def queue(
    connection: Connection, case: MergeContext, documents: Mapping[str, str], office: OfficeAddresses
) -> tuple[list[dict[str, Any]], Unwritten]:
    """Queues the letters of a commit; returns their rows, and the copies for which no holder of the role has an address.

    `documents` are those of this commit, kind -> identifier. Raises `Unaddressed` for letters without a recipient, and
    `Refused` for one whose attachment is not made yet."""
    _require_recipients(case)
    rows: list[dict[str, Any]] = []
    unwritten: Unwritten = []
    last = _last_number(connection, case) if case.recording.letters else 0
    for order in case.recording.letters:
        if rule_of(order.kind).to_formerly_invited and not _formerly_invited(case):
            continue
        people, missing = _recipients(case, order)
        unwritten += [(order.kind, role) for role in missing]
        if not people[0]:  # an internal letter: a task names the address that is missing
            unwritten += [(order.kind, Role(order.facts["role"])) for _ in order.persons]
            continue
        row = _row(connection, case, order, people, documents, office)
        rows.append({**row, "number": last + len(rows) + 1})
    if rows:
        connection.execute(insert(LETTERS), rows)
    return rows, unwritten


def _require_recipients(case: MergeContext) -> None:
    must_reach = [order for order in case.recording.letters if not _may_find_none(order)]
    lost = [order for order in must_reach if not _to(case, order)]
    if not lost:
        return
    sought = dict.fromkeys(who for order in lost for who in (*(TITLES[role] for role in order.to), *order.persons))
    kinds = " and ".join(f"«{kind}»" for kind in dict.fromkeys(order.kind for order in lost))
    raise Unaddressed(
        f"the letter {kinds} of {case.recording.inspection} finds nobody to go to ({', '.join(sought)}): "
        "no address of theirs is in the directory",
        case.paragraph_of(lost[0].event),
        tuple(order.key for order in lost),
    )


def _may_find_none(order: LetterOrder) -> bool:
    return rule_of(order.kind).to_formerly_invited or order.kind in INTERNAL


def _last_number(connection: Connection, case: MergeContext) -> int:
    """Returns the number of the newest letter; read while the inspection's row is locked, so that each number is given once."""
    query = select(func.max(LETTERS.c.number)).where(LETTERS.c.inspection_id == case.recording.inspection)
    return connection.execute(query).scalar() or 0


def _row(
    connection: Connection,
    case: MergeContext,
    order: LetterOrder,
    people: tuple[list[Contact], list[Contact]],
    documents: Mapping[str, str],
    office: OfficeAddresses,
) -> dict[str, Any]:
    identifier = letter_id(case.recording.command_id, case.recording.inspection, order.kind, order.key, order.event)
    paragraph = rule_of(order.kind).paragraph or case.paragraph_of(order.event)
    to, cc = people
    data = {
        **case.common(order),
        "kind": order.kind,
        "paragraph": paragraph,
        "letter_id": identifier,
        "to": [contact.data() for contact in to],
        "cc": [contact.data() for contact in cc],
        "attachments": list(order.attachments),
    }
    data["facts"] |= facts_of(connection, case, order, office)
    return {
        "id": identifier,
        "inspection_id": case.recording.inspection,
        "event_number": case.number_of(order.event),
        "kind": order.kind,
        "paragraph": paragraph,
        "to_json": [contact.row() for contact in to],
        "cc_json": [contact.row() for contact in cc],
        "data_json": data,
        "attachments_json": [_attached(connection, case, order.kind, kind, documents) for kind in order.attachments],
        "message_id": f"<{identifier}@{MESSAGE_HOST}>",
        "status": "queued",
        "attempts": 0,
        "queued_at": case.recording.recorded,
        "not_before": order.not_before,
        "error": "",
        "refused_json": {},
        "returned_json": {},
        "template_version": "",
        "sha256": "",
        "salt": case.salt(identifier),
    }


def _recipients(case: MergeContext, order: LetterOrder) -> tuple[tuple[list[Contact], list[Contact]], list[Role]]:
    """Returns recipients and copies, each person once, and the roles without an address: a missing copy stops no letter."""
    to = _to(case, order)
    informed = case.reachable(case.earlier.informed) if rule_of(order.kind).to_all_told else []
    informed = [contact for contact in informed if contact.person not in order.not_to]
    cc = _once([*(contact for role in order.cc for contact in case.contacts.of(role)), *informed], to)
    return (to, cc), [role for role in (*order.to, *order.cc) if _lacks_address(case, role)]


def _to(case: MergeContext, order: LetterOrder) -> list[Contact]:
    held = [contact for role in order.to for contact in case.contacts.of(role)]
    formerly = _formerly_invited(case) if rule_of(order.kind).to_formerly_invited else []
    return _once([*held, *case.reachable(order.persons), *formerly], [])


def _formerly_invited(case: MergeContext) -> list[Contact]:
    """Returns those whose calendar holds the meeting and whom no letter of this commit invites again."""
    orders = [order for order in case.recording.letters if "meeting" in order.facts and rule_of(order.kind).invitation]
    again = {contact.email.lower() for order in orders for role in order.to for contact in case.contacts.of(role)}
    return [contact for contact in case.reachable(case.earlier.invited) if contact.email.lower() not in again]


def _lacks_address(case: MergeContext, role: Role) -> bool:
    """Returns whether a role that is held has no address. A role of the team without a holder (an override) is not held."""
    expected = role in AUTHORITY_ROLES or bool(case.contacts.by_role.get(role))
    return expected and not case.contacts.of(role)


def _once(contacts: list[Contact], before: list[Contact]) -> list[Contact]:
    seen = {contact.email.lower() for contact in before}
    unique = {contact.email.lower(): contact for contact in reversed(contacts) if contact.email.lower() not in seen}
    return list(reversed(unique.values()))


def _attached(connection: Connection, case: MergeContext, letter: str, kind: str, documents: Mapping[str, str]) -> str:
    if kind in documents:
        return documents[kind]
    query = (
        select(DOCUMENTS.c.id)
        .where(DOCUMENTS.c.inspection_id == case.recording.inspection, DOCUMENTS.c.kind == kind)
        .order_by(DOCUMENTS.c.event_number.desc())
        .limit(1)
    )
    document = connection.execute(query).scalar()
    if document is None:
        raise Refused(
            f"the letter «{letter}» of {case.recording.inspection} goes with a «{kind}», which is not made yet"
        )
    return str(document)
