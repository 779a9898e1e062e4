"""Signed lists of all heads: made when something changed, kept in a table that only grows, and as files to be given away.

Each list names the one before it by hash. Whoever holds one can prove later what the log of every inspection was then."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, text
from sqlmodel import Session

from framework.errors import BadInput
from records.chain import GENESIS, canonical
from records.signing import Signer
from records.tables import INSPECTIONS
from records.tables_witness import HEAD_LISTS

FOLDER = "witness"

Heads = dict[str, tuple[int, str]]
"""Inspection -> number and hash of its newest event."""


@dataclass(frozen=True, slots=True)
class HeadList:
    """One signed list."""

    number: int
    made_at: str
    previous: str
    """sha256 of the body of the list before; 64 zeros for the first."""
    heads: Heads
    body: str
    signature: str
    public_key: str

    @property
    def sha256(self) -> str:
        """Of the body; what the next list names."""
        return sha256(self.body.encode()).hexdigest()

    def to_file(self) -> str:
        """As it is kept on disk and sent to the auditors: three members, `body` exactly as it was signed."""
        members = {"body": self.body, "public_key": self.public_key, "signature": self.signature}
        return json.dumps(members, ensure_ascii=False, indent=1) + "\n"


def make(session: Session, moment: datetime, key: Signer) -> HeadList | None:
    """Signs and keeps a list of all heads; None when no head moved since the last one."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(20101003)"))  # SQLite has one writer at a time anyway
    last = newest(connection)
    now = heads(connection)
    if now == (last.heads if last else {}):
        return None
    number, previous = (last.number + 1, last.sha256) if last else (1, GENESIS)
    body = canonical({"heads": now, "made_at": moment, "number": number, "previous": previous})
    made = read(body, key.sign(body), key.public)
    row = {"number": number, "made_at": moment, "body": body, "sha256": made.sha256}
    connection.execute(insert(HEAD_LISTS), {**row, "signature": made.signature, "public_key": made.public_key})
    return made


def heads(connection: Connection) -> Heads:
    """The head of every inspection that has events."""
    columns = (INSPECTIONS.c.id, INSPECTIONS.c.head_number, INSPECTIONS.c.head_hash)
    query = select(*columns).where(INSPECTIONS.c.head_number > 0).order_by(INSPECTIONS.c.id)
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def newest(connection: Connection) -> HeadList | None:
    """The newest list, if there is one."""
    query = select(HEAD_LISTS).order_by(HEAD_LISTS.c.number.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return of_row(row) if row else None


def numbers(session: Session) -> list[int]:
    """The numbers of all lists, in order."""
    return list(session.connection().execute(select(HEAD_LISTS.c.number).order_by(HEAD_LISTS.c.number)).scalars())


def find(session: Session, number: int) -> HeadList:
    """A list by its number. Raises `BadInput`."""
    row = session.connection().execute(select(HEAD_LISTS).where(HEAD_LISTS.c.number == number)).mappings().first()
    if row is None:
        raise BadInput(f"there is no list of heads {number}")
    return of_row(row)


def of_row(row: RowMapping) -> HeadList:
    """A list as the table has it. Raises `BadInput` for a body that is none."""
    return read(row["body"], row["signature"], row["public_key"])


def read_file(path: Path) -> HeadList:
    """A list from a file. Raises `BadInput` for a file that holds none."""
    try:
        members: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return read(members["body"], members["signature"], members["public_key"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BadInput(f"{path} holds no signed list of heads ({fault})") from None


def files(data: Path) -> tuple[Path, ...]:
    """Every list on file under `data`, oldest first."""
    return tuple(sorted((data / FOLDER).glob("heads-*.json")))


def file_name(number: int) -> str:
    """The name of a list's file under `FOLDER`."""
    return f"heads-{number:06d}.json"


def read(body: str, signature: str, public_key: str) -> HeadList:
    """A list from its parts; whether it was signed is not looked at. Raises `BadInput`."""
    try:
        said = json.loads(body)
        found = {str(name): (int(number), str(proof)) for name, (number, proof) in said["heads"].items()}
        number, made_at, previous = int(said["number"]), str(said["made_at"]), str(said["previous"])
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise BadInput(f"a signed list of heads cannot be read ({fault})") from None
    return HeadList(number, made_at, previous, found, body, str(signature), str(public_key))
