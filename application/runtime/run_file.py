"""The run file of `up`: a small file in the data folder with its addresses, which exists while the system is ready.

A file left by a crash is ignored: it counts only while the folder is locked and the `up` that wrote it runs (the next `up`
has the lock for an instant before it removes the file).
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
    """The address of the embedded engine, as host:port."""
    namespace: str
    mailbox_port: int
    """The port of the local mailbox, on loopback."""
    up: int
    """The process identifiers of `up`, engine and worker."""
    engine: int
    worker: int


def find(data: Path) -> Running | None:
    """Returns the system that is ready on this folder, or None."""
    try:
        running = Running.model_validate_json((data / NAME).read_bytes())
    except (OSError, ValidationError):
        return None
    return running if _lives(running.up) and data_lock.is_held(data) else None


def write(data: Path, running: Running) -> None:
    """Writes the run file: the system is ready."""
    new = data / f"{NAME}.new"
    new.write_text(running.model_dump_json(indent=2) + "\n")
    new.replace(data / NAME)


def remove(data: Path) -> None:
    """Removes the run file, if there is one: the system is not ready."""
    with suppress(FileNotFoundError):
        (data / NAME).unlink()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # the process of another account
        return True
    return True
