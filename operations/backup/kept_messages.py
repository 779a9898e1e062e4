"""Finds kept messages in the present records, for letters whose acceptance a restore records again."""

from sqlalchemy import Engine, RowMapping, select

from framework.common.errors import InspectionError
from records.database.connection import reading
from records.outbox.messages import SealedMessage
from records.tables.outbox import LETTERS, MESSAGES


class KeptMessages:
    """The messages in the records that were in use when the restore began, if there were any."""

    def __init__(self, present: Engine | None) -> None:
        self._present = present

    def find(self, letter: RowMapping) -> SealedMessage | None:
        """Returns the last accepted message of a letter, still encrypted; None if it is lost.

        The log's SHA-256 of a message includes the letter's salt, so only a message under the same salt fits."""
        if self._present is None:
            return None
        query = (
            select(MESSAGES.c.sha256, MESSAGES.c.sealed, LETTERS.c.template_version)
            .join(LETTERS)
            .where(LETTERS.c.id == letter["id"], LETTERS.c.salt == letter["salt"], MESSAGES.c.accepted_at.is_not(None))
            .order_by(MESSAGES.c.accepted_at.desc())
        )
        try:
            with reading(self._present) as session:
                row = session.connection().execute(query).first()
        except (InspectionError, ValueError, OSError):
            return None
        return SealedMessage(*row) if row is not None else None
