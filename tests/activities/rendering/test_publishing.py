"""Publishing: the report as it was assured, in the folder of published reports, with an index that names it."""

from hashlib import sha256
from pathlib import Path

import pytest

from activities.support.atomic_files import read_whole, write_whole
from activities.support.retry_alerts import ALERT_AFTER
from application.serializers.task_wording import task_words
from framework.common.errors import CheckFailed
from framework.messages.delivery import ShiftedId
from records.database.connection import reading
from records.queries import inspection_rows
from tests.activities.no_engine import RecordsHarness


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


async def test_publishing_writes_the_report_and_the_index_and_again_the_same_files(harness: RecordsHarness) -> None:
    approved = await harness.final_issued()
    harness.on("2011-01-07").do("publish", "c.marsh")
    assert harness.waiting().publish == approved
    await harness.run(harness.publishing.publish, ShiftedId(id=approved))
    first = contents(harness.published_folder)
    assert set(first) == {f"{harness.id}-final-report.pdf", "index.html"}
    assert f"{harness.id}-final-report.pdf" in first["index.html"].decode()
    assert "Birmingham" in first["index.html"].decode()
    assert harness.waiting().publish is None
    await harness.run(harness.publishing.publish, ShiftedId(id=approved))
    assert contents(harness.published_folder) == first
    (event,) = harness.entries("report_placed")
    assert event.event.data["sha256"] == sha256(first[f"{harness.id}-final-report.pdf"]).hexdigest()
    path = harness.documents_folder / harness.document(approved)["pdf_path"]
    path.write_bytes(b"%PDF-1.7 better grades")
    with pytest.raises(CheckFailed, match="final-report"):
        await harness.run(harness.publishing.publish, ShiftedId(id=approved))
    assert contents(harness.published_folder) == first


async def test_a_report_that_cannot_be_published_is_retried_and_opens_one_task(
    harness: RecordsHarness,
) -> None:
    approved = await harness.final_issued()
    harness.on("2011-01-07").do("publish", "c.marsh")
    harness.published_folder.write_text("a file where the folder belongs")
    for attempt in range(1, ALERT_AFTER + 3):
        with pytest.raises(OSError, match="published"):
            await harness.run(harness.publishing.publish, ShiftedId(id=approved), attempt)
        expected = [("publication_failing", f"publication:{approved}")] if attempt >= ALERT_AFTER else []
        assert harness.tasks() == expected
    with reading(harness.store) as session:
        facts = inspection_rows.tasks(session, harness.id)[0]["facts_json"]
    words = task_words("publication_failing", facts)
    assert words.startswith("The final report could not be put among the published reports in 8 attempts")
    assert "FileExistsError" in words or "NotADirectoryError" in words
    harness.published_folder.unlink()
    await harness.run(harness.publishing.publish, ShiftedId(id=approved), ALERT_AFTER + 3)
    assert harness.tasks() == []
    assert harness.waiting().publish is None
    await harness.run(harness.publishing.publish, ShiftedId(id=approved), ALERT_AFTER + 4)
    assert harness.tasks() == []


async def test_an_index_that_cannot_be_written_opens_a_task_though_the_report_was_written(
    harness: RecordsHarness,
) -> None:
    approved = await harness.final_issued()
    harness.on("2011-01-07").do("publish", "c.marsh")
    (harness.published_folder / "index.html").mkdir(parents=True)
    with pytest.raises(OSError, match="index"):
        await harness.run(harness.publishing.publish, ShiftedId(id=approved), ALERT_AFTER)
    assert harness.tasks() == [("publication_failing", f"publication:{approved}")]
    (harness.published_folder / "index.html").rmdir()
    await harness.run(harness.publishing.publish, ShiftedId(id=approved), ALERT_AFTER + 1)
    assert harness.tasks() == []


async def test_a_report_that_differs_from_the_assured_one_opens_a_task(harness: RecordsHarness) -> None:
    approved = await harness.final_issued()
    harness.on("2011-01-07").do("publish", "c.marsh")
    (harness.documents_folder / harness.document(approved)["pdf_path"]).write_bytes(b"%PDF-1.7 better grades")
    with pytest.raises(CheckFailed, match="final-report"):
        await harness.run(harness.publishing.publish, ShiftedId(id=approved), ALERT_AFTER)
    assert harness.tasks() == [("publication_failing", f"publication:{approved}")]


def test_a_file_is_written_without_leaving_a_temporary_file(tmp_path: Path) -> None:
    digest = write_whole(tmp_path / "folder" / "file", b"content")
    assert digest == sha256(b"content").hexdigest()
    assert read_whole(tmp_path / "folder" / "file", digest) == b"content"
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["file"]


def test_a_missing_or_changed_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match="is not there any more"):
        read_whole(tmp_path / "file", "0" * 64)
    write_whole(tmp_path / "file", b"content")
    with pytest.raises(CheckFailed, match="is not what was made"):
        read_whole(tmp_path / "file", "0" * 64)
