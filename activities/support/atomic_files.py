"""Atomic writes of files: to a temporary file in the same folder, flushed to the disk, then renamed."""

import os
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from framework.common.errors import CheckFailed


def write_whole(path: Path, content: bytes) -> str:
    """Writes the file so that a crash leaves the old or the new content. Returns its SHA-256 as hexadecimal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    flush_folder(path.parent)
    return sha256(content).hexdigest()


def read_whole(path: Path, digest: str) -> bytes:
    """Returns the content of the file. Raises `CheckFailed` if it is missing or its SHA-256 is not `digest`."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CheckFailed(f"{path} is not there any more: restore it from a backup") from None
    if sha256(content).hexdigest() != digest:
        raise CheckFailed(f"{path} is not what was made: its hash is another than in the records; restore a backup")
    return content


def flush_folder(folder: Path) -> None:
    """Flushes the entries of a folder to the disk."""
    # A rename that is not flushed may be lost in a crash after the records already name the file.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
