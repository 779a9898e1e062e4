"""Where a restore makes everything ready beside what stands there: records in a file (or schema) of their own, and files.

Nothing here touches what is in use. What an earlier attempt left behind is thrown away first."""

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
"""Seconds in which a connection that was closed is gone from the server's list."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What was made ready."""

    records: Engine
    folder: Path
    """Holds the folders of the data, and the engine's store where it comes from the backup."""
    file: Path | None
    """The records' file; None for PostgreSQL."""


def stage(settings: Settings, backup: Backup, vault: KeyStore, say: Callable[[str], None]) -> Staged:
    """Makes the backup's records and files ready. Raises `CheckFailed` for what cannot be read, `Refused` for a backup
    with other tables, or one whose keys are not there."""
    revision = backup.manifest["revision"]
    if revision != known_revisions()[-1]:
        raise Refused(f"{backup.path} was taken by a version of the product with other tables ({revision})")
    clear(settings)
    folder = settings.data / FOLDER
    folder.mkdir(parents=True)
    say("the records")
    records, file = _records(settings)
    _load(records, backup, opening(vault))
    for name in (one for one in backup.names if one.split("/")[0] in FOLDERS or one == ENGINE):
        _extract(backup, name, folder / name, vault)
    for name in FOLDERS:
        say(f"the folder {name}")
        _keep_newer(settings.data / name, folder / name)
    return Staged(records, folder, file)


def must_know(backup: Backup, person: str) -> None:
    """Raises `BadInput` for somebody the backup's directory does not know, or who has left: before anything is copied."""
    name = f"{RECORDS}/people.jsonl"
    if name not in backup.names:
        return  # told with the other tables that are not there
    names, *rows = (json.loads(line) for line in backup.read(name))
    people = [dict(zip(names, row, strict=True)) for row in rows]
    active = [str(one["id"]) for one in people if one["active"]]
    if person not in active:
        left = any(one["id"] == person for one in people)
        why = (
            f"has left by it: somebody else must act{near(person, active)}"
            if left
            else f"is unknown{near(person, active)}"
        )
        raise BadInput(f"the directory that goes back with {backup.path.name}: {person} {why}")


def settle(staged: Staged) -> None:
    """Brings the records wholly onto the disk, in one file."""
    if staged.file is not None:
        with staged.records.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    staged.records.dispose()


def clear(settings: Settings) -> None:
    """Throws away what a restore that was cut off had made ready; not after it has decided."""
    shutil.rmtree(settings.data / FOLDER, ignore_errors=True)
    url = make_url(settings.records_url)
    if url.get_backend_name() == "sqlite":
        _forget(Path(f"{url.database}.{SCHEMA}"))


def discard(staged: Staged) -> None:
    """Throws away what was made ready."""
    staged.records.dispose()
    shutil.rmtree(staged.folder, ignore_errors=True)
    if staged.file is not None:
        _forget(staged.file)


def _records(settings: Settings) -> tuple[Engine, Path | None]:
    url = make_url(settings.records_url)
    if url.get_backend_name() == "sqlite":
        file = Path(f"{url.database}.{SCHEMA}")
        return connect(f"sqlite:///{file}"), file
    present = connect(settings.records_url)
    try:
        with writing(present) as session:
            _must_be_alone(session.connection())
            session.connection().execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
            session.connection().execute(text(f"CREATE SCHEMA {SCHEMA}"))
    finally:
        present.dispose()
    there = url.update_query_dict({"options": f"-csearch_path={SCHEMA}"})
    return connect(there.render_as_string(hide_password=False)), None


def _must_be_alone(connection: Connection) -> None:
    """Raises `Refused` where another of our processes is connected to the database; one that just left is waited for."""
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


def _extract(backup: Backup, name: str, to: Path, vault: KeyStore) -> None:
    """A file out of the backup, opened where it is sealed; one whose key was destroyed is left out."""
    owner = owner_of(name)
    if owner is None:
        backup.extract(name, to)
        return
    content = vault.open(owner, name, b"".join(backup.read(name)))
    if content is not None:
        write_whole(to, content)


def _keep_newer(present: Path, ready: Path) -> None:
    """Files that came after the backup stay: letters went out with them, and lists were signed."""
    ready.mkdir(parents=True, exist_ok=True)
    for path in sorted(present.rglob("*")):
        target = ready / path.relative_to(present)
        if path.is_file() and not path.name.startswith(".") and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):
                os.link(path, target)
                continue
            shutil.copy2(path, target)


def _forget(file: Path) -> None:
    for part in SQLITE_PARTS:
        Path(f"{file}{part}").unlink(missing_ok=True)
