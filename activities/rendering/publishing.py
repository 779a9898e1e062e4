"""Publishes the final report: copies the assured file, unchanged, into the folder of published reports and writes its index."""

import asyncio
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from temporalio import activity

from activities.names import PUBLISH_REPORT
from activities.rendering.templates import render_page
from activities.support.activity_time import started_at
from activities.support.atomic_files import read_whole, write_whole
from activities.support.fault_points import fault_point
from activities.support.heartbeat import heartbeating
from activities.support.retry_alerts import alert_after_retries
from framework.correspondence.documents import file_name
from framework.messages.delivery import ShiftedId
from records.database.connection import reading, writing
from records.outbox import states
from records.tasks import retry_alerts


class PublishingActivities:
    """Writes reports from `documents` into `published`."""

    def __init__(self, records: Engine, documents: Path, published: Path) -> None:
        self._records = records
        self._documents = documents
        self._published = published

    @activity.defn(name=PUBLISH_REPORT)
    async def publish(self, report: ShiftedId) -> None:
        """Writes one report and the index. Run again, it leaves the same files.

        An error is raised and retried without end, because publication is required (para 53); after `ALERT_AFTER`
        attempts a task is opened."""
        moment = started_at(report.clock_shift)
        async with heartbeating(), alert_after_retries(partial(self._open_task, report.id, moment)):
            await asyncio.to_thread(self._publish, report.id, moment)

    def _publish(self, identifier: str, moment: datetime) -> None:
        fault_point("publication: before")
        with reading(self._records) as session:
            row = states.document(session, identifier)
        name = file_name(row["kind"], row["inspection"])
        write_whole(self._published / name, read_whole(self._documents / row["pdf_path"], row["pdf_sha256"]))
        fault_point("publication: report written")
        with writing(self._records) as session:
            states.mark_published(session, identifier, name, moment)
        fault_point("publication: marked")
        self._write_index()
        fault_point("publication: index written")
        with writing(self._records) as session:
            retry_alerts.publication_is_done(session, identifier, moment)

    def _open_task(self, identifier: str, moment: datetime, why: str, attempts: int) -> None:
        with writing(self._records) as session:
            retry_alerts.publication_keeps_failing(session, identifier, why, attempts, moment)

    def _write_index(self) -> None:
        """Writes the index page of all published reports."""
        # Two publications may run at once: writing again until nothing changed keeps either from leaving the other out.
        written = None
        while (reports := self._reports()) != written:
            write_whole(self._published / "index.html", render_page("published/index", {"reports": reports}).encode())
            written = reports

    def _reports(self) -> list[dict[str, Any]]:
        with reading(self._records) as session:
            return states.published(session)
