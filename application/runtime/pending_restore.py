"""Putting what a restore has made ready into the place of what stands there, so that a crash leaves the old or the new.

What is to be moved is written down first, in one file: before it is there nothing has changed; once it is there, whoever
comes next (`up`, or another restore) moves the rest. Nothing is deleted: what stood there lies aside, under its moment."""

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
"""How the names begin under which a restore puts aside what stood there."""
SQLITE_PARTS = ("", "-wal", "-shm")
SCHEMA = "restoring"
"""PostgreSQL's schema, and the end of the SQLite file's name, in which a restore makes records ready."""


@dataclass(frozen=True, slots=True)
class Move:
    """One file or folder that is put elsewhere."""

    source: Path
    target: Path


def is_cut_off(data: Path) -> bool:
    """Whether a restore decided what to move and did not come to its end."""
    return (data / NAME).exists()


def out_and_in(place: Path, aside: Path, ready: Path, parts: Iterable[str] = ("",)) -> list[Move]:
    """The moves that put `ready` at `place`, and what stands there (with its further parts) aside."""
    there = [Move(Path(f"{place}{part}"), Path(f"{aside}{part}")) for part in parts]
    return [*(move for move in there if move.source.exists()), Move(ready, place)]


def decide(settings: Settings, moves: Iterable[Move], schema: str = "") -> None:
    """From here on the restore is done: the rest follows, whatever happens. `schema` is PostgreSQL's old one's new name."""
    plan = {"moves": [[str(move.source), str(move.target)] for move in moves], "schema": schema}
    write_whole(settings.data / NAME, json.dumps(plan, indent=1).encode())


def finish(settings: Settings) -> bool:
    """Moves what is left to move; answers whether there was anything. Done again, it changes nothing."""
    path = settings.data / NAME
    try:
        plan = json.loads(path.read_bytes())
    except FileNotFoundError:
        return False
    for source, target in ((Path(one), Path(other)) for one, other in plan["moves"]):
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
    """PostgreSQL: the schema that was made ready takes the place of the one in use, in one transaction."""
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
    """As far as the file system can: a move that was decided is made again where it did not reach the disk."""
    with suppress(OSError):
        flush_folder(folder)
