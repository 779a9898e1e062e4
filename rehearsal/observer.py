"""Reads the records of a rehearsal: the outbox, new events, letters, documents and tasks."""

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
    """The content of the outbox that is still to be delivered."""

    letters: tuple[str, ...]
    """Kinds of the letters that may be sent now and have no outcome yet."""
    untried: tuple[str, ...]
    """Those of them without an attempt."""
    documents: tuple[str, ...]
    """Kinds of the documents not rendered yet, and «publication» for a report that is not published yet."""


class Records:
    """The records of one inspection, for reading."""

    def __init__(self, records: Engine, inspection: str) -> None:
        self._records = records
        self.inspection = inspection

    def next_due(self) -> datetime | None:
        """Returns the moment of the next due item; None if only people can take the next step."""
        rows = self._all(select(INSPECTIONS.c.next_due).where(INSPECTIONS.c.id == self.inspection))
        return rows[0][0] if rows else None

    def next_moment(self, now: datetime) -> datetime | None:
        """Returns the next moment without a person: of a due item, or of a letter that waits for a time after `now`."""
        moments = [due] if (due := self.next_due()) else []
        letters = self._all(_LETTERS, inspection=self.inspection)
        moments += [row.not_before for row in letters if row.not_before and row.not_before > now]
        return min(moments, default=None)

    def outbox(self, now: datetime) -> Outbox:
        """Returns what is still to be delivered; letters that wait for a later moment are left out."""
        values = {"inspection": self.inspection}
        with reading(self._records) as session:
            unsent, documents, reports = (
                session.connection().execute(query, values).all() for query in (_LETTERS, _DOCUMENTS, _REPORTS)
            )
        letters = [row for row in unsent if row.not_before is None or row.not_before <= now]
        return Outbox(
            letters=tuple(row.kind for row in letters),
            untried=tuple(row.kind for row in letters if not row.attempts),
            documents=(*(row.kind for row in documents), *("publication" for _ in reports)),
        )

    def events_after(self, number: int) -> list[Row[Any]]:
        """Returns the events with a higher number, in order."""
        return self._all(
            select(EVENTS)
            .where(EVENTS.c.inspection_id == self.inspection, EVENTS.c.number > number)
            .order_by(EVENTS.c.number)
        )

    def head(self) -> int:
        """Returns the number of the newest event."""
        rows = self._all(select(func.max(EVENTS.c.number)).where(EVENTS.c.inspection_id == self.inspection))
        return int(rows[0][0] or 0)

    def events_from(self, entry_point: str) -> list[int]:
        """Returns the numbers of the events that came in at this entry point, in order."""
        query = select(EVENTS.c.number).where(
            EVENTS.c.inspection_id == self.inspection, EVENTS.c.entry_point == entry_point
        )
        return [row.number for row in self._all(query.order_by(EVENTS.c.number))]

    def letters(self) -> list[Row[Any]]:
        """Returns every letter, in the order they were queued."""
        return self._all(select(LETTERS).where(LETTERS.c.inspection_id == self.inspection).order_by(LETTERS.c.number))

    def documents(self) -> list[Row[Any]]:
        """Returns every document, in the order they were ordered."""
        return self._all(
            select(DOCUMENTS)
            .where(DOCUMENTS.c.inspection_id == self.inspection)
            .order_by(DOCUMENTS.c.event_number, DOCUMENTS.c.kind)
        )

    def open_tasks(self) -> list[str]:
        """Returns the kinds of all open tasks."""
        rows = self._all(
            select(TASKS.c.kind).where(TASKS.c.inspection_id == self.inspection, TASKS.c.closed_at.is_(None))
        )
        return sorted(row.kind for row in rows)

    def _all(self, query: Select[Any], **values: Any) -> list[Row[Any]]:
        with reading(self._records) as session:
            return list(session.connection().execute(query, values).all())
