"""A letter as it goes out: its text, the documents it goes with, and a calendar entry where there is one, as one message."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from activities.mail.ical import invitation, withdrawal
from activities.mail.ical_on_site import on_site_entry
from activities.mail.mime import Attachment, CalendarEntry, Sender, compose
from activities.rendering.templates import RenderedLetter, render_letter, signer
from activities.support.atomic_files import read_whole
from activities.support.waits import Wait
from framework.common.errors import BadInput
from framework.correspondence.letters import WITHDRAWN
from framework.correspondence.letters import letter as rule_of
from records.outbox.threads import Thread


class NotYetRendered(Wait):
    """A document that goes with the letter is still being made."""


@dataclass(frozen=True, slots=True)
class AssembledLetter:
    """One letter's message, and what it was put together from."""

    rendered: RenderedLetter
    message: bytes
    attachments: dict[str, bytes]
    """Identifier of a document -> the file that goes with the letter, in the order of the message."""


def assemble(row: dict[str, Any], thread: Thread, folder: Path, sender: Sender) -> AssembledLetter:
    """Composes the message of a letter, as `records.outbox.states.letter` has it, with its documents from `folder`.

    Raises `NotYetRendered`, and what keeps it from being made at all: `TemplateFault`, `BadInput` for an address, `CheckFailed` for
    a document that is not the one that was made."""
    data, written = row["data"], row["not_before"] or row["queued_at"]
    rendered = render_letter(row["kind"], data)
    answer_to = signer(row["kind"], data)
    attachments = {document["id"]: _attachment(document, folder) for document in row["documents"]}
    calendar = _calendar_entry(row, answer_to)
    documents = [*attachments.values()]
    message = compose(data, rendered, sender, row["message_id"], written, documents, calendar, answer_to, thread)
    return AssembledLetter(
        rendered, message.as_bytes(), {name: attachment.content for name, attachment in attachments.items()}
    )


def _attachment(document: dict[str, Any], folder: Path) -> Attachment:
    """Returns a document as it was made; a report byte for byte as it was assured (para 61)."""
    if document["status"] == "failed":
        raise BadInput(f"the document «{document['kind']}» that goes with it could not be made")
    if document["status"] != "rendered":
        raise NotYetRendered(document["kind"])
    return Attachment(document["file_name"], read_whole(folder / document["pdf_path"], document["pdf_sha256"]))


def _calendar_entry(row: dict[str, Any], answer_to: dict[str, str]) -> CalendarEntry | None:
    """Returns the days on site of a member, the invitation to the meeting that the letter names, or the withdrawal of either.

    An invitation is withdrawn by its sender."""
    data = row["data"]
    if not rule_of(row["kind"]).invitation:
        return None
    if entry := data["facts"].get("on_site"):
        content = on_site_entry(data["inspection"], entry, answer_to, data["to"], row["queued_at"])
        return CalendarEntry("CANCEL" if entry["withdrawn"] else "REQUEST", content)
    if meeting := data["facts"].get("meeting"):
        people = [*data["to"], *data["cc"]]
        return CalendarEntry("REQUEST", invitation(data["inspection"], meeting, answer_to, people, row["queued_at"]))
    if meeting := data["facts"].get(WITHDRAWN):
        organizer = signer("set_up_invitation", {"people": meeting["people"]}) if meeting["people"] else answer_to
        addresses = {person["email"] for person in (*data["to"], *data["cc"])}
        invited = [person for person in meeting["invited"] if person["email"] in addresses]
        content = withdrawal(data["inspection"], meeting, organizer, invited, row["queued_at"])
        return CalendarEntry("CANCEL", content)
    return None
