"""The files of an export. Each is compared with its hash in the log first, so that an altered one is not exported."""

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
    """Returns identifier -> data of the newest event of a kind about it; `named` is the member with the identifier."""
    return {str(stored.event.data[named]): stored.event.data for stored in events if stored.event.kind == kind}


def documents(events: Sequence[StoredEvent], rows: Iterable[Row], data: Path) -> Iterator[tuple[str, Member]]:
    """Returns the page and the PDF of every rendered document. Raises `CheckFailed` for a file with another hash."""
    rendered = newest(events, "document_rendered", "document")
    for row in rows:
        facts = rendered.get(row["id"], {})
        for kind in ("html", "pdf"):
            if digest := facts.get(f"{kind}_sha256"):
                path = data / DOCUMENT_FILES / row[f"{kind}_path"]
                yield document_file(row, kind), _unaltered(path, digest)


def document_file(row: Mapping[str, Any], kind: str) -> str:
    """Returns the name of the member that holds a document's page («html») or PDF («pdf»)."""
    return f"{format.DOCUMENT_FILES}/{PurePosixPath(row[f'{kind}_path']).name}"


def published(events: Sequence[StoredEvent], data: Path) -> Iterator[tuple[str, Member]]:
    """Returns the published reports. Raises `CheckFailed` for a file with another hash."""
    for facts in newest(events, "report_placed", "document").values():
        path = data / PUBLISHED_FILES / facts["file"]
        yield f"{format.PUBLISHED_FILES}/{facts['file']}", _unaltered(path, facts["sha256"])


def histories(events: Sequence[StoredEvent], data: Path) -> Iterator[tuple[str, Member]]:
    """Returns the kept histories of the engine. Raises `CheckFailed` for a file with another hash."""
    for facts in newest(events, "engine_history_kept", "run").values():
        path = data / HISTORIES_ON_DISK / facts["file"]
        yield f"{format.HISTORY_FILES}/{facts['file']}", _unaltered(path, facts["sha256"])


def letters(
    connection: Connection, events: Sequence[StoredEvent], rows: Iterable[Row], data: Path
) -> Iterator[tuple[str, Member]]:
    """Returns every accepted message, byte for byte. Raises `CheckFailed` for one that is missing or was altered."""
    archive, salts = MessageArchive(data), {row["id"]: row["salt"] for row in rows}
    for stored in events:
        if stored.event.kind != "letter_accepted" or not stored.event.data["sha256"]:
            continue
        letter, digest = str(stored.event.data["letter"]), stored.event.data["sha256"]
        accepted = {row["sha256"]: row for row in messages.accepted(connection, letter)}
        message = archive.read(connection, accepted[digest]) if digest in accepted else None
        if message is None or message_commitment(salts[letter], message) != digest:
            what = f"the message of the letter {letter} (event {stored.number}) is gone or was altered"
            raise CheckFailed(f"{what} (nothing was exported)")
        yield letter_file(letter, stored.number), message


def attesting_checkpoints(connection: Connection, inspection: str) -> Iterator[Checkpoint]:
    """Returns, for each head of the inspection that any checkpoint holds, the first that does."""
    head: tuple[int, str] | None = None
    query = select(CHECKPOINTS).order_by(CHECKPOINTS.c.number).execution_options(yield_per=20)
    for row in connection.execute(query).mappings():
        checkpoint = of_row(row)
        if checkpoint.heads.get(inspection, head) != head:
            head = checkpoint.heads[inspection]
            yield checkpoint


def checkpoint_file(checkpoint: Checkpoint) -> str:
    """Returns the name of the member that holds a checkpoint."""
    return f"{format.CHECKPOINT_FILES}/{file_name(checkpoint.number)}"


def _unaltered(path: Path, digest: str) -> Path:
    if fault := file_fault(path, digest):
        raise CheckFailed(f"{fault} (nothing was exported)")
    return path
