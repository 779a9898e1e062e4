"""The states of letters and documents: what waits in the outbox, and the outcome of each.

Every outcome is one transaction: the row, an event in the inspection's log, and a task if a person must act."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select, update
from sqlmodel import Session

from framework.calendar.london_time import london_day
from framework.common.errors import BadInput
from framework.common.free_text import text_id
from framework.correspondence.documents import file_name
from framework.inspection.service_of_notice import service_command
from framework.messages.delivery import DeliveryOutcome, LetterToSend, PendingDeliveries
from framework.messages.events import system_event
from framework.messages.orders import TaskOrder
from records.database.columns import to_text
from records.log.append import append
from records.log.texts import store_text
from records.outbox import messages, publications
from records.outbox.messages import SealedMessage
from records.tables.outbox import DOCUMENTS, LETTERS
from records.tasks.tasks import close_tasks, open_task

UNDELIVERED = ("queued", "sending")


def waiting(session: Session, inspection: str) -> PendingDeliveries:
    """Returns the outbox of an inspection: documents to make, letters to send (oldest first), a report to publish."""
    connection = session.connection()
    is_own = DOCUMENTS.c.inspection_id == inspection
    documents = select(DOCUMENTS.c.id).where(is_own, DOCUMENTS.c.status == "wanted").order_by(DOCUMENTS.c.event_number)
    letters = (
        select(LETTERS)
        .where(LETTERS.c.inspection_id == inspection, LETTERS.c.status.in_(UNDELIVERED))
        .order_by(LETTERS.c.queued_at, LETTERS.c.number)
    )
    return PendingDeliveries(
        documents=tuple(connection.execute(documents).scalars()),
        letters=tuple(_in_turn(map(_to_send, connection.execute(letters).mappings()))),
        publish=publications.to_publish(session, inspection),
    )


def letter(session: Session, letter_id: str) -> dict[str, Any]:
    """Returns a letter with its attachments, each as `document` has it. Raises `BadInput` for an unknown letter."""
    row = _row(session.connection(), LETTERS, letter_id)
    plain = {**row, "inspection": row["inspection_id"]}
    for name in ("data", "to", "cc", "refused", "returned", "attachments"):
        plain[name] = plain.pop(f"{name}_json")
    return {**plain, "documents": [document(session, attachment) for attachment in plain["attachments"]]}


def document(session: Session, document_id: str) -> dict[str, Any]:
    """Returns a document with the data it is made from and its file's name. Raises `BadInput` for an unknown document."""
    row = _row(session.connection(), DOCUMENTS, document_id)
    plain = {**row, "inspection": row["inspection_id"], "file_name": file_name(row["kind"], row["inspection_id"])}
    plain["data"] = plain.pop("data_json")
    return plain


def mark_sending(session: Session, letter_id: str, moment: datetime, message: SealedMessage | None = None) -> None:
    """Marks a letter before each attempt, with the message that is about to be sent; None if the message is stored already.

    A letter that a crash leaves «sending» is sent again under the same Message-ID."""
    connection = session.connection()
    row = _locked(session, LETTERS, letter_id)
    if row["status"] not in UNDELIVERED:
        return
    attempt: dict[str, Any] = {"status": "sending", "sending_at": moment, "attempts": row["attempts"] + 1}
    if message is not None:
        messages.keep_attempt(connection, row, message, moment)
        attempt["template_version"] = message.template_version
    _set(connection, LETTERS, letter_id, **attempt)


def mark_waiting(session: Session, letter_id: str, error: str) -> None:
    """Marks a letter as waiting again, after an attempt that certainly failed before the mail system took the message."""
    connection = session.connection()
    if _locked(session, LETTERS, letter_id)["status"] == "sending":
        _set(connection, LETTERS, letter_id, status="queued", error=error)


