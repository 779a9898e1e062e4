"""Words somebody wrote, kept under the identifier that travels in their place (see `framework.common.free_text`)."""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlmodel import Session

from framework.common.errors import BadInput
from framework.common.free_text import text_id as text_named
from records.log.hash_chain import commitment
from records.tables.inspections import TEXTS

_AT_ONCE = 1000
"""How many identifiers one statement names."""
_IDENTIFIER = re.compile(r"t-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def keep_text(session: Session, inspection_id: str, text_id: str, body: str, moment: datetime) -> str:
    """Keeps `body` under `text_id` and answers its commitment. The same words again change nothing.

    Raises `BadInput` for other words under a known identifier, and for what a database cannot keep."""
    if "\x00" in body or _unwritable(body):
        raise BadInput(f"the text {text_id} holds characters that are no text (a zero byte, or half a character)")
    connection = session.connection()
    before = connection.execute(select(TEXTS).where(TEXTS.c.id == text_id)).mappings().first()
    if before is None:
        salt = secrets.token_hex(16)
        proof = commitment(salt, body)
        row = {"id": text_id, "inspection_id": inspection_id, "salt": salt, "commitment": proof, "body": body}
        connection.execute(insert(TEXTS), {**row, "made_at": moment})
        return proof
    if before["body"] != body:
        raise BadInput(
            "the same command was sent before with other words: send this one under an identifier of its own"
        )
    return str(before["commitment"])


def secret_name(inspection_id: str) -> str:
    """The text without words whose salt is the inspection's secret: it goes where texts go, sealed, and is erased with them."""
    return text_named(f"{inspection_id}/secret")


def secret(connection: Connection, inspection_id: str, moment: datetime) -> str:
    """What the salts of the inspection's letters and documents are made from; made where there is none.

    Kept rather than drawn each time, so that what a restore writes down again is committed to as it was."""
    name = secret_name(inspection_id)
    kept = connection.execute(select(TEXTS.c.salt).where(TEXTS.c.id == name)).scalar()
    if kept is not None:
        return kept or secrets.token_hex(16)  # of one that was erased nothing may be guessed either
    salt = secrets.token_hex(16)
    row = {"id": name, "inspection_id": inspection_id, "salt": salt, "commitment": commitment(salt, ""), "body": ""}
    connection.execute(insert(TEXTS), {**row, "made_at": moment})
    return salt


def keep_texts(session: Session, inspection_id: str, texts: Mapping[str, str], moment: datetime) -> None:
    """Keeps every text that `detach` took out of a form. Raises `BadInput`, as `keep_text` does."""
    for text_id, body in texts.items():
        keep_text(session, inspection_id, text_id, body, moment)


def read_text(session: Session, text_id: str) -> str:
    """The words under an identifier. Raises `BadInput` for one that is not known."""
    return bodies(session.connection(), {text_id})[text_id]


def bodies(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """The words under each identifier. Raises `BadInput` naming the first that is not known."""
    wanted = set(ids)
    found = _column(connection, wanted, "body")
    if missing := sorted(wanted - set(found)):
        raise BadInput(f"the text {missing[0]} is not among the records: keep it before it is named")
    return found


def known_bodies(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """The words under each identifier that is known; what is not is passed over."""
    return _column(connection, set(ids), "body")


def text_commitments(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """What proves each text; words that only look like an identifier are passed over."""
    return _column(connection, set(ids), "commitment")


def text_ids(value: Any) -> set[str]:
    """Every identifier of a text that `value` names, at any depth."""
    if isinstance(value, str):
        return {value} if value.startswith("t-") and _IDENTIFIER.fullmatch(value) else set()
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return set()
    return set().union(*map(text_ids, value))


def _column(connection: Connection, wanted: set[str], name: str) -> dict[str, str]:
    if not wanted:
        return {}
    found: dict[str, str] = {}
    ids = sorted(wanted)
    for start in range(0, len(ids), _AT_ONCE):
        query = select(TEXTS.c.id, TEXTS.c[name]).where(TEXTS.c.id.in_(ids[start : start + _AT_ONCE]))
        found |= {row[0]: row[1] for row in connection.execute(query)}
    return found


def _unwritable(body: str) -> bool:
    """True for half a surrogate pair, which UTF-8 cannot write."""
    try:
        body.encode()
    except UnicodeEncodeError:
        return True
    return False
