"""Files that only the account of this system may read: whatever it writes from now on, and a data folder as it stands."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

OTHERS = 0o077
"""The rights of every other account of the machine."""


def keep_private() -> None:
    """Has this process, and every process it starts, make files and folders that no other account can read."""
    os.umask(OTHERS)


def mend(paths: tuple[Path, ...]) -> tuple[list[Path], list[Path]]:
    """Takes every right of other accounts from these files and folders and all that is in them.

    Returns what was wider, and what stays so because it belongs to another account. Links are not followed."""
    mended: list[Path] = []
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
            mended.append(path)
    return mended, left


def _walk(path: Path) -> Iterator[Path]:
    """Yields the path and everything in it, but no links: their targets may be anybody's."""
    if path.is_symlink() or not path.exists():
        return
    yield path
    if path.is_dir():
        for entry in sorted(path.iterdir()):
            yield from _walk(entry)
