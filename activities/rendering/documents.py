"""Making documents: the data that was kept becomes a page and a PDF, on disk, with their hashes in the records."""

import asyncio
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from temporalio import activity

from activities.names import RENDER_DOCUMENT
from activities.rendering.pdf_pool import PdfPool
from activities.rendering.templates import TemplateFault, render_document
from activities.support.activity_time import started_at
from activities.support.atomic_files import write_whole
from activities.support.fault_points import fault_point
from activities.support.heartbeat import heartbeating
from activities.support.retry_alerts import alert_after_retries
from framework.common.errors import BadInput
from framework.correspondence.documents import document, file_name
from framework.messages.delivery import ShiftedId
from records.database.connection import reading, writing
from records.outbox import states
from records.tasks import retry_alerts


class DocumentActivities:
    """What turns kept data into documents under `folder`."""

    def __init__(self, records: Engine, folder: Path, pool: PdfPool) -> None:
        self._records = records
        self._folder = folder
        self._pool = pool

    @activity.defn(name=RENDER_DOCUMENT)
    async def render(self, wanted: ShiftedId) -> None:
        """Make one document. A template that does not fit its data stops this document alone and opens a task.

        What fails otherwise (a full disk, a process that dies) is tried again for ever; a task says so after a while."""
        moment = started_at(wanted.clock_shift)
        async with heartbeating(), alert_after_retries(partial(self._open_task, wanted.id, moment)):
            await self._render(wanted.id, moment)

    async def _render(self, identifier: str, moment: datetime) -> None:
        row = await asyncio.to_thread(self._find, identifier)
        if row["status"] != "wanted":
            return
        fault_point("document: before rendering")
        try:
            rendered = render_document(row["kind"], row["data"])
            pdf = await self._pool.render(rendered.html) if document(row["kind"]).pdf else None
        except (TemplateFault, BadInput) as fault:
            await asyncio.to_thread(self._failed, identifier, str(fault), moment)
            return
        fault_point("document: rendered")
        files = await asyncio.to_thread(self._write, row, rendered.html, pdf)
        fault_point("document: files written")
        await asyncio.to_thread(self._rendered, identifier, rendered.template_version, files, moment)
        fault_point("document: marked")

    def _find(self, identifier: str) -> dict[str, Any]:
        with reading(self._records) as session:
            return states.document(session, identifier)

    def _write(self, row: dict[str, Any], html: str, pdf: bytes | None) -> dict[str, str]:
        """Each version of a document keeps a file of its own: what was sent is never written over."""
        place = path_of(row["inspection"], row["event_number"], row["kind"])
        files = {"html_path": str(place), "html_sha256": write_whole(self._folder / place, html.encode())}
        if pdf is not None:
            page = place.with_suffix(".pdf")
            files |= {"pdf_path": str(page), "pdf_sha256": write_whole(self._folder / page, pdf)}
        return files

    def _rendered(self, identifier: str, template_version: str, files: dict[str, str], moment: datetime) -> None:
        with writing(self._records) as session:
            states.mark_rendered(session, identifier, template_version=template_version, moment=moment, **files)

    def _open_task(self, identifier: str, moment: datetime, why: str, attempts: int) -> None:
        with writing(self._records) as session:
            retry_alerts.document_keeps_failing(session, identifier, why, attempts, moment)

    def _failed(self, identifier: str, error: str, moment: datetime) -> None:
        with writing(self._records) as session:
            states.mark_document_failed(session, identifier, error, moment)


def path_of(inspection: str, event_number: int, kind: str) -> Path:
    """Where the page of a document is kept, under the folder of documents; its PDF lies beside it."""
    return Path(inspection) / f"{event_number:04d}-{file_name(kind, inspection, 'html')}"
