"""Files that must be whole or not there: written beside their place, flushed to the disk, then put there in one move."""

import os
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from framework.common.errors import CheckFailed


def write_whole(path: Path, content: bytes) -> str:
    """Write the file so that a crash leaves the old one or the new one. Answers its sha256 as hexadecimal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    flush_folder(path.parent)
    return sha256(content).hexdigest()


def read_whole(path: Path, digest: str) -> bytes:
    """The file as it was written. Raises `CheckFailed` when it is gone, or is not the one with this sha256."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CheckFailed(f"{path} is not there any more: restore it from a backup") from None
    if sha256(content).hexdigest() != digest:
        raise CheckFailed(f"{path} is not what was made: its hash is another than in the records; restore a backup")
    return content


def flush_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk: a move must reach it before anybody is told of it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
