"""Files that must be whole or not there: written beside their place, flushed to the disk, then put there in one move."""

import os
from hashlib import sha256
from pathlib import Path


def write_whole(path: Path, content: bytes) -> str:
    """Write the file so that a crash leaves the old one or the new one. Answers its sha256 as hexadecimal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return sha256(content).hexdigest()