def mark_accepted(
    session: Session,
    letter_id: str,
    moment: datetime,
    *,
    refused: Mapping[str, str] | None = None,
    sha256: str = "",
) -> None:
    """Records that the mail system accepted a letter. `sha256` names the message (`message_commitment`); empty if it is lost.

    `refused` (address -> answer) are copies that were not accepted: a task, never a second sending to all."""
    row = _locked(session, LETTERS, letter_id)
    lost = [person["person"] for person in (*row["to_json"], *row["cc_json"]) if person["email"] in (refused or {})]
    outcome = _Outcome(
        "letter_accepted", "partly" if refused else "accepted", {"sha256": sha256, "copies_refused": lost}
    )
    values: dict[str, Any] = {"accepted_at": moment, "refused_json": dict(refused or {}), "error": "", "sha256": sha256}
    values["late"] = london_day(moment) > london_day(row["not_before"] or row["queued_at"])
    if not _settle(session, row, outcome, moment, **values):
        return
    messages.mark_accepted(session.connection(), letter_id, sha256, moment)
    if refused:
        facts = {**_named(row), "people": lost}
        _task(session, row, TaskOrder(key=f"copy:{letter_id}", kind="copy_refused", facts=facts), moment)


def mark_failed(session: Session, letter_id: str, error: str, moment: datetime) -> None:
    """Records that the mail system refused the letter for good, with a task for the coordinator."""
    _give_up(session, letter_id, _Outcome("letter_failed", "failed", {}), error, moment)


def mark_stopped(session: Session, letter_id: str, error: str, moment: datetime) -> None:
    """Records that the letter could not be sent (its text or a document could not be made), with a task for the coordinator."""
    _give_up(session, letter_id, _Outcome("letter_stopped", "stopped", {}), error, moment)


def mark_rendered(
    session: Session,
    document_id: str,
    *,
    moment: datetime,
    template_version: str,
    html_path: str,
    html_sha256: str,
    pdf_path: str = "",
    pdf_sha256: str = "",
) -> None:
    """Records that a document was made; its hashes are in the log, so that what is approved can be proved."""
    row = _locked(session, DOCUMENTS, document_id)
    if row["status"] == "rendered":
        return
    files = {"html_path": html_path, "html_sha256": html_sha256, "pdf_path": pdf_path, "pdf_sha256": pdf_sha256}
    values = {"status": "rendered", "rendered_at": moment, "template_version": template_version, "error": ""}
    _set(session.connection(), DOCUMENTS, document_id, **files, **values)
    data = {"document": document_id, "kind": row["kind"], "html_sha256": html_sha256, "pdf_sha256": pdf_sha256}
    _log(session, row, "document_rendered", data, f"document:{document_id}:rendered", moment)
    close_tasks(session.connection(), row["inspection_id"], [f"document:{document_id}"], moment)


def mark_document_failed(session: Session, document_id: str, error: str, moment: datetime) -> None:
    """Records that a document could not be made, and opens a task; only this document stops."""
    row = _locked(session, DOCUMENTS, document_id)
    if row["status"] != "wanted":
        return
    _set(session.connection(), DOCUMENTS, document_id, status="failed", error=error)
    data = {"document": document_id, "kind": row["kind"]}
    reason = _why(session, row, error, moment)
    _log(session, row, "document_failed", data, f"document:{document_id}:failed", moment, reason=reason)
    facts = {**data, "why": error}
    _task(session, row, TaskOrder(key=f"document:{document_id}", kind="document_failed", facts=facts), moment)


def mark_published(session: Session, document_id: str, name: str, moment: datetime) -> None:
    """Records that the report was published as `name`. Done again it changes nothing."""
    row = _locked(session, DOCUMENTS, document_id)
    publications.mark_published(session, row["inspection_id"], document_id, name, moment)
    data = {"document": document_id, "file": name, "sha256": row["pdf_sha256"]}
    _log(session, row, "report_placed", data, f"document:{document_id}:published", moment)


