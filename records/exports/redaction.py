"""Redacts rows for an export without personal data: removes names, addresses and free text.

Identifiers of people and their roles stay, since the chain is hashed over them. So do commitments, by which the removed
content can be proved later. A redacted row has the member `left_out`."""

from collections.abc import Callable, Mapping
from typing import Any

from records.exports.rows import Row

REDACTED = {"left_out": True}


def text(row: Row) -> Row:
    """Removes the text, and its salt: with the salt, a guess at a short text could be confirmed."""
    return {**row, "body": None, "salt": None, **REDACTED}


def letter(row: Row) -> Row:
    """Removes names, addresses and content; recipients stay by identifier and role."""
    recipients = {part: [_without_name(person) for person in row[part]] for part in ("to_json", "cc_json")}
    by_address = {person["email"]: person["person"] for part in ("to_json", "cc_json") for person in row[part]}
    not_reached = {
        part: sorted(by_address.get(address, "?") for address in row[part])
        for part in ("refused_json", "returned_json")
    }
    content = {"data_json": None, "error": None, "salt": None}
    return {**row, **recipients, **not_reached, **content, **REDACTED}


def document(row: Row) -> Row:
    """Removes the data it is rendered from."""
    return {**row, "data_json": None, "error": None, "salt": None, **REDACTED}


def task(row: Row) -> Row:
    """Removes the facts: an answer of the mail system in them may name an address."""
    return {**row, "facts_json": None, **REDACTED}


def calendar(row: Row) -> Row:
    """Removes the reason, which is free text."""
    return {**row, "reason": None, **REDACTED}


REDACTIONS: Mapping[str, Callable[[Row], Row]] = {
    "texts": text,
    "letters": letter,
    "documents": document,
    "tasks": task,
    "calendars": calendar,
}
"""Table -> the redaction of each of its rows. Rows of other tables hold only identifiers, days and grades."""


def _without_name(person: Mapping[str, Any]) -> dict[str, Any]:
    return {"person": person["person"], "role": person["role"]}
