"""One decision, written in one transaction or not at all: events, letters, documents, tasks, limits, the inspection's row.

Called with a session of `database.writing`, whose end is the commit."""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlmodel import Session

from framework.correspondence.office import NONE, OfficeAddresses
from framework.inspection.stages import Stage
from framework.messages.commit import AlreadyCommitted, Committed, Conflict, DecisionCommit, NotSubmitted
from framework.messages.orders import LimitRow, TaskOrder
from framework.vocabulary.roles import TITLES, Role
from records.calendars.versions import version_in_force
from records.database.upserts import insert_new
from records.inspections.people_clashes import bound_team, update_tasks
from records.inspections.readiness import workflow_events_since
from records.inspections.submissions import mark_refused, waiting
from records.inspections.submitted import is_held, report
from records.log.append import Appended, Head, append_events, find_committed, lock
from records.log.commitments import Commitments, comment_commitments, commitments
from records.log.texts import text_commitments
from records.outbox.documents import order_documents
from records.outbox.merge_context import gather
from records.outbox.publications import order_publication
from records.outbox.queue import queue
from records.outbox.requeue import requeue
from records.projections import limit_history, parts
from records.tables.content import COMMENTS
from records.tables.inspections import INSPECTIONS, LIMITS, SUBMISSIONS
from records.tables.outbox import LETTERS
from records.tasks.tasks import apply_tasks

ENDED_STAGES = (Stage.CLOSED, Stage.CANCELLED)
"""Stages after which another inspection of the same authority and scope may begin."""

_DROP_LIMITS = delete(LIMITS).where(LIMITS.c.inspection_id == bindparam("inspection"))
_ADD_LIMITS = insert(LIMITS)
_TAKEN = (
    update(SUBMISSIONS)
    .where(SUBMISSIONS.c.inspection_id == bindparam("inspection"), SUBMISSIONS.c.command_id == bindparam("command"))
    .values(state="taken")
)
_MOVE = update(INSPECTIONS).where(INSPECTIONS.c.id == bindparam("inspection"))
_LETTERS_OF = (
    select(LETTERS.c.id)
    .where(
        LETTERS.c.inspection_id == bindparam("inspection"),
        LETTERS.c.event_number.between(bindparam("first"), bindparam("last")),
    )
    .order_by(LETTERS.c.event_number, LETTERS.c.id)
)


def commit(
    session: Session, recording: DecisionCommit, office: OfficeAddresses = NONE
) -> Committed | AlreadyCommitted | Conflict | NotSubmitted:
    """Writes everything a decision changes, in the session's transaction. The same command again returns its rows.

    `office` is what the letters name of the office.

    Raises `BadInput` for an unknown inspection or text, and `Refused` for a letter that has no recipient with an address; then
    nothing is written."""
    connection = session.connection()
    head = lock(connection, recording.inspection)
    if recording.command is not None and not is_held(connection, recording.inspection, recording.command):
        report(connection, recording.inspection, recording.command, recording.recorded)
        return NotSubmitted()
    in_force = version_in_force(connection)
    appended = find_committed(connection, head["id"], recording.command_id)
    if appended is None:
        if not _is_current(connection, recording, head, in_force):
            return Conflict(calendar=in_force)
        appended = _write(connection, recording, head, office)
    if recording.rejects_command:
        mark_refused(session, recording.inspection, recording.rejects_command)
    result = AlreadyCommitted if appended.already_committed else Committed
    return result(
        head=appended.head,
        hash=appended.hash,
        first_event=appended.first_event,
        calendar=in_force,
        letters=_letters(connection, recording.inspection, appended) if recording.letters else (),
    )


def _is_current(connection: Connection, recording: DecisionCommit, head: Head, in_force: str) -> bool:
    """Returns whether the decision would be the same now: see `DecisionCommit.concurrency`."""
    if recording.concurrency == "exact_head":
        return bool(head["head_number"] == recording.expected_version)
    known = recording.expected_version
    return (
        recording.expected_calendar == in_force
        and head["calendar_version"] in ("", in_force)
        and head["head_number"] >= known
        and not workflow_events_since(connection, recording.inspection, known)
        and not (recording.requires_no_pending_commands and waiting(connection, recording.inspection))
    )


def _write(connection: Connection, recording: DecisionCommit, head: Head, office: OfficeAddresses) -> Appended:
    """Writes letters and documents first, so that the events can commit to them; then the events, and what follows from them."""
    comments = _comments(recording)
    if comments:
        connection.execute(insert_new(connection, COMMENTS), comments)
    _decide_late_comments(connection, recording)
    last = head["head_number"] + len(recording.events)
    promised, unwritten = _send(connection, recording, head, office)
    if comments:
        named = text_commitments(
            connection, {row[name] for row in comments for name in ("location_text_id", "text_id")}
        )
        promised.setdefault(head["head_number"] + 1, {}).update(named | comment_commitments(comments))
    if recording.send_again:
        again = requeue(connection, recording.inspection, recording.send_again)
        promised.setdefault(last, {})[recording.send_again] = again
    appended = append_events(connection, head, recording.command_id, recording.events, recording.recorded, promised)
    if appended.recorded is not None:
        recording = recording.model_copy(update={"recorded": appended.recorded})
    apply_tasks(connection, recording.inspection, unwritten, recording.recorded, appended.head)
    _follow(connection, recording, head, appended)
    return appended


