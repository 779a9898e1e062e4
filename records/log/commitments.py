"""Commitments of the log to rows: each letter and document as it was ordered, each comment as it was received.

A commitment is sha256 over the canonical form (`records.log.hash_chain`) of the members of the row listed here, for letters
and documents after the bytes of the row's salt. It is in `data.commitments` of the event that brought the row, under the
row's identifier («comment-1» for a comment). A letter that is sent again to other addresses has a second commitment, in the
event of that; the newest one counts."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from records.log.hash_chain import canonical, commitment

LETTER = (
    *("id", "inspection_id", "number", "event_number", "kind", "paragraph"),
    *("to_json", "cc_json", "data_json", "attachments_json", "message_id", "queued_at", "not_before"),
)
COMMENT = ("inspection_id", "number", "location_text_id", "heading", "text_id", "late")
DOCUMENT = ("id", "inspection_id", "event_number", "kind", "state", "data_json")

Row = Mapping[Any, Any]
Commitments = dict[int, dict[str, str]]
"""Number of an event -> identifier -> commitment."""


def letter_commitment(row: Row) -> str:
    """Returns the commitment to a letter's row."""
    return commitment(row["salt"], _form(row, LETTER))


def salt_of(secret: str, identifier: str) -> str:
    """Returns the salt of a letter or document, derived from the inspection's secret (`texts.secret`): 32 hex digits."""
    return sha256(bytes.fromhex(secret) + identifier.encode()).hexdigest()[:32]


def message_commitment(salt: str, message: bytes) -> str:
    """Returns the commitment to the bytes of a message that was sent; `salt` is that of its letter."""
    return sha256(bytes.fromhex(salt) + message).hexdigest()


def document_commitment(row: Row) -> str:
    """Returns the commitment to a document's row."""
    return commitment(row["salt"], _form(row, DOCUMENT))


def comment_commitment(row: Row) -> str:
    """Returns the commitment to a comment's row as it was received. It has no salt: the words are texts, which have theirs."""
    return commitment("", _form(row, COMMENT))


def comment_name(row: Row) -> str:
    """Returns the identifier of a comment among the commitments of an event."""
    return f"comment-{row['number']}"


def comment_commitments(rows: Iterable[Row]) -> dict[str, str]:
    """Returns the commitments to comments, by identifier."""
    return {comment_name(row): comment_commitment(row) for row in rows}


def commitments(documents: Iterable[Row], letters: Iterable[Row]) -> Commitments:
    """Returns the commitments to new rows, each under the number of the event that ordered it."""
    by_event: Commitments = {}
    for rows, commitment_of in ((documents, document_commitment), (letters, letter_commitment)):
        for row in rows:
            by_event.setdefault(row["event_number"], {})[row["id"]] = commitment_of(row)
    return by_event


def _form(row: Row, members: tuple[str, ...]) -> str:
    return canonical({name: row[name] for name in members})
