"""Letters that the mail system accepted and that came back: the letter, its recipients, and the command if a limit counts from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import RowMapping, select, update
from sqlmodel import Session

from framework.common.free_text import text_id
from framework.inspection.service_of_notice import returned_command
from framework.messages.events import system_event
from framework.messages.orders import TaskOrder
from records.database.columns import to_text
from records.inspections import submissions
from records.inspections.repository import state
from records.log.append import append
from records.log.texts import store_text
from records.tables.outbox import LETTERS
from records.tasks.tasks import close_tasks, open_task

MAILBOX_TASK = "bounces"
_ACCEPTED = ("accepted", "partly")


@dataclass(frozen=True, slots=True)
class ReturnedLetter:
    """A letter that came back, as it was recorded."""

    inspection: str
    has_command: bool
    """Whether a command of the system waits for the inspection's workflow: a limit counts from the letter."""


def record_returned(
    session: Session, message_id: str, recipients: Mapping[str, str], moment: datetime
) -> ReturnedLetter | None:
    """Records that the letter with this Message-ID did not arrive at `recipients` (address -> answer of the mail system).

    Writes an event, a task that names the letter and, if a limit counts from the letter and its addressee did not get it, the
    command that withdraws the limit. Returns None for an unknown letter or recipient, or one recorded before."""
    query = select(LETTERS).where(LETTERS.c.message_id == message_id, LETTERS.c.status.in_(_ACCEPTED))
    row = session.connection().execute(query.with_for_update()).mappings().first()
    if row is None:
        return None
    people = [
        person
        for person in (*row["to_json"], *row["cc_json"])
        if person["email"].lower() in recipients and person["email"] not in row["returned_json"]
    ]
    if not people:
        return None
    addressee = row["to_json"][0] in people
    answers = {person["email"]: recipients[person["email"].lower()] or "no reason given" for person in people}
    returned = {**row["returned_json"], **answers}
    session.connection().execute(update(LETTERS).where(LETTERS.c.id == row["id"]).values(returned_json=returned))
    _log(session, row, [person["person"] for person in people], answers, moment, addressee)
    stored = addressee and _store_command(session, row, moment)
    return ReturnedLetter(row["inspection_id"], stored)


def mailbox_fault(session: Session, why: str, moment: datetime) -> None:
    """Opens the task that the mailbox cannot be read, unless it is open."""
    open_task(
        session.connection(), None, TaskOrder(key=MAILBOX_TASK, kind="bounces_unread", facts={"why": why}), moment
    )


def mailbox_read(session: Session, moment: datetime) -> None:
    """Closes that task."""
    close_tasks(session.connection(), None, [MAILBOX_TASK], moment)


def _log(
    session: Session,
    row: RowMapping,
    people: Sequence[str],
    answers: Mapping[str, str],
    moment: datetime,
    addressee: bool,
) -> None:
    words = "; ".join(sorted(set(answers.values())))
    kind = "letter_returned" if addressee else "copy_returned"
    data = {"letter": row["id"], "kind": row["kind"], "people": list(people)}
    event = system_event(kind, moment, data, f"letter:{row['id']}", row["paragraph"])
    reason = text_id(f"{row['inspection_id']}/{row['id']}/{kind}/{to_text(moment)}")
    store_text(session, row["inspection_id"], reason, words, moment)
    command = f"outbox:letter:{row['id']}:{kind} {to_text(moment)} {' '.join(people)}"
    append(session, row["inspection_id"], command, [replace(event, reason=reason)], moment)
    facts = {"letter": row["id"], "number": row["number"], "kind": row["kind"], "people": list(people), "why": words}
    facts["is_copy"] = not addressee
    task = TaskOrder(key=f"returned:{row['id']}", kind="letter_returned", facts=facts)
    open_task(session.connection(), row["inspection_id"], task, moment, row["event_number"])


def _store_command(session: Session, row: RowMapping, moment: datetime) -> bool:
    """Stores the outcome as an entry point stores a command: the workflow reads it when it is signalled."""
    command = returned_command(row["id"], row["kind"], moment)
    if command is None or state(session, row["inspection_id"]).is_finished:
        return False
    submissions.store(session, row["inspection_id"], command)
    return True
