"""Words that a step names and the backup does not have: taken from the records that stood there before, where they can
still be read there, or marked as lost. The engine never had them."""

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

LOST = "[These words were lost when the records were restored from a backup.]"


class Words:
    """Where lost words are looked for: the records that were in use when the restore began."""

    def __init__(self, present: Engine | None) -> None:
        self._present = present

    def find(self, session: Session, inspection: str, names: set[str], moment: datetime) -> set[str]:
        """Keeps every text that is not there yet; answers those whose words nobody has any more."""
        connection = session.connection()
        missing = names - set(text_commitments(connection, names))
        if not missing:
            return set()
        rows = [*self._there(missing)]
        lost = missing - {row["id"] for row in rows}
        rows += [_marked(name, inspection, moment) for name in sorted(lost)]
        connection.execute(insert_new(connection, TEXTS), rows)
        return lost

    def bring(self, session: Session, names: set[str]) -> None:
        """Keeps those of these texts that the records which stood there have; the others are nobody's loss."""
        if rows := self._there(names):
            connection = session.connection()
            connection.execute(insert_new(connection, TEXTS), rows)

    def _there(self, names: set[str]) -> list[dict[str, Any]]:
        if self._present is None:
            return []
        try:
            with reading(self._present) as session:
                return [row for row in _rows(session.connection(), names) if _is_whole(row)]
        except (InspectionError, ValueError, OSError):
            return []


def named(recording: DecisionCommit) -> set[str]:
    """Every text that a recording names."""
    return text_ids(recording.model_dump(mode="json"))


def _rows(connection: Connection, names: set[str]) -> list[dict[str, Any]]:
    found = connection.execute(select(TEXTS).where(TEXTS.c.id.in_(names))).mappings()
    return [dict(row) for row in found]


def _is_whole(row: Mapping[str, Any]) -> bool:
    return bool(commitment(row["salt"], row["body"]) == row["commitment"])


def _marked(name: str, inspection: str, moment: datetime) -> dict[str, Any]:
    salt = "00" * 16
    row = {"id": name, "inspection_id": inspection, "salt": salt, "commitment": commitment(salt, LOST)}
    return {**row, "body": LOST, "made_at": moment}