def published(session: Session) -> list[dict[str, Any]]:
    """Returns the published reports, newest first: authority, inspection, published_on, file."""
    return publications.published(session)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The outcome of a letter, as event and as status."""

    event: str
    status: str
    data: Mapping[str, Any]


def _to_send(row: RowMapping) -> LetterToSend:
    outcome = DeliveryOutcome(letter_id=row["id"], kind=row["kind"], at=row["queued_at"], accepted=True)
    return LetterToSend(
        id=row["id"],
        kind=row["kind"],
        documents=tuple(row["attachments_json"]),
        reports_outcome=service_command(outcome) is not None,
        not_before=row["not_before"],
    )


def _in_turn(letters: Iterable[LetterToSend]) -> Iterator[LetterToSend]:
    """Yields the letters, the oldest first; those to the team also wait for the documents of the letters before them.

    The team gets its letters after the invitation, whose agenda is still to be made."""
    documents: list[str] = []
    for waiting_letter in letters:
        if waiting_letter.kind == "assignment":
            yield waiting_letter.model_copy(update={"documents": tuple(documents)})
        else:
            documents += waiting_letter.documents
            yield waiting_letter


def _give_up(session: Session, letter_id: str, outcome: _Outcome, error: str, moment: datetime) -> None:
    row = _locked(session, LETTERS, letter_id)
    reason = _why(session, row, error, moment) if row["status"] in UNDELIVERED else None
    if _settle(session, row, outcome, moment, reason, error=error):
        messages.forget_attempts(session.connection(), letter_id)
        facts = {**_named(row), "why": error}
        if limits := [item["limit"] for item in row["data_json"]["facts"].get("owed", ())]:  # a reminder's
            facts["limits"] = limits
        _task(session, row, TaskOrder(key=f"letter:{letter_id}", kind=outcome.event, facts=facts), moment)


def _named(row: RowMapping) -> dict[str, Any]:
    """Returns the facts by which a task names its letter."""
    return {"letter": row["id"], "number": row["number"], "kind": row["kind"]}


def _why(session: Session, row: RowMapping, error: str, moment: datetime) -> str:
    """Stores the error of the mail system or the template, which may name a person, as the text of a reason."""
    words = error.encode("utf-8", "replace").decode().replace("\x00", "") or "nothing was said"
    identifier = text_id(f"{row['inspection_id']}/{row['id']}/{to_text(moment)}")
    store_text(session, row["inspection_id"], identifier, words, moment)
    return identifier


def _settle(
    session: Session, row: RowMapping, outcome: _Outcome, moment: datetime, reason: str | None = None, **values: Any
) -> bool:
    """Writes the outcome; returns False if the letter has one already, which stays."""
    if row["status"] not in UNDELIVERED:
        return False
    _set(session.connection(), LETTERS, row["id"], status=outcome.status, **values)
    data = {"letter": row["id"], "kind": row["kind"], "attempts": row["attempts"], **outcome.data}
    # The moment distinguishes this outcome from that of an earlier sending of the same letter, which was then queued again.
    command = f"letter:{row['id']}:{outcome.status} {to_text(moment)}"
    _log(session, row, outcome.event, data, command, moment, row["paragraph"], reason)
    return True


def _log(
    session: Session,
    row: RowMapping,
    kind: str,
    data: Mapping[str, Any],
    command: str,
    moment: datetime,
    paragraph: int | None = None,
    reason: str | None = None,
) -> None:
    event = system_event(kind, moment, data, ":".join(command.split(":")[:2]), paragraph)
    append(session, row["inspection_id"], f"outbox:{command}", [replace(event, reason=reason)], moment)


def _task(session: Session, row: RowMapping, task: TaskOrder, moment: datetime) -> None:
    open_task(session.connection(), row["inspection_id"], task, moment, row["event_number"])


def _locked(session: Session, table: Table, identifier: str) -> RowMapping:
    """Returns the row, locked until the transaction ends, so that of two outcomes the first one stays."""
    return _row(session.connection(), table, identifier, locked=True)


def _row(connection: Connection, table: Table, identifier: str, *, locked: bool = False) -> RowMapping:
    query = select(table).where(table.c.id == identifier)
    row = connection.execute(query.with_for_update() if locked else query).mappings().first()
    if row is None:
        raise BadInput(f"there is no {table.name.rstrip('s')} {identifier}")
    return row


def _set(connection: Connection, table: Table, identifier: str, **values: Any) -> None:
    connection.execute(update(table).where(table.c.id == identifier).values(**values))
