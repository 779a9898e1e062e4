"""Renders documents: from the stored data to an HTML page and a PDF on disk, with their hashes in the records."""

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
from framework.correspondence import documents
from framework.messages.delivery import ShiftedId
from records.database.connection import reading, writing
from records.outbox import states
from records.tasks import retry_alerts


class DocumentActivities:
    """Renders documents into `folder`."""

    def __init__(self, records: Engine, folder: Path, pool: PdfPool) -> None:
        self._records = records
        self._folder = folder
        self._pool = pool

    @activity.defn(name=RENDER_DOCUMENT)
    async def render(self, document: ShiftedId) -> None:
        """Renders one document; does nothing if it is rendered already.

        A template that does not fit its data marks this document as failed, which opens a task. Any other error (a full
        disk, a process that died) is raised and retried without end; after `ALERT_AFTER` attempts a task is opened."""
        moment = started_at(document.clock_shift)
        async with heartbeating(), alert_after_retries(partial(self._open_task, document.id, moment)):
            await self._render(document.id, moment)

    async def _render(self, identifier: str, moment: datetime) -> None:
        row = await asyncio.to_thread(self._find, identifier)
        if row["status"] != "wanted":
            return
        fault_point("document: before rendering")
        try:
            rendered = render_document(row["kind"], row["data"])
            pdf = await self._pool.render(rendered.html) if documents.document(row["kind"]).pdf else None
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
        """Writes the files of a document; returns their paths and hashes as columns of its row."""
        page = path_of(row["inspection"], row["event_number"], row["kind"])
        columns = {"html_path": str(page), "html_sha256": write_whole(self._folder / page, html.encode())}
        if pdf is not None:
            path = page.with_suffix(".pdf")
            columns |= {"pdf_path": str(path), "pdf_sha256": write_whole(self._folder / path, pdf)}
        return columns

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
    """Returns the path of a document's page in the folder of documents; its PDF has the same name with `.pdf`."""
    # The number of the event is part of the name: a later version must not overwrite one that was sent.
    return Path(inspection) / f"{event_number:04d}-{documents.file_name(kind, inspection, 'html')}"
