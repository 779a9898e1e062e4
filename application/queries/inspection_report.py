"""What stands in the report of one inspection, the comments on it, and what changed since the draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping
from sqlmodel import Session

from framework.inspection.state import Inspection
from framework.messages.events import StoredEvent
from framework.report.change_review import ChangeReview
from records.projections import as_known
from records.queries import report_changes as changes
from records.queries.inspection_rows import Row


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the report that is written."""

    heading: str
    grade: str | None


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on the draft, with its answer. `where` and `text` are None where the words were erased."""

    number: int
    where: str | None
    text: str | None
    late: bool
    used: bool | None
    accepted: bool | None


def sections_at(rows: Sequence[Row], events: Sequence[StoredEvent], as_of: datetime | None) -> tuple[Section, ...]:
    """Returns what stands, or stood once `events` had been recorded, under the headings of the report."""
    known = as_known.sections_as_known(list(rows), list(events)) if as_of else rows
    return tuple(Section(row["heading"], row["grade"]) for row in known)


def comments_at(rows: Sequence[Row], events: Sequence[StoredEvent], as_of: datetime | None) -> tuple[Comment, ...]:
    """Returns the comments that have come in, or had once `events` had been recorded."""
    known = as_known.comments_as_known(list(rows), list(events)) if as_of else rows
    return tuple(
        Comment(row["number"], row["where"] or None, row["text"] or None, row["late"], row["used"], row["accepted"])
        for row in known
    )


def report_changes(session: Session, row: RowMapping, state: Inspection, as_of: datetime | None) -> ChangeReview:
    """Returns what changed from the draft as sent to the final report, empty where there is nothing to compare."""
    return ChangeReview.of(changes.report_changes(session, row, state, now=as_of is None))
