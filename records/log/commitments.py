"""What the log commits to beyond texts: each letter and each document as it was ordered, each comment as it came in.

The commitment is sha256 over the canonical form (`records.log.hash_chain`) of these members of the row, and stands in
`data.commitments` of the event that brought it, under its identifier («comment-1» for a comment). Letters and documents are
salted: sha256 over the salt's bytes and those of the form. A letter that was given up and is sent again to other addresses is
committed to anew, by the event that says so; the newest commitment counts."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from records.log.hash_chain import canonical, commitment

LETTER = (
    *("id", "inspection_id", "event_number", "kind", "paragraph"),
    *("to_json", "cc_json", "data_json", "attachments_json", "message_id", "queued_at", "not_before"),
)
COMMENT = ("inspection_id", "number", "location_text_id", "text_id", "late")
DOCUMENT = ("id", "inspection_id", "event_number", "kind", "state", "data_json")

Row = Mapping[Any, Any]
Commitments = dict[int, dict[str, str]]
"""Number of an event -> identifier -> commitment."""


def letter_commitment(row: Row) -> str:
    """The commitment to a letter's row."""
    return commitment(row["salt"], _form(row, LETTER))


def salt_of(secret: str, identifier: str) -> str:
    """The salt of one letter or document, made from its inspection's secret (`texts.secret`): 32 hexadecimal digits."""
    return sha256(bytes.fromhex(secret) + identifier.encode()).hexdigest()[:32]


def message_commitment(salt: str, message: bytes) -> str:
    """What the log says of a message that was sent; `salt` is the letter's."""
    return sha256(bytes.fromhex(salt) + message).hexdigest()


def document_commitment(row: Row) -> str:
    """The commitment to a document's row."""
    return commitment(row["salt"], _form(row, DOCUMENT))


def comment_commitment(row: Row) -> str:
    """The commitment to a comment's row as it came in; its answer is an event of its own."""
    return commitment("", _form(row, COMMENT))


def comment_name(row: Row) -> str:
    """The identifier under which a comment is committed to."""
    return f"comment-{row['number']}"


def comment_commitments(rows: Iterable[Row]) -> dict[str, str]:
    """The commitments to comments, by identifier."""
    return {comment_name(row): comment_commitment(row) for row in rows}


def commitments(documents: Iterable[Row], letters: Iterable[Row]) -> Commitments:
    """The commitments to new rows, each under the number of the event that ordered it."""
    found: Commitments = {}
    for rows, proof in ((documents, document_commitment), (letters, letter_commitment)):
        for row in rows:
            found.setdefault(row["event_number"], {})[row["id"]] = proof(row)
    return found


def _form(row: Row, members: tuple[str, ...]) -> str:
    return canonical({name: row[name] for name in members})
