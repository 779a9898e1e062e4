"""The state of the records before a step is decided, and the head it was read at."""

from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, func, select
from sqlmodel import Session

from framework.common.errors import BadInput, Remedy
from framework.inspection.event_kinds import CONTENT_KINDS, WORKFLOW_KINDS
from framework.inspection.stages import Stage
from framework.messages.events import StoredEvent
from framework.messages.record_state import RecordState, RecordStateQuery, ReportState
from framework.report.change_review import ChangeReview
from records.calendars import versions
from records.directory.contacts import Contacts, contacts
from records.inspections import submissions
from records.log.read import stored_event_of
from records.outbox import outcomes
from records.outbox.documents import REPORTS
from records.outbox.report_content import missing, review_changes, sections
from records.tables.content import COMMENTS
from records.tables.inspections import EVENTS, INSPECTIONS
from records.tables.outbox import DOCUMENTS, LETTERS

_INSPECTION = select(INSPECTIONS).where(INSPECTIONS.c.id == bindparam("inspection"))
_FROZEN = (
    select(DOCUMENTS.c.kind, DOCUMENTS.c.id, DOCUMENTS.c.pdf_sha256, EVENTS.c.actor)
    .join(EVENTS, (EVENTS.c.inspection_id == DOCUMENTS.c.inspection_id) & (EVENTS.c.number == DOCUMENTS.c.event_number))
    .where(DOCUMENTS.c.inspection_id == bindparam("inspection"), DOCUMENTS.c.kind.in_(REPORTS))
    .order_by(DOCUMENTS.c.event_number)
)
_OPEN_COMMENTS = (
    select(COMMENTS.c.number)
    .where(COMMENTS.c.inspection_id == bindparam("inspection"), COMMENTS.c.used, COMMENTS.c.accepted.is_(None))
    .order_by(COMMENTS.c.number)
)
_COUNT_COMMENTS = select(func.count()).where(COMMENTS.c.inspection_id == bindparam("inspection"))
_MISSED = (
    select(EVENTS)
    .where(
        EVENTS.c.inspection_id == bindparam("inspection"),
        EVENTS.c.number > bindparam("known"),
        EVENTS.c.kind.in_(WORKFLOW_KINDS),
    )
    .order_by(EVENTS.c.number)
)
_WITH_LETTERS = (
    select(LETTERS.c.event_number)
    .distinct()
    .where(LETTERS.c.inspection_id == bindparam("inspection"))
    .order_by("event_number")
)
_CONTENT = (
    select(EVENTS.c.number, EVENTS.c.kind)
    .where(EVENTS.c.inspection_id == bindparam("inspection"), EVENTS.c.kind.in_(CONTENT_KINDS))
    .order_by(EVENTS.c.number)
)
_MOVED = _MISSED.with_only_columns(EVENTS.c.number).limit(1)


def record_state(session: Session, question: RecordStateQuery) -> RecordState:
    """Returns the state of the records that rules may read of one inspection. Raises `BadInput` for an unknown one."""
    connection = session.connection()
    row = connection.execute(_INSPECTION, {"inspection": question.inspection}).mappings().first()
    if row is None:
        raise BadInput(f"there is no inspection {question.inspection}", remedy=Remedy.LIST_INSPECTIONS)
    people = contacts(connection, row["authority_code"], row["people_json"])
    return record_state_of(connection, row, people, question)


def record_state_of(
    connection: Connection, row: RowMapping, people: Contacts, question: RecordStateQuery
) -> RecordState:
    """Returns the same for a caller that has read the inspection's row and its people already."""
    name = {"inspection": question.inspection}
    version, applied = versions.version_in_force(connection), row["calendar_version"]
    given = connection.execute(_COUNT_COMMENTS, name).scalar_one()
    reports = _reports(connection, row)
    review = _review(connection, row)
    return RecordState(
        head=row["head_number"],
        calendar=version,
        calendar_data=versions.calendar_data(connection, version) if version not in ("", question.calendar) else None,
        applied_calendar=applied,
        applied_calendar_data=versions.calendar_data(connection, applied)
        if applied not in ("", version, question.calendar)
        else None,
        draft=reports["draft_report"],
        final=reports["final_report"],
        unanswered_comments=tuple(connection.execute(_OPEN_COMMENTS, name).scalars()) if given else (),
        comments_given=given,
        unexplained_changes=review.unexplained_changes if review else (),
        unexplained_comments=review.unexplained_comments if review else (),
        **(_written_for_steps(connection, name) if question.step == "withdraw" else {}),
        missing_addresses=people.missing(),
        missed_events=_missed_events(connection, question, row["head_number"]),
        pending_commands=(
            *outcomes.unreported(connection, question.inspection),
            *submissions.waiting(connection, question.inspection),
        ),
    )


def _written_for_steps(connection: Connection, name: dict[str, str]) -> dict[str, Any]:
    content = connection.execute(_CONTENT, name).all()
    return {
        "events_with_letters": tuple(connection.execute(_WITH_LETTERS, name).scalars()),
        "content_events": tuple((number, kind) for number, kind in content),
    }


def workflow_events_since(connection: Connection, inspection: str, known: int) -> bool:
    """Returns whether the log holds events of the workflow's own after the event it knows of."""
    return connection.execute(_MOVED, {"inspection": inspection, "known": known}).first() is not None


def _missed_events(connection: Connection, question: RecordStateQuery, head: int) -> tuple[StoredEvent, ...]:
    if head <= question.last_event:
        return ()
    rows = connection.execute(_MISSED, {"inspection": question.inspection, "known": question.last_event}).mappings()
    return tuple(stored_event_of(row) for row in rows)


def _reports(connection: Connection, row: RowMapping) -> dict[str, ReportState]:
    gaps = missing(sections(connection, row["id"]), row["scope"], row["edition"])
    frozen: dict[str, Any] = {
        document.kind: document for document in connection.execute(_FROZEN, {"inspection": row["id"]})
    }
    return {kind: _report(gaps, frozen.get(kind)) for kind in REPORTS}


def _review(connection: Connection, row: RowMapping) -> ChangeReview | None:
    """Returns what changed since the draft was sent, while the final report is being written; no rule reads it otherwise."""
    if row["stage"] != Stage.FINALISING:
        return None
    return review_changes(connection, row["id"], row["scope"], row["edition"])


def _report(gaps: tuple[str, ...], document: Any) -> ReportState:
    if document is None:
        return ReportState(missing=gaps)
    return ReportState(
        missing=gaps,
        frozen_document=document.id,
        rendered_sha256=document.pdf_sha256 or None,
        author=document.actor,
    )
