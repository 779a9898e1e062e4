"""The histories of the workflows beside an inspection (its archive, the hourly round), kept for replay.

    KEEP_HISTORIES=1 python -m pytest tests/workflows/test_history_archive.py tests/workflows/test_checkpoints.py

writes them anew, as `tests.workflows.kept_histories` does for inspections and deliveries."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.workflows.kept_histories import _plain
from workflows.checkpoints import CheckpointsWorkflow
from workflows.history_archive import HistoryArchiveWorkflow

FOLDER = Path(__file__).resolve().parents[1] / "histories" / "side"


async def replay(history: WorkflowHistory) -> None:
    """Fails where today's code does not follow it."""
    replayer = Replayer(workflows=[HistoryArchiveWorkflow, CheckpointsWorkflow], data_converter=pydantic_data_converter)
    await replayer.replay_workflow(history)


async def replayed(name: str, handle: WorkflowHandle[Any, Any]) -> None:
    """Replays what has just run; and keeps it, where that is asked for."""
    history = await handle.fetch_history()
    await replay(history)
    if os.environ.get("KEEP_HISTORIES"):
        FOLDER.mkdir(exist_ok=True)
        plain = json.dumps(_plain(json.loads(history.to_json())), separators=(",", ":"))
        (FOLDER / f"{name}.json.gz").write_bytes(gzip.compress(plain.encode(), mtime=0))


def files() -> list[Path]:
    """The histories there are."""
    return sorted(FOLDER.glob("*.json.gz"))


def read(path: Path) -> WorkflowHistory:
    """One of them."""
    return WorkflowHistory.from_json(path.name.removesuffix(".json.gz"), gzip.decompress(path.read_bytes()).decode())
