"""Publishing: the report as it was assured, in the public folder, with an index that names it."""

from hashlib import sha256
from pathlib import Path

import pytest

from activities.support.atomic_files import read_whole, write_whole
from activities.support.retry_alerts import ALERT_AFTER
from framework.common.errors import CheckFailed
from framework.messages.delivery import ShiftedId
from interfaces.cli.tasks import said
from records.database.connection import reading
from records.queries import inspection_rows
from tests.activities.no_engine import RecordsHarness


def tree(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


async def test_the_report_and_the_index_stand_there_and_done_again_they_are_the_same(office: RecordsHarness) -> None:
    approved = await office.final_issued()
    office.on("2011-01-07").do("publish", "c.marsh")
    assert office.waiting().publish == approved
    await office.run(office.publishing.publish, ShiftedId(id=approved))
    first = tree(office.published_folder)
    assert set(first) == {f"{office.id}-final-report.pdf", "index.html"}
    assert f"{office.id}-final-report.pdf" in first["index.html"].decode()
    assert "Birmingham" in first["index.html"].decode()
    assert office.waiting().publish is None
    await office.run(office.publishing.publish, ShiftedId(id=approved))
    assert tree(office.published_folder) == first
    (event,) = office.entries("report_placed")
    assert event.event.data["sha256"] == sha256(first[f"{office.id}-final-report.pdf"]).hexdigest()
    path = office.documents_folder / office.document(approved)["pdf_path"]
    path.write_bytes(b"%PDF-1.7 better grades")
    with pytest.raises(CheckFailed, match="final-report"):
        await office.run(office.publishing.publish, ShiftedId(id=approved))
    assert tree(office.published_folder) == first


async def test_a_report_that_cannot_be_published_is_tried_again_and_the_coordinator_hears_of_it_once(
    office: RecordsHarness,
) -> None:
    approved = await office.final_issued()
    office.on("2011-01-07").do("publish", "c.marsh")
    office.published_folder.write_text("in the way")
    for attempt in range(1, ALERT_AFTER + 3):
        with pytest.raises(OSError, match="published"):
            await office.run(office.publishing.publish, ShiftedId(id=approved), attempt)
        told = [("publication_failing", f"publication:{approved}")] if attempt >= ALERT_AFTER else []
        assert office.tasks() == told
    with reading(office.store) as session:
        facts = inspection_rows.tasks(session, office.id)[0]["facts_json"]
    words = said("publication_failing", facts)
    assert words.startswith("The final report could not be put among the published reports in 8 attempts")
    assert "FileExistsError" in words or "NotADirectoryError" in words
    office.published_folder.unlink()
    await office.run(office.publishing.publish, ShiftedId(id=approved), ALERT_AFTER + 3)
    assert office.tasks() == []
    assert office.waiting().publish is None
    await office.run(office.publishing.publish, ShiftedId(id=approved), ALERT_AFTER + 4)
    assert office.tasks() == []


async def test_an_index_that_cannot_be_written_is_told_of_though_the_report_stands_there(
    office: RecordsHarness,
) -> None:
    approved = await office.final_issued()
    office.on("2011-01-07").do("publish", "c.marsh")
    (office.published_folder / "index.html").mkdir(parents=True)
    with pytest.raises(OSError, match="index"):
        await office.run(office.publishing.publish, ShiftedId(id=approved), ALERT_AFTER)
    assert office.tasks() == [("publication_failing", f"publication:{approved}")]
    (office.published_folder / "index.html").rmdir()
    await office.run(office.publishing.publish, ShiftedId(id=approved), ALERT_AFTER + 1)
    assert office.tasks() == []


async def test_a_report_that_is_not_what_was_assured_any_more_is_told_of(office: RecordsHarness) -> None:
    approved = await office.final_issued()
    office.on("2011-01-07").do("publish", "c.marsh")
    (office.documents_folder / office.document(approved)["pdf_path"]).write_bytes(b"%PDF-1.7 better grades")
    with pytest.raises(CheckFailed, match="final-report"):
        await office.run(office.publishing.publish, ShiftedId(id=approved), ALERT_AFTER)
    assert office.tasks() == [("publication_failing", f"publication:{approved}")]


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
