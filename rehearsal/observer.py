"""What a rehearsal reads from the records: how the outbox stands, what happened since, what was sent and made."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, bindparam, func, select
from sqlalchemy.sql import Select

from records.database.connection import reading
from records.tables.inspections import EVENTS, INSPECTIONS, TASKS
from records.tables.outbox import DOCUMENTS, LETTERS, PUBLICATIONS

WAITING = ("queued", "sending")
_LETTERS = select(LETTERS.c.kind, LETTERS.c.attempts, LETTERS.c.not_before).where(
    LETTERS.c.inspection_id == bindparam("inspection"), LETTERS.c.status.in_(WAITING)
)
_DOCUMENTS = select(DOCUMENTS.c.kind).where(
    DOCUMENTS.c.inspection_id == bindparam("inspection"), DOCUMENTS.c.status == "wanted"
)
_REPORTS = select(PUBLICATIONS.c.document_id).where(
    PUBLICATIONS.c.inspection_id == bindparam("inspection"), PUBLICATIONS.c.published_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class Outbox:
    """What is still to go out."""

    letters: tuple[str, ...]
    """Kinds of the letters that may go now and are not settled yet."""
    untried: tuple[str, ...]
    """Those of them that were never tried."""
    documents: tuple[str, ...]
    """Kinds of the documents not made yet, and «publication» where a report is on its way."""


class Records:
    """The records of one inspection, for reading."""

    def __init__(self, records: Engine, inspection: str) -> None:
        self._records = records
        self.inspection = inspection

    def next_due(self) -> datetime | None:
        """When the next thing happens of itself; None when only people can move it on."""
        found = self._all(select(INSPECTIONS.c.next_due).where(INSPECTIONS.c.id == self.inspection))
        return found[0][0] if found else None

    def next_moment(self, now: datetime) -> datetime | None:
        """Returns when something next happens of itself: a thing that is due, or a letter whose morning comes after `now`."""
        moments = [due] if (due := self.next_due()) else []
        letters = self._all(_LETTERS, inspection=self.inspection)
        moments += [row.not_before for row in letters if row.not_before and row.not_before > now]
        return min(moments, default=None)

    def outbox(self, now: datetime) -> Outbox:
        """Returns what is still to go out; letters that wait for a later moment are left out."""
        asked = {"inspection": self.inspection}
        with reading(self._records) as session:
            found, documents, on_its_way = (
                session.connection().execute(query, asked).all() for query in (_LETTERS, _DOCUMENTS, _REPORTS)
            )
        letters = [row for row in found if row.not_before is None or row.not_before <= now]
        return Outbox(
            letters=tuple(row.kind for row in letters),
            untried=tuple(row.kind for row in letters if not row.attempts),
            documents=(*(row.kind for row in documents), *("publication" for _ in on_its_way)),
        )

    def events_after(self, number: int) -> list[Row[Any]]:
        """The events with a higher number, in order."""
        return self._all(
            select(EVENTS)
            .where(EVENTS.c.inspection_id == self.inspection, EVENTS.c.number > number)
            .order_by(EVENTS.c.number)
        )

    def head(self) -> int:
        """The number of the newest event."""
        found = self._all(select(func.max(EVENTS.c.number)).where(EVENTS.c.inspection_id == self.inspection))
        return int(found[0][0] or 0)

    def letters(self) -> list[Row[Any]]:
        """Every letter, in the order they were queued."""
        return self._all(
            select(LETTERS)
            .where(LETTERS.c.inspection_id == self.inspection)
            .order_by(LETTERS.c.event_number, LETTERS.c.kind, LETTERS.c.id)
        )

    def documents(self) -> list[Row[Any]]:
        """Every document, in the order they were asked for."""
        return self._all(
            select(DOCUMENTS)
            .where(DOCUMENTS.c.inspection_id == self.inspection)
            .order_by(DOCUMENTS.c.event_number, DOCUMENTS.c.kind)
        )

    def open_tasks(self) -> list[str]:
        """The kinds of all open tasks."""
        found = self._all(
            select(TASKS.c.kind).where(TASKS.c.inspection_id == self.inspection, TASKS.c.closed_at.is_(None))
        )
        return sorted(row.kind for row in found)

    def _all(self, query: Select[Any], **values: Any) -> list[Row[Any]]:
        with reading(self._records) as session:
            return list(session.connection().execute(query, values).all())
