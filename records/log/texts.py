"""Stores free text under the identifier that replaces it in events and payloads (see `framework.common.free_text`)."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlmodel import Session

from framework.common.errors import BadInput
from framework.common.free_text import is_text_id
from framework.common.free_text import text_id as text_named
from records.log.hash_chain import commitment
from records.tables.inspections import TEXTS

_OTHER_WORDS = "the same command was sent before with other words: send this one under an identifier of its own"
_BATCH_SIZE = 1000
"""Identifiers in one statement."""


def store_text(session: Session, inspection_id: str, text_id: str, body: str, moment: datetime) -> str:
    """Stores `body` under `text_id` and returns its commitment; the same text again changes nothing.

    Raises `BadInput` for another text under a stored identifier, and for characters that a database cannot store."""
    if "\x00" in body or _has_lone_surrogate(body):
        raise BadInput(f"the text {text_id} holds characters that are no text (a zero byte, or half a character)")
    connection = session.connection()
    stored = connection.execute(select(TEXTS).where(TEXTS.c.id == text_id)).mappings().first()
    if stored is None:
        salt = secrets.token_hex(16)
        proof = commitment(salt, body)
        row = {"id": text_id, "inspection_id": inspection_id, "salt": salt, "commitment": proof, "body": body}
        connection.execute(insert(TEXTS), {**row, "made_at": moment})
        return proof
    if stored["body"] != body:
        raise BadInput(_OTHER_WORDS)
    return str(stored["commitment"])


def require_same_texts(connection: Connection, texts: Mapping[str, str]) -> None:
    """Raises `BadInput` where another text is stored under one of these identifiers; one that was erased is passed over."""
    for name, body in known_bodies(connection, texts).items():
        if body not in ("", texts[name]):
            raise BadInput(_OTHER_WORDS)


def secret_name(inspection_id: str) -> str:
    """Returns the identifier of the empty text whose salt is the inspection's secret.

    The secret is a text so that it is sealed in backups and erased as texts are."""
    return text_named(f"{inspection_id}/secret")


def secret(connection: Connection, inspection_id: str, moment: datetime) -> str:
    """Returns the secret from which the salts of an inspection's letters and documents are derived; makes it at first use."""
    # It is stored, not drawn each time: rows that a restore writes again must have the same commitments as before.
    name = secret_name(inspection_id)
    stored = connection.execute(select(TEXTS.c.salt).where(TEXTS.c.id == name)).scalar()
    if stored is not None:
        return stored or secrets.token_hex(16)  # erased: a salt derived from "" could be guessed
    salt = secrets.token_hex(16)
    row = {"id": name, "inspection_id": inspection_id, "salt": salt, "commitment": commitment(salt, ""), "body": ""}
    connection.execute(insert(TEXTS), {**row, "made_at": moment})
    return salt


def store_texts(session: Session, inspection_id: str, texts: Mapping[str, str], moment: datetime) -> None:
    """Stores every text that `detach` took out of a form. Raises `BadInput` as `store_text` does."""
    for text_id, body in texts.items():
        store_text(session, inspection_id, text_id, body, moment)


def read_text(session: Session, text_id: str) -> str:
    """Returns the text under an identifier. Raises `BadInput` for an unknown one."""
    return bodies(session.connection(), {text_id})[text_id]


def bodies(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Returns the text under each identifier. Raises `BadInput` that names the first unknown one."""
    identifiers = set(ids)
    texts = _column(connection, identifiers, "body")
    if missing := sorted(identifiers - set(texts)):
        raise BadInput(f"the text {missing[0]} is not among the records: store it before it is named")
    return texts


def known_bodies(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Returns the text under each identifier, without the unknown ones."""
    return _column(connection, set(ids), "body")


def text_commitments(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Returns the commitment to each text, without unknown identifiers: a word may only look like one."""
    return _column(connection, set(ids), "commitment")


def text_ids(value: Any) -> set[str]:
    """Returns every identifier of a text in `value`, at any depth."""
    if isinstance(value, str):
        return {value} if is_text_id(value) else set()
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return set()
    return set().union(*map(text_ids, value))


def _column(connection: Connection, identifiers: set[str], name: str) -> dict[str, str]:
    if not identifiers:
        return {}
    values: dict[str, str] = {}
    ids = sorted(identifiers)
    for start in range(0, len(ids), _BATCH_SIZE):
        query = select(TEXTS.c.id, TEXTS.c[name]).where(TEXTS.c.id.in_(ids[start : start + _BATCH_SIZE]))
        values |= {row[0]: row[1] for row in connection.execute(query)}
    return values


def _has_lone_surrogate(body: str) -> bool:
    try:
        body.encode()
    except UnicodeEncodeError:
        return True
    return False
