"""The columns that hold personal data of an inspection: sealed in backups, opened by a restore, overwritten by an erasure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, update

from records.database.columns import json_text
from records.database.dump import Change
from records.privacy.keys import KeyStore, of_line, to_line
from records.tables.inspections import TASKS, TEXTS
from records.tables.outbox import DOCUMENTS, LETTERS, MESSAGES

ERASED = {"erased": True}
PERSONAL_COLUMNS: Mapping[Table, Mapping[str, Any]] = {
    TEXTS: {"salt": "", "body": ""},
    LETTERS: {
        "to_json": [],
        "cc_json": [],
        "data_json": ERASED,
        "refused_json": {},
        "returned_json": {},
        "error": "",
        "salt": "",
    },
    MESSAGES: {"sealed": ""},
    DOCUMENTS: {"data_json": ERASED, "error": "", "salt": ""},
    TASKS: {"facts_json": {}},
}
"""Table -> its personal columns, each with its value once erased."""
_ERASED_TEXT = {
    table.name: {name: value if isinstance(value, str) else json_text(value) for name, value in columns.items()}
    for table, columns in PERSONAL_COLUMNS.items()
    if table is not MESSAGES
}
"""The same by name of table, with each value as the database holds it; of `messages` nothing, which are sealed already."""


def sealing(keys: KeyStore, moment: datetime) -> Change:
    """Returns a change of dumped rows that seals each personal column with its inspection's key."""

    def seal(table: str, row: dict[str, Any]) -> dict[str, Any]:
        owner = row.get("inspection_id") or ""
        if table in _ERASED_TEXT and keys.is_erased(
            owner
        ):  # written since the erasure: there is no key to seal it with
            return row | _ERASED_TEXT[table]
        return row | {
            name: to_line(keys.seal(owner, f"{table}.{name}", str(row[name]).encode(), moment))
            for name in _ERASED_TEXT.get(table, ())
            if not _has_erased_values(table, row)
        }

    return seal


def opening(keys: KeyStore) -> Change:
    """Returns a change of dumped rows that opens what `sealing` sealed; erased values where the key was destroyed."""

    def open_(table: str, row: dict[str, Any]) -> dict[str, Any]:
        columns = _ERASED_TEXT.get(table)
        if columns is None or _has_erased_values(table, row):
            return row
        owner = row.get("inspection_id") or ""
        opened = {name: keys.open(owner, f"{table}.{name}", of_line(row[name])) for name in columns}
        return row | {name: columns[name] if value is None else value.decode() for name, value in opened.items()}

    return open_


def is_erased(row: Mapping[Any, Any]) -> bool:
    """Returns whether the row of a text, letter or document holds nothing personal any more."""
    return bool(
        row["data_json"] == ERASED and not row["salt"] if "data_json" in row else row["body"] == row["salt"] == ""
    )


def _has_erased_values(table: str, row: Mapping[str, Any]) -> bool:
    return all(row[name] == value for name, value in _ERASED_TEXT.get(table, {}).items())


def erase_rows(connection: Connection, inspection: str) -> dict[str, int]:
    """Overwrites the personal columns of every row of an inspection; returns the number of rows of each table."""
    return {
        table.name: connection.execute(
            update(table).where(table.c.inspection_id == inspection).values(**columns)
        ).rowcount
        for table, columns in PERSONAL_COLUMNS.items()
    }
