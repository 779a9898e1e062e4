"""Publishing: the report as it was assured, in the public folder, with an index that names it."""

from hashlib import sha256
from pathlib import Path

import pytest

from activities.files import read_whole, write_whole
from framework.deliveries import Shifted
from framework.errors import CheckFailed
from tests.activities.office import Office


def tree(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


async def test_the_report_and_the_index_stand_there_and_done_again_they_are_the_same(office: Office) -> None:
    approved = await office.final_issued()
    office.on("2011-01-07").do("publish", "c.marsh")
    assert office.waiting().publish == approved
    await office.run(office.publishing.publish, Shifted(id=approved))
    first = tree(office.published_folder)
    assert set(first) == {f"{office.id}-final-report.pdf", "index.html"}
    assert f"{office.id}-final-report.pdf" in first["index.html"].decode()
    assert "Birmingham" in first["index.html"].decode()
    assert office.waiting().publish is None
    await office.run(office.publishing.publish, Shifted(id=approved))
    assert tree(office.published_folder) == first
    (event,) = office.entries("report_placed")
    assert event.event.data["sha256"] == sha256(first[f"{office.id}-final-report.pdf"]).hexdigest()
    path = office.documents_folder / office.document(approved)["pdf_path"]
    path.write_bytes(b"%PDF-1.7 better grades")
    with pytest.raises(CheckFailed, match="final-report"):
        await office.run(office.publishing.publish, Shifted(id=approved))
    assert tree(office.published_folder) == first


def test_a_file_is_whole_or_not_there_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    digest = write_whole(tmp_path / "folder" / "file", b"content")
    assert digest == sha256(b"content").hexdigest()
    assert read_whole(tmp_path / "folder" / "file", digest) == b"content"
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["file"]


def test_a_file_that_is_gone_or_another_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match="is not there any more"):
        read_whole(tmp_path / "file", "0" * 64)
    write_whole(tmp_path / "file", b"content")
    with pytest.raises(CheckFailed, match="is not what was made"):
        read_whole(tmp_path / "file", "0" * 64)
