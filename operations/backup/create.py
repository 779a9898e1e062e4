"""Creates a backup while the system runs: the engine's store first, then the records, then the files.

In this order the records are at least as new as the engine, and every file that the records name exists. After a restore,
workflows are signalled to read from the records what they miss (`application.commands.recovery`)."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, func, select

from application.runtime.settings import Settings
from framework.common.errors import BadInput, Unreachable
from operations.backup import archive
from operations.backup.archive import BLOCK, Backup, Member
from operations.embedded_engine.engine_process import STORE
from records.database import dump
from records.database.connection import reading
from records.database.revisions import revision
from records.privacy.keys import KeyStore
from records.privacy.personal_columns import sealing
from records.tables.inspections import EVENTS, INSPECTIONS

FOLDERS = ("documents", "published", "history", "checkpoints")
"""The folders of the data folder that a backup holds."""
SEALED_FOLDER = "documents"
"""The folder whose files are encrypted, each under the key of its inspection."""
LEFT_OUT = "the folder keys (the signing key, and the keys of personal data), the local mailbox, logs, settings"
RECORDS, ENGINE = "records", f"engine/{STORE}"

Say = Callable[[str], None]


def take(settings: Settings, records: Engine, to: Path, moment: datetime, say: Say) -> Backup:
    """Writes the backup. Raises `BadInput` if the file exists or its folder does not, `Unreachable` without records."""
    if not to.parent.is_dir():
        raise BadInput(f"{to.parent} is no folder: make it first")
    keys = KeyStore(settings.data)
    with TemporaryDirectory(prefix=".backup-", dir=to.parent) as folder:
        store = _engine_store(settings, Path(folder), say)
        with reading(records) as session:
            connection = session.connection()
            tables = dump.tables(connection)
            if "events" not in tables:
                raise Unreachable(f"there are no records in {settings.data}: run `inspections up`, which makes them")
            facts = {
                "made_at": moment.isoformat(),
                "revision": revision(connection),
                "engine": store is not None,
                "inspections": connection.execute(select(func.count()).select_from(INSPECTIONS)).scalar_one(),
                "events": connection.execute(select(func.count()).select_from(EVENTS)).scalar_one(),
                "left_out": LEFT_OUT,
            }
            return archive.make(to, _members(_Source(settings, connection, tables, store), keys, moment, say), facts)


@dataclass(frozen=True, slots=True)
class _Source:
    """The data folder, an open connection to the records with its tables, and a copy of the engine's store."""

    settings: Settings
    connection: Connection
    tables: list[str]
    store: Path | None


def owner_of(name: str) -> str | None:
    """Returns the inspection whose key encrypts this file of the backup; None for a file without personal data."""
    folder, *rest = name.split("/")
    return (rest[0] if len(rest) > 1 else "") if folder == SEALED_FOLDER else None


def _members(source: _Source, keys: KeyStore, moment: datetime, say: Say) -> Iterator[Member]:
    if source.store is not None:
        yield ENGINE, _blocks(source.store)
    say("the records")
    for table in source.tables:
        yield f"{RECORDS}/{table}.jsonl", dump.lines(source.connection, table, sealing(keys, moment))
    data = source.settings.data
    for folder in FOLDERS:
        say(f"the folder {folder}")
        for path in sorted((data / folder).rglob("*")):
            name = str(path.relative_to(data))
            owner = owner_of(name)
            if not path.is_file() or path.name.startswith("."):  # temporary files of atomic writes
                continue
            if owner is None:
                yield name, _blocks(path)
            elif not keys.is_erased(owner):
                yield name, [keys.seal(owner, name, path.read_bytes(), moment)]


def _engine_store(settings: Settings, folder: Path, say: Say) -> Path | None:
    """Makes a consistent copy of the embedded engine's store while the engine runs; returns None if there is none."""
    source = settings.data / STORE
    if not source.is_file():
        say("no engine's store among the data: back up the service it runs on in its own way")
        return None
    say("the engine's store")
    copy = folder / STORE
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as store,
        closing(sqlite3.connect(copy)) as target,
    ):
        store.backup(target)
    return copy


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
