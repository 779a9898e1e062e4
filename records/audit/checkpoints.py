"""Signed lists of all heads, of the versions of the calendar and of the head of the access log: made when something changed,
kept in a table that only grows, and as files to be given away.

Each list names the one before it by hash. Whoever holds one can prove later what the log of every inspection was then."""

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
"""What the statements about a version of the calendar begin with, and those about the access log are of: no inspection's name."""
READ_ONLY_CHECKPOINT_DELAY = timedelta(days=1)
"""So long readings alone wait for a list: no mail goes each hour because somebody looked."""

Heads = dict[str, tuple[int, str]]
"""Inspection -> number and hash of its newest event."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One signed list."""

    number: int
    made_at: str
    previous: str
    """sha256 of the body of the list before; 64 zeros for the first."""
    heads: Heads
    calendars: Mapping[str, str]
    """Version of the calendar -> its hash (`calendars.proof`)."""
    access: tuple[int, str]
    """Number and hash of the newest reading in the access log; 0 before the first."""
    body: str
    signature: str
    public_key: str

    def beside(self) -> Iterator[RestoreStatement]:
        """What it states of other things than inspections."""
        yield from ((f"{CALENDAR}{version}", 0, proof) for version, proof in self.calendars.items())
        if self.access[0]:
            yield (ACCESS, *self.access)

    @property
    def sha256(self) -> str:
        """Of the body; what the next list names."""
        return sha256(self.body.encode()).hexdigest()

    def to_file(self) -> str:
        """As it is kept on disk and sent to the auditors: three members, `body` exactly as it was signed."""
        members = {"body": self.body, "public_key": self.public_key, "signature": self.signature}
        return json.dumps(members, ensure_ascii=False, indent=1) + "\n"


def make(session: Session, moment: datetime, key: Signer) -> Checkpoint | None:
    """Signs and keeps a list of all heads; None when neither a head moved nor a calendar was made since the last one, and
    readings are not waiting for a day."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(20101003)"))  # SQLite has one writer at a time anyway
    last = newest(connection)
    now, versions, read_last = heads(connection), calendars.version_digests(connection), access.head(connection)
    if not _wanted(last, now, versions, read_last, moment):
        return None
    number, previous = (last.number + 1, last.sha256) if last else (1, GENESIS)
    said = {"access": read_last, "calendars": versions, "heads": now}
    body = canonical({**said, "made_at": moment, "number": number, "previous": previous})
    made = read(body, key.sign(body), key.public)
    row = {"number": number, "made_at": moment, "body": body, "sha256": made.sha256}
    connection.execute(insert(CHECKPOINTS), {**row, "signature": made.signature, "public_key": made.public_key})
    return made


def _wanted(
    last: Checkpoint | None, now: Heads, versions: Mapping[str, str], read_last: tuple[int, str], moment: datetime
) -> bool:
    if last is None:
        return bool(now)
    if (now, versions) != (last.heads, last.calendars):
        return True
    return read_last != last.access and moment - datetime.fromisoformat(last.made_at) >= READ_ONLY_CHECKPOINT_DELAY


def is_valid(connection: Connection, stated: RestoreStatement) -> bool:
    """Whether a statement about something beside the inspections (`HeadList.beside`) holds."""
    name, number, proof = stated
    if name == ACCESS:
        return access.hash_of(connection, number) == proof
    return calendars.version_digests(connection).get(name.removeprefix(CALENDAR)) == proof


def covers_calendars_and_access_log(name: str) -> bool:
    """Whether a statement of this name is about no inspection."""
    return name == ACCESS or name.startswith(CALENDAR)


def heads(connection: Connection) -> Heads:
    """The head of every inspection that has events."""
    columns = (INSPECTIONS.c.id, INSPECTIONS.c.head_number, INSPECTIONS.c.head_hash)
    query = select(*columns).where(INSPECTIONS.c.head_number > 0).order_by(INSPECTIONS.c.id)
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def newest(connection: Connection) -> Checkpoint | None:
    """The newest list, if there is one."""
    query = select(CHECKPOINTS).order_by(CHECKPOINTS.c.number.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return of_row(row) if row else None


def numbers(session: Session) -> list[int]:
    """The numbers of all lists, in order."""
    return list(session.connection().execute(select(CHECKPOINTS.c.number).order_by(CHECKPOINTS.c.number)).scalars())


def find(session: Session, number: int) -> Checkpoint:
    """A list by its number. Raises `BadInput`."""
    row = session.connection().execute(select(CHECKPOINTS).where(CHECKPOINTS.c.number == number)).mappings().first()
    if row is None:
        raise BadInput(f"there is no list of heads {number}")
    return of_row(row)


def of_row(row: RowMapping) -> Checkpoint:
    """A list as the table has it. Raises `BadInput` for a body that is none."""
    return read(row["body"], row["signature"], row["public_key"])


def read_file(path: Path) -> Checkpoint:
    """A list from a file. Raises `BadInput` for a file that holds none, or that cannot be read."""
    try:
        members = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        why = next(
            (words for kind, words in _UNREADABLE.items() if isinstance(fault, kind)), "the disk does not give it"
        )
        raise BadInput(f"{path}: {why}; name a file that a signed list of heads was kept in") from None
    except ValueError:
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
    """Every list on file under `data`, oldest first."""
    return tuple(sorted((data / FOLDER).glob("heads-*.json")))


def file_name(number: int) -> str:
    """The name of a list's file under `FOLDER`."""
    return f"heads-{number:06d}.json"


def read(body: str, signature: str, public_key: str) -> Checkpoint:
    """A list from its parts; whether it was signed is not looked at. Raises `BadInput`."""
    try:
        said = json.loads(body)
        found = {str(name): (int(number), str(proof)) for name, (number, proof) in said["heads"].items()}
        number, made_at, previous = int(said["number"]), str(said["made_at"]), str(said["previous"])
        versions = {str(name): str(proof) for name, proof in said["calendars"].items()}
        reading, read_proof = said["access"]
        read_last = (int(reading), str(read_proof))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput("what was signed is no list of heads") from None
    return Checkpoint(number, made_at, previous, found, versions, read_last, body, str(signature), str(public_key))
