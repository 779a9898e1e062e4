"""After ordinary use no file in a data folder, or saved from it, can be read by another account."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.expectations import ANNOUNCED, ID, ORDER, letters, settled
from tests.kill.process_harness import COMMANDS_LOG, ProcessHarness, process_harness
from tests.permissions import COMMON_UMASK, names, open_to_others


@pytest.fixture(autouse=True)
def _common_umask() -> Iterator[None]:
    before = os.umask(COMMON_UMASK)
    yield
    os.umask(before)


def save_files(here: ProcessHarness, out: Path) -> None:
    """Runs the commands that write files outside the data folder."""
    # The announcement need not be the first letter: the hourly list of heads is sent too.
    (announcement,) = [row["message_id"] for row in letters(here) if row["kind"] == "announcement"]
    (number,) = [letter["id"] for letter in here.reads("mailbox") if letter["message_id"] == announcement]
    here.does("mailbox", number, "--attachments", str(out / "attachments"), "--html", str(out / "letter.html"))
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
