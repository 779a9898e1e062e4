"""After ordinary use no file in a data folder, or save_files from it, can be read by another account."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.expectations import ANNOUNCED, ID, ORDER, settled
from tests.kill.process_harness import COMMANDS_LOG, INSPECTIONS, ProcessHarness, process_harness
from tests.paths import ROOT

COMMON_UMASK = 0o022
"""The umask of most accounts, under which every other account can read new files."""


@pytest.fixture(autouse=True)
def _common_umask() -> Iterator[None]:
    before = os.umask(COMMON_UMASK)
    yield
    os.umask(before)


def open_to_others(*folders: Path) -> list[str]:
    paths = [path for folder in folders for path in (folder, *folder.rglob("*")) if not path.is_symlink()]
    return [f"{path} {path.lstat().st_mode & 0o777:o}" for path in paths if path.lstat().st_mode & 0o077]


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).parts[0] for path in folder.rglob("*")}


def save_files(here: ProcessHarness, out: Path) -> None:
    """Runs the commands that write files outside the data folder."""
    here.does("mailbox", "1", "--attachments", str(out / "attachments"), "--html", str(out / "letter.html"))
    here.does("backup", "--to", str(out / "backup.zip"))
    here.does("export", ID, "--to", str(out / "export.zip"))


def test_a_data_folder_and_files_saved_from_it_are_closed_to_other_accounts(tmp_path: Path) -> None:
    data, out = tmp_path / "var", tmp_path / "out"
    data.mkdir(mode=0o755)
    (data / "old.txt").write_text("left open by an earlier version")
    out.mkdir(mode=0o700)
    with process_harness(data) as here:
        here.begin()
        assert "other accounts of this machine could read" in (data / COMMANDS_LOG).read_text()
        here.does("start", ORDER)
        settled(here, ANNOUNCED)
        save_files(here, out)
        expected = {"records.sqlite", "engine.sqlite", "mailbox", "documents", "keys", "log", "engine.json", "up.lock"}
        assert expected <= names(data)
        assert {path.suffix for path in out.rglob("*") if path.is_file()} == {".pdf", ".html", ".zip"}
        assert open_to_others(data, out) == []
        here.stop()
    assert open_to_others(data, out) == []


def test_the_folder_of_a_rehearsal_is_closed_to_other_accounts(tmp_path: Path) -> None:
    data = tmp_path / "rehearsal"
    data.mkdir(mode=0o755)
    script = str(ROOT / "examples" / "no_comments.yaml")
    subprocess.run([INSPECTIONS, "rehearse", script, "--to", str(data)], check=True, timeout=300, capture_output=True)
    assert {"records.sqlite", "mailbox", "documents", "published", "history", "checkpoints", "keys"} <= names(data)
    assert open_to_others(data) == []
