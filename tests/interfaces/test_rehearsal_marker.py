"""The folder of a rehearsal is replaced by the next; any other folder is left alone."""

from pathlib import Path

import pytest

from framework.errors import BadInput
from interfaces.rehearsal import marker


def test_a_folder_is_made_where_there_is_none(tmp_path: Path) -> None:
    marker.clear(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_an_earlier_rehearsal_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "old.pdf").write_text("old")
    marker.write(tmp_path, {"state": "failed"})
    marker.clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_anything_else_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_text("real records")
    with pytest.raises(BadInput, match="holds no rehearsal"):
        marker.clear(tmp_path)
    assert (tmp_path / "records.sqlite").read_text() == "real records"


def test_a_folder_without_a_mark_is_no_rehearsal(tmp_path: Path) -> None:
    assert marker.find(tmp_path) is None
    (tmp_path / marker.NAME).write_text("cut off in the mid")
    assert marker.find(tmp_path) is None
