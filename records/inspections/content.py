"""Content that moves no stage and sends nothing: grades and sections, answers to comments, and concerns (paras 22 to 27, 49, 51, 64).

Each is written with its event in one transaction, under the lock on the head and a check of the stage."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, select, update
from sqlmodel import Session

from framework.common.errors import BadInput, Refused, Remedy
from framework.inspection.guards.report import frozen_report
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.inspection.steps import STEPS
from framework.lifecycle.decide import error_of
from framework.lifecycle.steps import Step
from framework.messages.commands import Command
from framework.messages.events import Event
from framework.report.change_review import comment_subject
from framework.vocabulary.roles import Role
from records.database.upserts import upsert
from records.inspections import concerns
from records.inspections.repository import state
from records.log.append import Appended, Head, append, find_committed, lock
from records.tables.content import COMMENTS, EXPLANATIONS, SECTIONS
from records.tables.inspections import EVENTS

Facts = dict[str, Any]


def write(session: Session, inspection: Inspection, command: Command, recorded: datetime) -> int:
    """Writes the content of a step; returns the number of its event. The same command again changes nothing.

    The caller has checked the person and the heading (`decide.validate`). Raises `Refused` with the paragraph if the stage
    has moved on, the report was submitted or the concern is settled, `BadInput` for a step that is no content, or an unknown
    comment or concern."""
    step = _content_step(command.step)
    connection = session.connection()
    head = lock(connection, inspection.id)
    if (done := find_committed(connection, inspection.id, command.id)) is not None:
        _require_own(connection, inspection.id, command, step)
        return done.head
    if STEPS.find(command.step, Stage(head["stage"])) is None:
        stages = ", ".join(dict.fromkeys(stage.value for stage in step.sources))
        raise Refused(f"{step.name} is done at {stages}; {inspection.id} is at {head['stage']}", step.paragraph)
    if "report_not_frozen" in step.guards:
        _require_not_frozen(session, head, step)
    read, save = _WRITERS[command.step]
    event = _event(inspection, command, step, read(connection, head, step, command))
    appended = append(session, inspection.id, command.id, [event], recorded)
    save(connection, head, command, appended)
    return appended.head


def _require_own(connection: Connection, inspection: str, command: Command, step: Step) -> None:
    """Raises `BadInput` where another step was taken under the command's identifier."""
    query = select(EVENTS.c.kind).where(EVENTS.c.inspection_id == inspection, EVENTS.c.command_id == command.id)
    if step.event not in connection.execute(query).scalars().all():
        what = f"the command {command.id} was sent before and said something else"
        raise BadInput(what, remedy=Remedy.RENEW_COMMAND)


def _require_not_frozen(session: Session, head: Head, step: Step) -> None:
    # The caller's state was read before the lock was taken: the report may have been submitted in between.
    now = state(session, head["id"])
    if frozen := frozen_report(Stage(head["stage"]), now.draft, now.final):
        raise error_of(step, frozen)


def _content_step(name: str) -> Step:
    step = next((step for step in STEPS if step.name == name), None)
    if step is None or name not in _WRITERS:
        raise BadInput(f"{name} is no step that writes content; those are {', '.join(_WRITERS)}")
    return step


def _event(inspection: Inspection, command: Command, step: Step, read: Facts) -> Event:
    """Returns the step's event, with what was read under the lock: the values it replaces, or the number it is given."""
    held = inspection.roles_of(command.actor)
    return Event.from_command(
        command,
        kind=step.event,
        role=next((role for role in step.by if role in held), Role.SYSTEM),
        paragraph=step.paragraph,
        data={**command.facts, **read},
        reason=command.reason,
    )


def _section_before(connection: Connection, head: Head, fields: dict[str, Any]) -> Facts:
    query = select(SECTIONS).where(SECTIONS.c.inspection_id == head["id"], SECTIONS.c.heading == fields["heading"])
    row = connection.execute(query).mappings().first()
    if row is None:
        return {}
    areas = {"areas": row["areas_json"]} if row["areas_json"] else {}
    return {"grade": row["grade"], "text": row["text_id"], "equality": row["equality_text_id"], **areas}


