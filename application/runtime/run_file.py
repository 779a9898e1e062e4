"""What `up` tells the other commands about itself: one small file in the data folder, there while it can take steps.

A file left behind by a crash says nothing: it counts only while somebody holds the folder's lock, and while the `up` that
wrote it lives: the next `up` has the lock for an instant before it throws the file away.
"""

import os
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from application.runtime import data_lock

NAME = "engine.json"


class Running(BaseModel):
    """A system that is ready to take steps."""

    model_config = ConfigDict(frozen=True)

    address: str
    """The embedded engine's, as host:port."""
    namespace: str
    mailbox_port: int
    """Where the local mailbox takes letters, on this machine only."""
    up: int
    """The process identifiers of `up` and of what it runs."""
    engine: int
    worker: int


def find(data: Path) -> Running | None:
    """The system that runs on this folder and is ready, or None."""
    try:
        found = Running.model_validate_json((data / NAME).read_bytes())
    except (OSError, ValidationError):
        return None
    return found if _lives(found.up) and data_lock.is_held(data) else None


def tell(data: Path, running: Running) -> None:
    """Says that the system on this folder is ready."""
    new = data / f"{NAME}.new"
    new.write_text(running.model_dump_json(indent=2) + "\n")
    new.replace(data / NAME)


def forget(data: Path) -> None:
    """Says that it is not (any longer)."""
    with suppress(FileNotFoundError):
        (data / NAME).unlink()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
