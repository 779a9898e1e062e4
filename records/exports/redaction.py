"""What leaving out personal data takes away, row by row: names, addresses, and every word somebody wrote.

Identifiers of people, and their roles, stay: the chain is made over them. So do commitments, by which what was left out can
be proved later. A row that lost something says so (`left_out`)."""

from collections.abc import Callable, Mapping
from typing import Any

from records.exports.rows import Row

LOST = {"left_out": True}


def text(row: Row) -> Row:
    """Without the words, and without the salt: a guess at a short text could be tried otherwise."""
    return {**row, "body": None, "salt": None, **LOST}


def letter(row: Row) -> Row:
    """Without names, addresses and what it says; who it went to stays by identifier and role."""
    reached = {part: [_who(person) for person in row[part]] for part in ("to_json", "cc_json")}
    by_address = {person["email"]: person["person"] for part in ("to_json", "cc_json") for person in row[part]}
    refused = sorted(by_address.get(address, "?") for address in row["refused_json"])
    return {**row, **reached, "refused_json": refused, "data_json": None, "error": None, "salt": None, **LOST}


def document(row: Row) -> Row:
    """Without the data it is made from."""
    return {**row, "data_json": None, "error": None, "salt": None, **LOST}


def task(row: Row) -> Row:
    """Without its facts: what a mail system answered may name an address."""
    return {**row, "facts_json": None, **LOST}


def calendar(row: Row) -> Row:
    """Without the reason somebody gave for it."""
    return {**row, "reason": None, **LOST}


LEFT_OUT: Mapping[str, Callable[[Row], Row]] = {
    "texts": text,
    "letters": letter,
    "documents": document,
    "tasks": task,
    "calendars": calendar,
}
"""Member -> what leaving out makes of each of its rows. Rows of the others hold identifiers, days and grades only."""


def _who(person: Mapping[str, Any]) -> dict[str, Any]:
    return {"person": person["person"], "role": person["role"]}
