"""Stages a restore: loads the records into a separate file or schema, and the files into a separate folder.

Nothing in use is changed. What an earlier attempt left is removed first."""

import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, make_url, text

from activities.support.atomic_files import write_whole
from application.runtime.pending_restore import SCHEMA, SQLITE_PARTS
from application.runtime.settings import Settings
from application.runtime.suggestions import near
from framework.common.errors import BadInput, CheckFailed, Refused
from operations.backup.archive import Backup
from operations.backup.create import ENGINE, FOLDERS, RECORDS, owner_of
from records.database import dump
from records.database.connection import connect, upgrade, writing
from records.database.dump import Change
from records.database.revisions import known_revisions
from records.privacy.keys import KeyStore
from records.privacy.personal_columns import opening
from records.projections.rebuild import rebuild_all

FOLDER = ".restoring"
DISCONNECT_GRACE = 1.0
"""Seconds until a closed connection is gone from PostgreSQL's list of sessions."""


@dataclass(frozen=True, slots=True)
class Staged:
    """The staged state."""

    records: Engine
    folder: Path
    """Holds the folders of the data, and the engine's store from the backup if there is one."""
    file: Path | None
    """The file of the records; None for PostgreSQL."""


def stage(settings: Settings, backup: Backup, keys: KeyStore, say: Callable[[str], None]) -> Staged:
    """Stages records and files of a backup. Raises `CheckFailed` for content that cannot be read, `Refused` for a backup
    with other tables, or one whose keys are missing."""
    revision = backup.manifest["revision"]
    if revision != known_revisions()[-1]:
        raise Refused(f"{backup.path} was taken by a version of the product with other tables ({revision})")
    clear(settings)
    folder = settings.data / FOLDER
    folder.mkdir(parents=True)
    say("the records")
    records, file = _records(settings)
    _load(records, backup, opening(keys))
    for name in backup.names:
        if name.split("/")[0] in FOLDERS or name == ENGINE:
            _extract(backup, name, folder / name, keys)
    for name in FOLDERS:
        say(f"the folder {name}")
        _link_newer_files(settings.data / name, folder / name)
    return Staged(records, folder, file)


def require_known_person(backup: Backup, person: str) -> None:
    """Raises `BadInput` if the backup's directory does not hold the person, or holds them as having left."""
    name = f"{RECORDS}/people.jsonl"
    if name not in backup.names:
        return  # `_load` reports missing tables
    names, *rows = (json.loads(line) for line in backup.read(name))
    people = [dict(zip(names, row, strict=True)) for row in rows]
    active = [str(row["id"]) for row in people if row["active"]]
    if person not in active:
        left = any(row["id"] == person for row in people)
        why = (
            f"has left by it: somebody else must act{near(person, active)}"
            if left
            else f"is unknown{near(person, active)}"
        )
        raise BadInput(f"the directory that goes back with {backup.path.name}: {person} {why}")


def finish_records(staged: Staged) -> None:
    """Checkpoints the WAL of the staged records, so that their file alone is complete, and closes them."""
    if staged.file is not None:
        with staged.records.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    staged.records.dispose()


def clear(settings: Settings) -> None:
    """Removes what an interrupted restore had staged. It must not have decided: then `pending_restore` completes it."""
    shutil.rmtree(settings.data / FOLDER, ignore_errors=True)
    url = make_url(settings.records_url)
    if url.get_backend_name() == "sqlite":
        _remove_database(Path(f"{url.database}.{SCHEMA}"))


def discard(staged: Staged) -> None:
    """Removes the staged state."""
    staged.records.dispose()
    shutil.rmtree(staged.folder, ignore_errors=True)
    if staged.file is not None:
        _remove_database(staged.file)


def _records(settings: Settings) -> tuple[Engine, Path | None]:
    url = make_url(settings.records_url)
    if url.get_backend_name() == "sqlite":
        file = Path(f"{url.database}.{SCHEMA}")
        return connect(f"sqlite:///{file}"), file
    present = connect(settings.records_url)
    try:
        with writing(present) as session:
            _require_no_other_connection(session.connection())
            session.connection().execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
            session.connection().execute(text(f"CREATE SCHEMA {SCHEMA}"))
    finally:
        present.dispose()
    staged_url = url.update_query_dict({"options": f"-csearch_path={SCHEMA}"})
    return connect(staged_url.render_as_string(hide_password=False)), None


def _require_no_other_connection(connection: Connection) -> None:
    """Raises `Refused` if another process of this system is connected to the database, after `DISCONNECT_GRACE` seconds."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE application_name = 'inspections' AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    give_up = time.monotonic() + DISCONNECT_GRACE
    while others := connection.execute(query).scalar_one():
        if time.monotonic() > give_up:
            raise Refused(
                f"{others} other connections of this system are open on the database: stop what uses it first"
            )
        time.sleep(0.05)
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))


def _load(records: Engine, backup: Backup, change: Change) -> None:
    upgrade(records)
    with writing(records) as session:
        connection = session.connection()
        for table in dump.tables(connection):
            name = f"{RECORDS}/{table}.jsonl"
            if name not in backup.names:
                raise CheckFailed(f"{backup.path} has no table {table}: take another backup")
            dump.load(connection, table, backup.read(name), change)
        rebuild_all(session)


def _extract(backup: Backup, name: str, to: Path, keys: KeyStore) -> None:
    """Extracts a file, decrypted if it is encrypted; a file whose key was destroyed is left out."""
    owner = owner_of(name)
    if owner is None:
        backup.extract(name, to)
        return
    content = keys.open(owner, name, b"".join(backup.read(name)))
    if content is not None:
        write_whole(to, content)


def _link_newer_files(present: Path, ready: Path) -> None:
    """Links or copies the files that were made after the backup: sent documents and checkpoints must not be lost."""
    ready.mkdir(parents=True, exist_ok=True)
    for path in sorted(present.rglob("*")):
        target = ready / path.relative_to(present)
        if path.is_file() and not path.name.startswith(".") and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):
                os.link(path, target)
                continue
            shutil.copy2(path, target)


def _remove_database(file: Path) -> None:
    for part in SQLITE_PARTS:
        Path(f"{file}{part}").unlink(missing_ok=True)
