"""The files of an export, each compared with the hash in the log on its way out: a record that was altered is not taken away
as if it were whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, select

from framework.common.errors import CheckFailed
from framework.messages.events import StoredEvent
from records.audit.checkpoints import Checkpoint, file_name, of_row
from records.audit.engine_histories import FOLDER as HISTORIES_ON_DISK
from records.exports import format
from records.exports.format import Member, letter_file
from records.exports.rows import Row
from records.log.commitments import message_commitment
from records.outbox import messages
from records.privacy.message_archive import MessageArchive
from records.tables.checkpoints import CHECKPOINTS
from records.verify.files_check import DOCUMENT_FILES, PUBLISHED_FILES, file_fault


def newest(events: Iterable[StoredEvent], kind: str, named: str) -> dict[str, Mapping[str, Any]]:
    """What the newest event of a kind says of each thing; `named` is the member of its data that names the thing."""
    return {str(one.event.data[named]): one.event.data for one in events if one.event.kind == kind}


def documents(events: Sequence[StoredEvent], rows: Iterable[Row], data: Path) -> Iterator[tuple[str, Member]]:
    """The page and the PDF of every document that was made. Raises `CheckFailed` for a file that is not the one made."""
    made = newest(events, "document_rendered", "document")
    for row in rows:
        said = made.get(row["id"], {})
        for kind in ("html", "pdf"):
            if digest := said.get(f"{kind}_sha256"):
                path = data / DOCUMENT_FILES / row[f"{kind}_path"]
                yield document_file(row, kind), _sound(path, digest)


def document_file(row: Mapping[str, Any], kind: str) -> str:
    """The member that holds a document's page («html») or PDF («pdf»)."""
    return f"{format.DOCUMENT_FILES}/{PurePosixPath(row[f'{kind}_path']).name}"


def published(events: Sequence[StoredEvent], data: Path) -> Iterator[tuple[str, Member]]:
    """The reports as they were placed before the public. Raises `CheckFailed` as above."""
    for said in newest(events, "report_placed", "document").values():
        yield f"{format.PUBLISHED_FILES}/{said['file']}", _sound(data / PUBLISHED_FILES / said["file"], said["sha256"])


def histories(events: Sequence[StoredEvent], data: Path) -> Iterator[tuple[str, Member]]:
    """The engine's histories that are kept. Raises `CheckFailed` as above."""
    for said in newest(events, "engine_history_kept", "run").values():
        yield f"{format.HISTORY_FILES}/{said['file']}", _sound(data / HISTORIES_ON_DISK / said["file"], said["sha256"])


def letters(
    connection: Connection, events: Sequence[StoredEvent], rows: Iterable[Row], data: Path
) -> Iterator[tuple[str, Member]]:
    """Every message that was accepted, byte for byte. Raises `CheckFailed` for one that is gone or was altered."""
    archive, salts = MessageArchive(data), {row["id"]: row["salt"] for row in rows}
    for event in events:
        if event.event.kind != "letter_accepted" or not event.event.data["sha256"]:
            continue
        letter, digest = str(event.event.data["letter"]), event.event.data["sha256"]
        kept = {row["sha256"]: row for row in messages.accepted(connection, letter)}
        message = archive.read(connection, kept[digest]) if digest in kept else None
        if message is None or message_commitment(salts[letter], message) != digest:
            raise CheckFailed(
                f"the message of the letter {letter} (event {event.number}) is gone or was altered (nothing was exported)"
            )
        yield letter_file(letter, event.number), message


def witnesses(connection: Connection, inspection: str) -> Iterator[Checkpoint]:
    """The signed lists that bear witness to the inspection: the first that names each of its heads."""
    seen: tuple[int, str] | None = None
    query = select(CHECKPOINTS).order_by(CHECKPOINTS.c.number).execution_options(yield_per=20)
    for row in connection.execute(query).mappings():
        one = of_row(row)
        if one.heads.get(inspection, seen) != seen:
            seen = one.heads[inspection]
            yield one


def witness_file(one: Checkpoint) -> str:
    """The member that holds a signed list."""
    return f"{format.WITNESS_FILES}/{file_name(one.number)}"


def _sound(path: Path, digest: str) -> Path:
    if fault := file_fault(path, digest):
        raise CheckFailed(f"{fault} (nothing was exported)")
    return path
