"""Restricts files to the account of the system: new files by the umask, existing ones by their permissions."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

OTHERS = 0o077
"""The permission bits of all other accounts."""


def keep_private() -> None:
    """Sets the umask of this process and its children, so that no other account can read their new files."""
    os.umask(OTHERS)


def create(path: Path) -> IO[bytes]:
    """Opens a new file for writing that its owner alone can read. Raises `FileExistsError` for one that is there already."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def restrict(paths: tuple[Path, ...]) -> tuple[list[Path], list[Path]]:
    """Removes the permissions of other accounts from these files and folders and everything in them.

    Returns the paths that were changed, and those that cannot be because another account owns them. Links are not
    followed."""
    changed: list[Path] = []
    left: list[Path] = []
    for path in (inner for outer in paths for inner in _walk(outer)):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if not mode & OTHERS:
            continue
        try:
            path.chmod(mode & ~OTHERS)
        except OSError:
            left.append(path)
        else:
            changed.append(path)
    return changed, left


def _walk(path: Path) -> Iterator[Path]:
    """Yields the path and everything in it except links, whose targets may be outside."""
    if path.is_symlink() or not path.exists():
        return
    yield path
    if path.is_dir():
        for entry in sorted(path.iterdir()):
            yield from _walk(entry)
