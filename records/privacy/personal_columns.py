"""Which columns hold personal data of an inspection, how they go into a backup and out of it, and what erasing leaves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, update

from records.database.dump import Change
from records.privacy.keys import KeyStore, of_line, to_line
from records.tables.inspections import TASKS, TEXTS
from records.tables.outbox import DOCUMENTS, LETTERS

ERASED = {"erased": True}
PERSONAL_COLUMNS: Mapping[Table, Mapping[str, Any]] = {
    TEXTS: {"salt": "", "body": ""},
    LETTERS: {"to_json": [], "cc_json": [], "data_json": ERASED, "refused_json": {}, "error": "", "salt": ""},
    DOCUMENTS: {"data_json": ERASED, "error": "", "salt": ""},
    TASKS: {"facts_json": {}},
}
"""Table -> its personal columns, and what stands there once they are erased."""
_RAW = {
    "texts": {"salt": "", "body": ""},
    "letters": {
        "to_json": "[]",
        "cc_json": "[]",
        "data_json": '{"erased":true}',
        "refused_json": "{}",
        "error": "",
        "salt": "",
    },
    "documents": {"data_json": '{"erased":true}', "error": "", "salt": ""},
    "tasks": {"facts_json": "{}"},
}
"""The same as the database keeps it."""


def sealing(vault: KeyStore, moment: datetime) -> Change:
    """Seals each personal column of a row under its inspection's key, on the way into a backup."""

    def seal(table: str, row: dict[str, Any]) -> dict[str, Any]:
        owner = row.get("inspection_id") or ""
        if table in _RAW and vault.is_erased(owner):  # what came in since has no key to be sealed with
            return row | _RAW[table]
        return row | {
            name: to_line(vault.seal(owner, f"{table}.{name}", str(row[name]).encode(), moment))
            for name in _RAW.get(table, ())
            if not _is_left(table, row)
        }

    return seal


def opening(vault: KeyStore) -> Change:
    """Opens them again, on the way out; where the key was destroyed, what erasing leaves is put there."""

    def open_(table: str, row: dict[str, Any]) -> dict[str, Any]:
        columns = _RAW.get(table)
        if columns is None or _is_left(table, row):
            return row
        owner = row.get("inspection_id") or ""
        opened = {name: vault.open(owner, f"{table}.{name}", of_line(row[name])) for name in columns}
        return row | {name: columns[name] if words is None else words.decode() for name, words in opened.items()}

    return open_


def is_erased(row: Mapping[Any, Any]) -> bool:
    """Whether nothing personal is left in the row of a text, letter or document."""
    return bool(
        row["data_json"] == ERASED and not row["salt"] if "data_json" in row else row["body"] == row["salt"] == ""
    )


def _is_left(table: str, row: Mapping[str, Any]) -> bool:
    return all(row[name] == left for name, left in _RAW.get(table, {}).items())


def erase_rows(connection: Connection, inspection: str) -> dict[str, int]:
    """Overwrites every personal column of an inspection; answers how many rows of each table."""
    return {
        table.name: connection.execute(update(table).where(table.c.inspection_id == inspection).values(**left)).rowcount
        for table, left in PERSONAL_COLUMNS.items()
    }
