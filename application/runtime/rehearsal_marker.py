"""The marker of a data folder that holds a rehearsal: it has no engine, and a new rehearsal may replace it."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framework.common.errors import BadInput, Remedy

NAME = "rehearsal.json"


def find(data: Path) -> dict[str, Any] | None:
    """Returns the marker; None if the folder holds no rehearsal. An interrupted rehearsal has that under `state`."""
    try:
        facts = json.loads((data / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None


def write(data: Path, facts: Mapping[str, Any]) -> None:
    """Writes the marker."""
    new = data / f"{NAME}.new"
    new.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(data / NAME)


def clear(data: Path) -> None:
    """Makes the folder, or removes an earlier rehearsal from it. Raises `BadInput` if it holds anything else."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o700)
        paths = [path for path in data.iterdir() if path.name != "up.lock"]
        if paths and find(data) is None:
            raise BadInput(f"{data} is not empty and holds no rehearsal", remedy=Remedy.CHOOSE_TARGET)
        for path in paths:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    except OSError as error:
        raise BadInput(f"{data} cannot be written: {error.strerror}") from None
