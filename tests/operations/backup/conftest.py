"""Records that a backup was loaded into."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli_harness import CliHarness


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Records with tables, directory and calendar, as a backup from before any inspection holds them."""
    folder = tmp_path / "loaded"
    folder.mkdir()
    return CliHarness(folder, monkeypatch, marked=False).records
