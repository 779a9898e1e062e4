"""Documents: rendered once, each version in a file of its own, with hashes in the log; a failure affects no other document."""

from hashlib import sha256

import pytest
from sqlalchemy import select, update

from activities.rendering.documents import DocumentActivities
from activities.rendering.pdf_pool import PdfPool
from activities.support.retry_alerts import ALERT_AFTER
from application.serializers.task_wording import task_words
from framework.messages.delivery import ShiftedId
from records.database.connection import reading, writing
from records.tables.inspections import TASKS
from records.tables.outbox import DOCUMENTS
from tests.activities.no_engine import RecordsHarness


async def test_a_document_is_on_disk_as_page_and_pdf_with_its_hashes_in_row_and_log(harness: RecordsHarness) -> None:
    harness.do("notify")
    (document,) = harness.waiting().documents
    await harness.render()
    row = harness.document(document)
    (event,) = harness.entries("document_rendered")
    assert row["status"] == "rendered"
    assert row["rendered_at"] == harness.now
    for kind in ("html", "pdf"):
        content = (harness.documents_folder / row[f"{kind}_path"]).read_bytes()
        assert sha256(content).hexdigest() == row[f"{kind}_sha256"] == event.event.data[f"{kind}_sha256"]
    assert harness.waiting().documents == ()


async def test_a_rendered_document_is_not_rendered_again(harness: RecordsHarness) -> None:
    harness.do("notify")
    (document,) = harness.waiting().documents
    await harness.render()
    before = harness.document(document)
    path = harness.documents_folder / before["pdf_path"]
    path.write_bytes(b"as it was sent")
    await harness.run(harness.rendering.render, ShiftedId(id=document))
    assert path.read_bytes() == b"as it was sent"
    assert harness.document(document) == before
    assert len(harness.entries("document_rendered")) == 1


async def test_rendered_again_after_a_crash_before_it_was_marked_it_has_the_same_bytes(
    harness: RecordsHarness,
) -> None:
    harness.do("notify")
    (document,) = harness.waiting().documents
    await harness.render()
    first = harness.document(document)
    with writing(harness.store) as session:
        session.connection().execute(update(DOCUMENTS).values(status="wanted", html_sha256="", pdf_sha256=""))
    with PdfPool(size=1) as pool:
        rendering = DocumentActivities(harness.store, harness.documents_folder, pool)
        await harness.run(rendering.render, ShiftedId(id=document))
    assert harness.document(document)["pdf_sha256"] == first["pdf_sha256"]
    assert len(harness.entries("document_rendered")) == 1


async def test_a_later_version_does_not_overwrite_an_earlier_one(harness: RecordsHarness) -> None:
    harness.do("notify")
    harness.do("record_service", method="email")
    for venue in ("Council House", "Town Hall"):
        harness.do("arrange_set_up_meeting", "i.ashdown", day="2010-11-09", at="11:00", place=venue)
    await harness.render()
    rows = [harness.document(entry.event.data["document"]) for entry in harness.entries("document_rendered")]
    agendas = [row for row in rows if row["kind"] == "agenda"]
    assert len({row["pdf_path"] for row in agendas}) == 3
    assert len({row["pdf_sha256"] for row in agendas}) == 3


async def test_a_document_whose_template_fails_opens_a_task_and_the_others_are_rendered(
    harness: RecordsHarness,
) -> None:
    harness.do("notify")
    harness.do("record_service", method="email")
    broken, whole = harness.waiting().documents
    with writing(harness.store) as session:
        session.connection().execute(update(DOCUMENTS).where(DOCUMENTS.c.id == broken).values(data_json={}))
    await harness.render()
    assert harness.document(broken)["status"] == "failed"
    assert harness.document(whole)["status"] == "rendered"
    assert harness.tasks() == [("document_failed", f"document:{broken}")]
    assert len(harness.entries("document_failed")) == 1


async def test_a_document_that_keeps_failing_opens_one_task_that_closes_when_it_is_rendered(
    harness: RecordsHarness,
) -> None:
    harness.do("notify")
    (document,) = harness.waiting().documents
    harness.documents_folder.write_text("a file where the folder belongs")
    for attempt in range(1, ALERT_AFTER + 3):
        with pytest.raises(OSError, match="documents"):
            await harness.run(harness.rendering.render, ShiftedId(id=document), attempt)
        expected = [("document_failing", f"document:{document}")] if attempt >= ALERT_AFTER else []
        assert harness.tasks() == expected
    assert harness.waiting().documents == (document,)
    with reading(harness.store) as session:
        facts = session.connection().execute(select(TASKS.c.facts_json)).scalar_one()
    words = task_words("document_failing", facts)
    assert "announcement" in words
    assert document in words
    assert "FileExistsError" in words or "NotADirectoryError" in words
    assert facts["attempts"] == ALERT_AFTER
    harness.documents_folder.unlink()
    await harness.run(harness.rendering.render, ShiftedId(id=document), ALERT_AFTER + 3)
    assert harness.tasks() == []
    assert harness.document(document)["status"] == "rendered"


async def test_a_document_whose_attempts_all_timed_out_opens_a_task_too(harness: RecordsHarness) -> None:
    harness.do("notify")
    (document,) = harness.waiting().documents
    harness.documents_folder.write_text("a file where the folder belongs")
    with pytest.raises(OSError, match="documents"):
        await harness.run(harness.rendering.render, ShiftedId(id=document), ALERT_AFTER + 1)
    with reading(harness.store) as session:
        facts = session.connection().execute(select(TASKS.c.facts_json)).scalar_one()
    assert (facts["why"], facts["attempts"]) == ("its attempts did not come to an end", ALERT_AFTER)


async def test_a_document_rendered_meanwhile_leaves_no_task_open(harness: RecordsHarness) -> None:
    harness.do("notify")
    (document,) = harness.waiting().documents
    await harness.render()
    await harness.run(harness.rendering.render, ShiftedId(id=document), ALERT_AFTER + 1)
    assert harness.tasks() == []
