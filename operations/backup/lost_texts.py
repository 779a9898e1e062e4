"""Texts that a step names and the backup lacks: copied from the previous records if these can be read, else marked as lost.

The engine never had them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlmodel import Session

from framework.common.errors import InspectionError
from framework.messages.commit import DecisionCommit
from records.database.connection import reading
from records.database.upserts import insert_new
from records.log.hash_chain import commitment
from records.log.texts import text_commitments, text_ids
from records.tables.inspections import TEXTS

PLACEHOLDER = "[These words were lost when the records were restored from a backup.]"


class PresentTexts:
    """The texts in the records that were in use when the restore began, if there were any."""

    def __init__(self, present: Engine | None) -> None:
        self._present = present

    def complete(self, session: Session, inspection: str, names: set[str], moment: datetime) -> set[str]:
        """Inserts each of these texts that is missing, with a placeholder if it is lost; returns the lost ones."""
        connection = session.connection()
        missing = names - set(text_commitments(connection, names))
        if not missing:
            return set()
        rows = self._read(missing)
        lost = missing - {row["id"] for row in rows}
        rows += [_placeholder(name, inspection, moment) for name in sorted(lost)]
        connection.execute(insert_new(connection, TEXTS), rows)
        return lost

    def copy(self, session: Session, names: set[str]) -> None:
        """Inserts those of these texts that the previous records have; the others are not needed."""
        if rows := self._read(names):
            connection = session.connection()
            connection.execute(insert_new(connection, TEXTS), rows)

    def _read(self, names: set[str]) -> list[dict[str, Any]]:
        if self._present is None:
            return []
        try:
            with reading(self._present) as session:
                return [row for row in _rows(session.connection(), names) if _is_unchanged(row)]
        except (InspectionError, ValueError, OSError):
            return []


def texts_of(decision: DecisionCommit) -> set[str]:
    """Returns the identifiers of all texts that a commit names."""
    return text_ids(decision.model_dump(mode="json"))


def _rows(connection: Connection, names: set[str]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(TEXTS).where(TEXTS.c.id.in_(names))).mappings()]


def _is_unchanged(row: Mapping[str, Any]) -> bool:
    return bool(commitment(row["salt"], row["body"]) == row["commitment"])


def _placeholder(name: str, inspection: str, moment: datetime) -> dict[str, Any]:
    salt = "00" * 16
    row = {"id": name, "inspection_id": inspection, "salt": salt, "commitment": commitment(salt, PLACEHOLDER)}
    return {**row, "body": PLACEHOLDER, "made_at": moment}
