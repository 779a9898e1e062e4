"""Checkpoints: signed lists of all heads, of the versions of the calendar and of the head of the access log.

They are stored in a table that only grows and as files for the auditors. Each holds the hash of the one before. A
checkpoint proves, years later, what the log of every inspection was when it was made."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, RowMapping, insert, select, text
from sqlmodel import Session

from framework.common.errors import BadInput
from records.audit import access_log as access
from records.audit.restores import RestoreStatement
from records.audit.signing import Signer
from records.calendars import versions as calendars
from records.log.hash_chain import GENESIS, canonical
from records.tables.checkpoints import CHECKPOINTS
from records.tables.inspections import INSPECTIONS

FOLDER = "checkpoints"
CALENDAR, ACCESS = "calendar ", "access log"
"""Names in statements that are about no inspection: the prefix of a version of the calendar, and the access log."""
READ_ONLY_CHECKPOINT_DELAY = timedelta(days=1)
"""How long entries of the access log alone wait for a checkpoint: without it, reading would send a mail each hour."""

Heads = dict[str, tuple[int, str]]
"""Inspection -> number and hash of its newest event."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One signed list."""

    number: int
    made_at: str
    previous: str
    """sha256 of the body of the checkpoint before; 64 zeros for the first."""
    heads: Heads
    calendars: Mapping[str, str]
    """Version of the calendar -> its digest (`calendars.version_digest`)."""
    access: tuple[int, str]
    """Number and hash of the newest entry of the access log; 0 and "" where there is none."""
    body: str
    signature: str
    public_key: str

    def beside(self) -> Iterator[RestoreStatement]:
        """Returns the statements that are about no inspection: versions of the calendar, and the access log."""
        yield from ((f"{CALENDAR}{version}", 0, digest) for version, digest in self.calendars.items())
        if self.access[0]:
            yield (ACCESS, *self.access)

    @property
    def sha256(self) -> str:
        """Returns the digest of the body, which the next checkpoint holds as `previous`."""
        return sha256(self.body.encode()).hexdigest()

    def to_file(self) -> str:
        """Returns the text of its file, which is sent to the auditors: three members, `body` exactly as it was signed."""
        members = {"body": self.body, "public_key": self.public_key, "signature": self.signature}
        return json.dumps(members, ensure_ascii=False, indent=1) + "\n"


def make(session: Session, moment: datetime, key: Signer) -> Checkpoint | None:
    """Signs and stores a checkpoint; returns None where none is due.

    One is due when a head moved or a calendar was made since the last one, or when entries of the access log have waited
    for a day."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(20101003)"))  # SQLite has one writer at a time
    last = newest(connection)
    now, versions, access_head = heads(connection), calendars.version_digests(connection), access.head(connection)
    if not _is_due(last, now, versions, access_head, moment):
        return None
    number, previous = (last.number + 1, last.sha256) if last else (1, GENESIS)
    content = {"access": access_head, "calendars": versions, "heads": now}
    body = canonical({**content, "made_at": moment, "number": number, "previous": previous})
    new = read(body, key.sign(body), key.public)
    row = {"number": number, "made_at": moment, "body": body, "sha256": new.sha256}
    connection.execute(insert(CHECKPOINTS), {**row, "signature": new.signature, "public_key": new.public_key})
    return new


def _is_due(
    last: Checkpoint | None, now: Heads, versions: Mapping[str, str], access_head: tuple[int, str], moment: datetime
) -> bool:
    if last is None:
        return bool(now)
    if (now, versions) != (last.heads, last.calendars):
        return True
    return access_head != last.access and moment - datetime.fromisoformat(last.made_at) >= READ_ONLY_CHECKPOINT_DELAY


def is_valid(connection: Connection, stated: RestoreStatement) -> bool:
    """Returns whether the records agree with a statement that is about no inspection (`Checkpoint.beside`)."""
    name, number, digest = stated
    if name == ACCESS:
        return access.hash_of(connection, number) == digest
    return calendars.version_digests(connection).get(name.removeprefix(CALENDAR)) == digest


def covers_calendars_and_access_log(name: str) -> bool:
    """Returns whether a statement of this name is about no inspection."""
    return name == ACCESS or name.startswith(CALENDAR)


def heads(connection: Connection) -> Heads:
    """Returns the head of every inspection that has events."""
    columns = (INSPECTIONS.c.id, INSPECTIONS.c.head_number, INSPECTIONS.c.head_hash)
    query = select(*columns).where(INSPECTIONS.c.head_number > 0).order_by(INSPECTIONS.c.id)
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def newest(connection: Connection) -> Checkpoint | None:
    """Returns the newest checkpoint, or None."""
    query = select(CHECKPOINTS).order_by(CHECKPOINTS.c.number.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return of_row(row) if row else None


def numbers(session: Session) -> list[int]:
    """Returns the numbers of all checkpoints, in order."""
    return list(session.connection().execute(select(CHECKPOINTS.c.number).order_by(CHECKPOINTS.c.number)).scalars())


def find(session: Session, number: int) -> Checkpoint:
    """Returns a checkpoint by its number. Raises `BadInput` for an unknown one."""
    row = session.connection().execute(select(CHECKPOINTS).where(CHECKPOINTS.c.number == number)).mappings().first()
    if row is None:
        raise BadInput(f"there is no list of heads {number}")
    return of_row(row)


def of_row(row: RowMapping) -> Checkpoint:
    """Returns the checkpoint of a row. Raises `BadInput` for a body that is none."""
    return read(row["body"], row["signature"], row["public_key"])


def read_file(path: Path) -> Checkpoint:
    """Reads a checkpoint from a file. Raises `BadInput` for a file that holds none or cannot be read."""
    try:
        members = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        why = next(
            (words for kind, words in _UNREADABLE.items() if isinstance(fault, kind)), "the disk does not give it"
        )
        raise BadInput(f"{path}: {why}; name a file that a signed list of heads was kept in") from None
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict) or not all(isinstance(members.get(name), str) for name in _MEMBERS):
        raise BadInput(f"{path} holds no signed list of heads: it has to be the file as it was sent") from None
    try:
        return read(*(members[name] for name in _MEMBERS))
    except BadInput as fault:
        raise BadInput(f"{path}: {fault}") from None


_MEMBERS = ("body", "signature", "public_key")
_UNREADABLE: Mapping[type[OSError], str] = {
    FileNotFoundError: "there is no such file",
    NotADirectoryError: "there is no such file",
    IsADirectoryError: "that is a folder",
    PermissionError: "this user may not read it",
}


def files(data: Path) -> tuple[Path, ...]:
    """Returns the file of every checkpoint under `data`, oldest first."""
    return tuple(sorted((data / FOLDER).glob("heads-*.json")))


def file_name(number: int) -> str:
    """Returns the name of a checkpoint's file in `FOLDER`."""
    return f"heads-{number:06d}.json"


def read(body: str, signature: str, public_key: str) -> Checkpoint:
    """Returns the checkpoint of these three members, without verifying its signature. Raises `BadInput` for another body."""
    try:
        content = json.loads(body)
        heads = {str(name): (int(number), str(digest)) for name, (number, digest) in content["heads"].items()}
        number, made_at, previous = int(content["number"]), str(content["made_at"]), str(content["previous"])
        versions = {str(name): str(digest) for name, digest in content["calendars"].items()}
        entry, entry_hash = content["access"]
        access_head = (int(entry), str(entry_hash))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput("what was signed is no list of heads") from None
    return Checkpoint(number, made_at, previous, heads, versions, access_head, body, str(signature), str(public_key))
