"""The mark of a data folder that holds a rehearsal: no engine belongs to it, and a new rehearsal may replace it."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framework.common.errors import BadInput, Remedy

NAME = "rehearsal.json"


def find(data: Path) -> dict[str, Any] | None:
    """What the mark says; None where the folder holds no rehearsal. One that was cut off says so under «state»."""
    try:
        said = json.loads((data / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None


def write(data: Path, said: Mapping[str, Any]) -> None:
    """Sets the mark."""
    new = data / f"{NAME}.new"
    new.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(data / NAME)


def clear(data: Path) -> None:
    """Makes the folder, or empties it of an earlier rehearsal. Raises `BadInput` where it holds anything else."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o700)
        found = [path for path in data.iterdir() if path.name != "up.lock"]
        if found and find(data) is None:
            raise BadInput(f"{data} is not empty and holds no rehearsal", remedy=Remedy.CHOOSE_TARGET)
        for path in found:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    except OSError as error:
        raise BadInput(f"{data} cannot be written: {error.strerror}") from None
