"""Moves the state that a restore staged into place, so that a crash leaves the old or the new state.

The moves are written to one file first: before it exists nothing has changed; once it exists, the next `up` or restore
completes the moves. Nothing is deleted: the previous state is moved aside, under the moment of the restore."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from activities.support.atomic_files import flush_folder, write_whole
from application.runtime.settings import Settings
from records.database.connection import connect, writing

NAME = "restore.json"
ASIDE = "before-restore-"
"""The prefix of the names under which a restore moves the previous state aside."""
SQLITE_PARTS = ("", "-wal", "-shm")
SCHEMA = "restoring"
"""The PostgreSQL schema, and the suffix of the SQLite file, in which a restore stages records."""


@dataclass(frozen=True, slots=True)
class Move:
    """The move of one file or folder."""

    source: Path
    target: Path


def is_cut_off(data: Path) -> bool:
    """Returns whether a restore has decided and its moves are not complete."""
    return (data / NAME).exists()


def out_and_in(target: Path, aside: Path, staged: Path, parts: Iterable[str] = ("",)) -> list[Move]:
    """Returns the moves that put `staged` at `target`, and the previous file (with its further parts) aside."""
    previous = [Move(Path(f"{target}{part}"), Path(f"{aside}{part}")) for part in parts]
    return [*(move for move in previous if move.source.exists()), Move(staged, target)]


def decide(settings: Settings, moves: Iterable[Move], schema: str = "") -> None:
    """Writes the moves, which decides the restore: they will be completed. `schema` is the new name of PostgreSQL's old schema."""
    plan = {"moves": [[str(move.source), str(move.target)] for move in moves], "schema": schema}
    write_whole(settings.data / NAME, json.dumps(plan, indent=1).encode())


def finish(settings: Settings) -> bool:
    """Completes the moves of a decided restore; returns whether there was one. Run again, it changes nothing."""
    path = settings.data / NAME
    try:
        plan = json.loads(path.read_bytes())
    except FileNotFoundError:
        return False
    for source, target in ((Path(old), Path(new)) for old, new in plan["moves"]):
        if source.exists() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
            _flush(source.parent)
            _flush(target.parent)
    if plan["schema"]:
        _swap_schemas(settings, plan["schema"])
    path.unlink()
    _flush(path.parent)
    return True


def _swap_schemas(settings: Settings, aside: str) -> None:
    """Renames the schema in use to `aside` and the staged one to its name, in one transaction."""
    records = connect(settings.records_url)
    try:
        with writing(records) as session:
            connection = session.connection()
            if not connection.execute(
                text("SELECT 1 FROM pg_namespace WHERE nspname = :name"), {"name": SCHEMA}
            ).first():
                return
            now = connection.execute(text("SELECT current_schema()")).scalar_one()
            connection.execute(text(f'ALTER SCHEMA "{now}" RENAME TO "{aside}"'))
            connection.execute(text(f'ALTER SCHEMA {SCHEMA} RENAME TO "{now}"'))
    finally:
        records.dispose()


def _flush(folder: Path) -> None:
    """Flushes a folder, if the file system can."""
    # A move that did not reach the disk is made again by `finish`.
    with suppress(OSError):
        flush_folder(folder)
