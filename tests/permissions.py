"""Which files other accounts of the machine could read."""

from pathlib import Path

COMMON_UMASK = 0o022
"""The umask of most accounts, under which every other account can read new files."""


def open_to_others(*folders: Path) -> list[str]:
    """Returns every file and folder of these folders that another account can read, with its mode."""
    paths = [path for folder in folders for path in (folder, *folder.rglob("*")) if not path.is_symlink()]
    return [f"{path} {path.lstat().st_mode & 0o777:o}" for path in paths if path.lstat().st_mode & 0o077]


def names(folder: Path) -> set[str]:
    """Returns the files and folders that stand in the folder itself."""
    return {path.relative_to(folder).parts[0] for path in folder.rglob("*")}
