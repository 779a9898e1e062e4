"""The folder of a rehearsal is replaced by the next; any other folder is left alone."""

from pathlib import Path

import pytest

from application.runtime import rehearsal_marker
from framework.common.errors import BadInput


def test_a_folder_is_made_where_there_is_none(tmp_path: Path) -> None:
    rehearsal_marker.clear(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_an_earlier_rehearsal_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "old.pdf").write_text("old")
    rehearsal_marker.write(tmp_path, {"state": "failed"})
    rehearsal_marker.clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_anything_else_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_text("real records")
    with pytest.raises(BadInput, match="holds no rehearsal"):
        rehearsal_marker.clear(tmp_path)
    assert (tmp_path / "records.sqlite").read_text() == "real records"


def test_a_folder_without_a_mark_is_no_rehearsal(tmp_path: Path) -> None:
    assert rehearsal_marker.find(tmp_path) is None
    (tmp_path / rehearsal_marker.NAME).write_text("cut off in the mid")
    assert rehearsal_marker.find(tmp_path) is None