def _follow(connection: Connection, recording: DecisionCommit, head: Head, appended: Appended) -> None:
    """Writes everything but the events and what they order."""
    if recording.publish:
        order_publication(connection, recording.inspection)
    if recording.tasks:
        apply_tasks(connection, recording.inspection, recording.tasks, recording.recorded, appended.head)
    connection.execute(_DROP_LIMITS, {"inspection": recording.inspection})
    if recording.limits:
        rows = [_limit_row(recording, limit, appended) for limit in recording.limits]
        connection.execute(_ADD_LIMITS, rows)
    moved = _moved(recording, head, appended)
    connection.execute(_MOVE, {"inspection": recording.inspection, **moved})
    lead = moved.get("lead", head["lead"])
    limit_history.save(connection, recording.inspection, appended.head, recording.recorded, lead, recording.limits)
    people = moved.get("people_json", head["people_json"])
    if people != head["people_json"]:
        parts.save(connection, recording.inspection, appended.head, recording.recorded, recording.people)
    if (people, moved["bookings_json"]) != (head["people_json"], head["bookings_json"]):
        team = bound_team(people, recording.bookings)
        update_tasks(connection, recording.inspection, team, recording.recorded, appended.head)
    connection.execute(_TAKEN, {"inspection": recording.inspection, "command": recording.command_id})


def _limit_row(recording: DecisionCommit, limit: LimitRow, appended: Appended) -> dict[str, Any]:
    """Returns the row of a limit. Its event may be one of this commit: the decision numbered it from the newest it knew."""
    row = {"inspection_id": recording.inspection, **limit.model_dump()}
    if limit.settled_by is not None and limit.settled_by >= recording.numbered_from:
        row["settled_by"] = limit.settled_by - recording.numbered_from + appended.first_event
    return row


def _send(
    connection: Connection, recording: DecisionCommit, head: Head, office: OfficeAddresses
) -> tuple[Commitments, list[TaskOrder]]:
    """Stores letters and documents; returns the commitments to them, and tasks for copies without an address."""
    if not (recording.letters or recording.documents):
        return {}, []
    case = gather(connection, recording, head, head["head_number"] + 1 if recording.events else 0)
    documents = order_documents(connection, case)
    document_ids = {row["kind"]: row["id"] for row in documents}
    letters, unwritten = queue(connection, case, document_ids, office)
    return commitments(documents, letters), [_unwritten_task(kind, role) for kind, role in unwritten]


def _unwritten_task(kind: str, role: Role) -> TaskOrder:
    facts = {"letter": kind, "role": role.value, "title": TITLES[role]}
    return TaskOrder(key=f"address:{role.value}", kind="address_missing", facts=facts)


def _comments(recording: DecisionCommit) -> list[dict[str, Any]]:
    return [
        {
            "inspection_id": recording.inspection,
            "number": comment.number,
            "location_text_id": comment.where,
            "text_id": comment.text,
            "heading": comment.heading,
            "late": comment.late,
            "used": None if comment.late else True,
            "decision_text_id": None,
            "accepted": None,
            "answer_text_id": None,
            "sections_json": [],
        }
        for comment in recording.comments
    ]


def _decide_late_comments(connection: Connection, recording: DecisionCommit) -> None:
    """Stores the lead's decision on late comments: only those that are used have to be answered (para 51)."""
    for event in recording.events:
        if event.kind == "late_comments_decided":
            undecided = update(COMMENTS).where(
                COMMENTS.c.inspection_id == recording.inspection, COMMENTS.c.late, COMMENTS.c.used.is_(None)
            )
            connection.execute(undecided.values(used=bool(event.data["use"]), decision_text_id=event.reason))


def _moved(recording: DecisionCommit, head: Head, appended: Appended) -> dict[str, Any]:
    over = recording.stage in ENDED_STAGES
    row = {
        "stage": recording.stage,
        "closed_at": (head["closed_at"] or recording.recorded) if over else None,
        "head_number": appended.head,
        "head_hash": appended.hash,
        "next_due": recording.next_due,
        "next_what": recording.next_what,
        "bookings_json": [booking.model_dump(mode="json") for booking in recording.bookings],
        "calendar_version": next(
            (str(event.data["calendar"]) for event in recording.events if "calendar" in event.data),
            head["calendar_version"],
        ),
    }
    if recording.people:
        people = {role.value: list(held) for role, held in recording.people.items()}
        lead, coordinator = (people.get(role.value, []) for role in (Role.LEAD_INSPECTOR, Role.COORDINATOR))
        row |= {
            "people_json": people,
            "lead": lead[0] if lead else "",
            "coordinator": coordinator[0] if coordinator else "",
        }
    return row


def _letters(connection: Connection, inspection: str, appended: Appended) -> tuple[str, ...]:
    span = {"inspection": inspection, "first": appended.first_event, "last": appended.head}
    return tuple(connection.execute(_LETTERS_OF, span).scalars())
