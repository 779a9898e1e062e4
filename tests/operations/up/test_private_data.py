"""After real use nothing in a data folder, and nothing that was saved from it, can be read by another account."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.expectations import ANNOUNCED, ID, ORDER, settled
from tests.kill.process_harness import INSPECTIONS, ProcessHarness, process_harness
from tests.paths import ROOT

USUAL = 0o022
"""The umask of most accounts, under which every other account can read what is written."""


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(USUAL)
    yield
    os.umask(before)


def open_to_others(*folders: Path) -> list[str]:
    found = [path for folder in folders for path in (folder, *folder.rglob("*")) if not path.is_symlink()]
    return [f"{path} {path.lstat().st_mode & 0o777:o}" for path in found if path.lstat().st_mode & 0o077]


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).parts[0] for path in folder.rglob("*")}


def saved(here: ProcessHarness, out: Path) -> None:
    """Everything that a command writes outside the data folder."""
    here.does("mailbox", "1", "--attachments", str(out / "attachments"), "--html", str(out / "letter.html"))
    here.does("backup", "--to", str(out / "backup.zip"))
    here.does("export", ID, "--to", str(out / "export.zip"))


def test_a_data_folder_after_real_use_and_what_was_saved_from_it_are_closed(tmp_path: Path) -> None:
    data, out = tmp_path / "var", tmp_path / "out"
    data.mkdir(mode=0o755)
    (data / "old.txt").write_text("left open by an earlier version")
    out.mkdir(mode=0o700)
    with process_harness(data) as here:
        here.begin()
        assert "other accounts of this machine could read" in (data / "said.log").read_text()
        here.does("start", ORDER)
        settled(here, ANNOUNCED)
        saved(here, out)
        used = {"records.sqlite", "engine.sqlite", "mailbox", "documents", "keys", "log", "engine.json", "up.lock"}
        assert used <= names(data)
        assert {path.suffix for path in out.rglob("*") if path.is_file()} == {".pdf", ".html", ".zip"}
        assert open_to_others(data, out) == []
        here.stop()
    assert open_to_others(data, out) == []


def test_a_rehearsals_folder_is_closed_with_the_reports_it_published(tmp_path: Path) -> None:
    data = tmp_path / "rehearsal"
    data.mkdir(mode=0o755)
    script = str(ROOT / "examples" / "no_comments.yaml")
    subprocess.run([INSPECTIONS, "rehearse", script, "--to", str(data)], check=True, timeout=300, capture_output=True)
    assert {"records.sqlite", "mailbox", "documents", "published", "history", "checkpoints", "keys"} <= names(data)
    assert open_to_others(data) == []
