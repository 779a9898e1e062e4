"""Publishing: the final report, byte for byte as assured, into the folder of published reports, with its index page."""

import asyncio
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from temporalio import activity

from activities.files import write_whole
from activities.moments import started
from activities.names import PUBLISH_REPORT
from activities.rendering import render_page
from framework.documents import file_name
from framework.messages import Shifted
from records import outbox
from records.database import reading, writing


class PublishingActivities:
    """What puts reports where the public reads them."""

    def __init__(self, records: Engine, documents: Path, published: Path) -> None:
        self._records = records
        self._documents = documents
        self._published = published

    @activity.defn(name=PUBLISH_REPORT)
    async def publish(self, wanted: Shifted) -> None:
        """Put one report and the index there. Done again, it leaves the same files."""
        moment = started(wanted.clock_shift)
        await asyncio.to_thread(self._publish, wanted.id, moment)

    def _publish(self, identifier: str, moment: datetime) -> None:
        with reading(self._records) as session:
            row = outbox.document(session, identifier)
        report = (self._documents / row["pdf_path"]).read_bytes()
        name = file_name(row["kind"], row["inspection"])
        write_whole(self._published / name, report)
        with writing(self._records) as session:
            outbox.mark_published(session, identifier, name, moment)
            reports = outbox.published(session)
        write_whole(self._published / "index.html", render_page("published/index", {"reports": reports}).encode())
