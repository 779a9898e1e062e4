"""Documents: made once, each version in a file of its own, with their hashes in the log; a failure stops one alone."""

from hashlib import sha256

import pytest
from sqlalchemy import select, update

from activities.support.retry_alerts import ALERT_AFTER
from framework.messages.delivery import ShiftedId
from interfaces.cli.tasks import said
from records.database.connection import reading, writing
from records.tables.inspections import TASKS
from records.tables.outbox import DOCUMENTS
from tests.activities.no_engine import RecordsHarness


async def test_a_document_stands_on_disk_as_page_and_pdf_with_its_hashes_in_row_and_log(office: RecordsHarness) -> None:
    office.do("notify")
    (document,) = office.waiting().documents
    await office.render()
    row = office.document(document)
    (event,) = office.entries("document_rendered")
    assert row["status"] == "rendered"
    assert row["rendered_at"] == office.now
    for kind in ("html", "pdf"):
        content = (office.documents_folder / row[f"{kind}_path"]).read_bytes()
        assert sha256(content).hexdigest() == row[f"{kind}_sha256"] == event.event.data[f"{kind}_sha256"]
    assert office.waiting().documents == ()


async def test_a_document_that_was_made_is_not_made_again(office: RecordsHarness) -> None:
    office.do("notify")
    (document,) = office.waiting().documents
    await office.render()
    before = office.document(document)
    path = office.documents_folder / before["pdf_path"]
    path.write_bytes(b"as it was sent")
    await office.run(office.rendering.render, ShiftedId(id=document))
    assert path.read_bytes() == b"as it was sent"
    assert office.document(document) == before
    assert len(office.entries("document_rendered")) == 1


async def test_done_again_after_a_crash_before_it_was_marked_it_is_the_same_byte_for_byte(
    office: RecordsHarness,
) -> None:
    office.do("notify")
    (document,) = office.waiting().documents
    await office.render()
    first = office.document(document)
    with writing(office.store) as session:
        session.connection().execute(update(DOCUMENTS).values(status="wanted", html_sha256="", pdf_sha256=""))
    await office.run(office.rendering.render, ShiftedId(id=document))
    assert office.document(document)["pdf_sha256"] == first["pdf_sha256"]
    assert len(office.entries("document_rendered")) == 1


async def test_a_later_version_is_never_written_over_an_earlier_one(office: RecordsHarness) -> None:
    office.do("notify")
    office.do("record_service", method="email")
    for place in ("Council House", "Town Hall"):
        office.do("arrange_set_up_meeting", "i.ashdown", day="2010-11-09", at="11:00", place=place)
    await office.render()
    paths = [entry.event.data["document"] for entry in office.entries("document_rendered")]
    agendas = [office.document(one) for one in paths if office.document(one)["kind"] == "agenda"]
    assert len({row["pdf_path"] for row in agendas}) == 3
    assert len({row["pdf_sha256"] for row in agendas}) == 3


async def test_a_document_its_template_cannot_make_stops_alone_with_a_task(office: RecordsHarness) -> None:
    office.do("notify")
    office.do("record_service", method="email")
    broken, whole = office.waiting().documents
    with writing(office.store) as session:
        session.connection().execute(update(DOCUMENTS).where(DOCUMENTS.c.id == broken).values(data_json={}))
    await office.render()
    assert office.document(broken)["status"] == "failed"
    assert office.document(whole)["status"] == "rendered"
    assert office.tasks() == [("document_failed", f"document:{broken}")]
    assert len(office.entries("document_failed")) == 1


async def test_a_document_that_fails_again_and_again_opens_one_task_that_closes_when_it_is_made(
    office: RecordsHarness,
) -> None:
    """The disk takes no file where the documents belong."""
    office.do("notify")
    (document,) = office.waiting().documents
    office.documents_folder.write_text("in the way")
    for attempt in range(1, ALERT_AFTER + 3):
        with pytest.raises(OSError, match="documents"):
            await office.run(office.rendering.render, ShiftedId(id=document), attempt)
        told = [("document_failing", f"document:{document}")] if attempt >= ALERT_AFTER else []
        assert office.tasks() == told
    assert office.waiting().documents == (document,)
    with reading(office.store) as session:
        facts = session.connection().execute(select(TASKS.c.facts_json)).scalar_one()
    words = said("document_failing", facts)
    assert "announcement" in words
    assert document in words
    assert "FileExistsError" in words or "NotADirectoryError" in words
    assert facts["attempts"] == ALERT_AFTER
    office.documents_folder.unlink()
    await office.run(office.rendering.render, ShiftedId(id=document), ALERT_AFTER + 3)
    assert office.tasks() == []
    assert office.document(document)["status"] == "rendered"


async def test_a_document_whose_attempts_were_all_cut_off_is_told_of_too(office: RecordsHarness) -> None:
    office.do("notify")
    (document,) = office.waiting().documents
    office.documents_folder.write_text("in the way")
    with pytest.raises(OSError, match="documents"):
        await office.run(office.rendering.render, ShiftedId(id=document), ALERT_AFTER + 1)
    with reading(office.store) as session:
        facts = session.connection().execute(select(TASKS.c.facts_json)).scalar_one()
    assert (facts["why"], facts["attempts"]) == ("its attempts did not come to an end", ALERT_AFTER)


async def test_a_document_that_was_made_meanwhile_is_told_of_no_more(office: RecordsHarness) -> None:
    office.do("notify")
    (document,) = office.waiting().documents
    await office.render()
    await office.run(office.rendering.render, ShiftedId(id=document), ALERT_AFTER + 1)
    assert office.tasks() == []