def _save_section(connection: Connection, head: Head, command: Command, appended: Appended) -> None:
    fields = command.fields
    _drop_word(connection, head, fields["heading"])
    row = {
        "inspection_id": head["id"],
        "heading": fields["heading"],
        "grade": fields.get("grade"),
        "text_id": fields.get("text"),
        "areas_json": fields.get("areas", []),
        "equality_text_id": fields.get("equality"),
        "person": command.actor.person,
        "changed_at": command.received,
        "event_number": appended.head,
    }
    connection.execute(upsert(connection, SECTIONS, ("inspection_id", "heading")), row)


def _answer_before(connection: Connection, head: Head, fields: dict[str, Any]) -> Facts:
    row = _comment(connection, head, fields["number"])
    if row["accepted"] is None:
        return {}
    return {"accepted": row["accepted"], "reason": row["answer_text_id"], "sections": row["sections_json"]}


def _comment(connection: Connection, head: Head, number: int) -> RowMapping:
    query = select(COMMENTS).where(COMMENTS.c.inspection_id == head["id"], COMMENTS.c.number == number)
    row = connection.execute(query).mappings().first()
    if row is None:
        what = f"{head['id']} has no comment {number}"
        raise BadInput(what, remedy=Remedy.LIST_COMMENTS, subject=head["id"])
    return row


def _save_answer(connection: Connection, head: Head, command: Command, appended: Appended) -> None:
    fields = command.fields
    _drop_word(connection, head, comment_subject(fields["number"]))
    connection.execute(
        update(COMMENTS)
        .where(COMMENTS.c.inspection_id == head["id"], COMMENTS.c.number == fields["number"])
        .values(accepted=fields["accepted"], answer_text_id=fields["reason"], sections_json=fields["sections"])
    )


def _subject(connection: Connection, head: Head, fields: dict[str, Any]) -> str:
    """Returns the subject of an explanation. Raises `BadInput` for an unknown comment."""
    if fields.get("heading"):
        return str(fields["heading"])
    return comment_subject(_comment(connection, head, fields["comment"])["number"])


def _word_before(connection: Connection, head: Head, fields: dict[str, Any]) -> Facts:
    query = select(EXPLANATIONS.c.text_id).where(
        EXPLANATIONS.c.inspection_id == head["id"], EXPLANATIONS.c.subject == _subject(connection, head, fields)
    )
    text = connection.execute(query).scalar()
    return {"reason": text} if text else {}


def _save_word(connection: Connection, head: Head, command: Command, appended: Appended) -> None:
    row = {
        "inspection_id": head["id"],
        "subject": _subject(connection, head, command.fields),
        "text_id": command.fields["reason"],
        "event_number": appended.head,
    }
    connection.execute(upsert(connection, EXPLANATIONS, ("inspection_id", "subject")), row)


def _drop_word(connection: Connection, head: Head, subject: str) -> None:
    """Deletes the explanation of a section that is written anew: it explained the text before."""
    same = (EXPLANATIONS.c.inspection_id == head["id"], EXPLANATIONS.c.subject == subject)
    connection.execute(delete(EXPLANATIONS).where(*same))


Reader = Callable[[Connection, Head, Step, Command], Facts]
Writer = Callable[[Connection, Head, Command, Appended], None]


def _replaced(before: Callable[[Connection, Head, dict[str, Any]], Facts]) -> Reader:
    """Returns a reader of the values that a step replaces: a changed grade keeps its history."""

    def read(connection: Connection, head: Head, _: Step, command: Command) -> Facts:
        return {"before": before(connection, head, command.fields)}

    return read


def _no_row(connection: Connection, head: Head, command: Command, appended: Appended) -> None:
    """Writes nothing beside the event."""


_WRITERS: dict[str, tuple[Reader, Writer]] = {
    "grade": (_replaced(_section_before), _save_section),
    "write_section": (_replaced(_section_before), _save_section),
    "answer_comment": (_replaced(_answer_before), _save_answer),
    "explain_change": (_replaced(_word_before), _save_word),
    "add_concern": (concerns.number_given, _no_row),
    "settle_concern": (concerns.require_unsettled, _no_row),
}
"""Step -> what it reads for its event, and what it writes beside it. Concerns are read from their events (decision 0026)."""
