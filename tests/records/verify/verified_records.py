"""Records of two inspections with everything beside them that can be altered: one lived to its end, one on site."""

import base64
import json
import shutil
from base64 import encodebytes
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory

from activities.recording.checkpoints import make_checkpoint
from activities.recording.engine_histories import keep_history
from activities.support.atomic_files import write_whole
from framework.editions.registry import edition
from framework.messages.commit import Stored
from records.audit import checkpoints
from records.audit.access_log import Access, log_read
from records.audit.engine_histories import Run
from records.calendars import versions
from records.calendars.versions import calendar_in_force
from records.database import connection
from records.database.connection import reading, writing
from records.outbox import states
from records.outbox.messages import SealedMessage
from records.privacy.message_archive import MessageArchive
from records.verify.findings import Report
from records.verify.verification import Verification
from tests.cli_harness import ID, CliHarness
from tests.report_fields import step_that_writes

OTHER = "SLAC-2010-002"
OLD = "old.sqlite"
"""A copy of the records as they were before the last two signed lists."""


class VerifiedRecords:
    """Everything is done at the counter; letters and documents are seen to by hand."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.counter = CliHarness(folder, patch)
        self.recorded: list[Stored] = []
        self.failed: list[str] = []
        """Letters the mail system refused: a few."""

    def build(self) -> Path:
        """Two inspections, three signed lists, one history of the engine; answers the data folder."""
        self._on_site()
        self._read()
        make_checkpoint(self.counter.records, self.counter.data, self.counter.now)
        self.counter.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self.counter.data / "records.sqlite", self.counter.data / OLD)
        self._to_the_end()
        self._read()
        make_checkpoint(self.counter.records, self.counter.data, self.counter.now)
        self._keep()
        self._proclaim()
        make_checkpoint(self.counter.records, self.counter.data, self.counter.now)
        self.counter.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self.counter.records.dispose()
        return self.counter.data

    def _read(self) -> None:
        """Somebody looks, and somebody else."""
        for person in ("a.vale", "m.okafor", "c.marsh"):
            with writing(self.counter.records) as session:
                asked = {"words": "five posts"}
                log_read(session, Access(self.counter.now, person, "root", "command line", "history", ID, asked))

    def _proclaim(self) -> None:
        """A holiday is proclaimed when all is over."""
        with writing(self.counter.records) as session:
            days = {**calendar_in_force(session).holidays, date(2011, 7, 1): "A wedding"}
            versions.add_version(session, days, self.counter.now, "c.marsh", "proclaimed")

    def _on_site(self) -> None:
        for identifier, authority in ((ID, "330"), (OTHER, "331")):
            self.counter.now = self.counter.now.replace(month=11, day=1)
            self.counter.start(reference=identifier, authority=authority)
            self.counter.on("2010-11-03")
            self._do("notify", identifier=identifier)
            self._do("record_service", identifier=identifier, method="email")
            self.counter.on("2010-11-09")
            self._do("hold_set_up_meeting", "i.ashdown", identifier, attendees="All of us", decisions="As proposed")
            self.counter.on("2010-11-17")
            self._do("start_fieldwork", "i.ashdown", identifier)

    def _to_the_end(self) -> None:
        for heading in edition("2010-10").headings("joint"):
            step, fields = step_that_writes(heading, f"What was found of {heading.key}.", f"Equality in {heading.key}.")
            self._do(step, "i.ashdown", **fields)
        for key in ("about", "service"):
            self._write(key)
        self.counter.on("2010-11-30")
        self._again()
        self._do("give_oral_feedback", "i.ashdown", headings="As discussed")
        self._do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
        self.counter.on("2010-12-10")
        self._do("submit_draft", "i.ashdown")
        self._do("approve_draft", "q.lindqvist")
        self._do("send_draft", "i.ashdown")
        comments = [{"where": "about", "text": "Nine posts, not eight."}, {"where": "service", "text": "Since May."}]
        self._do("return_comments", "dcs.330", comments=comments)
        self._do("answer_comment", "i.ashdown", number=1, accepted=True, reason="So it is.", sections=[])
        self._do("answer_comment", "i.ashdown", number=2, accepted=False, reason="It says so.", sections=[])
        self._write("about", "Words on about, with nine posts.")
        self._write("service", "Words on service, put better.")
        self._do("explain_change", "i.ashdown", heading="service", reason="It reads better.")
        self._do("submit_final", "i.ashdown")
        self._do("approve_final", "q.lindqvist")
        self._do("issue_final", "i.ashdown")
        self._do("publish", "c.marsh")

    def _again(self) -> None:
        """A letter that was given up is sent again, to an address that was put right."""
        with writing(self.counter.records) as session:
            session.connection().exec_driver_sql("UPDATE people SET email = 'new.' || email")
        self._do("send_again", "c.marsh", letter=self.failed[0])

    def _write(self, heading: str, text: str = "") -> None:
        self._do("write_section", "i.ashdown", heading=heading, text=text or f"Words on {heading}.")

    def _do(self, step: str, by: str = "system", identifier: str = ID, **fields: Any) -> None:
        recorded = self.counter.take(step, by, identifier, **fields)
        if recorded is not None and identifier == ID:
            assert isinstance(recorded, Stored), recorded
            self.recorded.append(recorded)
        self._settle(identifier)

    def _settle(self, identifier: str) -> None:
        """What a delivery does, without engine, mail or PDF."""
        self.counter.now += timedelta(seconds=1)
        with reading(self.counter.records) as session:
            work = states.waiting(session, identifier)
        for document in work.documents:
            self._render(document)
        for letter in work.letters:
            fails = not letter.reports_outcome and len(self.failed) < 3 and letter.id not in self.failed
            self._send(letter.id, fails)
        if work.publish:
            name = f"{identifier}.pdf"
            write_whole(self.counter.data / "published" / name, self._pdf(work.publish))
            with writing(self.counter.records) as session:
                states.mark_published(session, work.publish, name, self.counter.now)

    def _render(self, document: str) -> None:
        files = {}
        for kind, content in (("html", f"<p>{document}".encode()), ("pdf", self._pdf(document))):
            name = f"{document}.{kind}"
            files[f"{kind}_path"] = name
            files[f"{kind}_sha256"] = write_whole(self.counter.data / "documents" / name, content)
        with writing(self.counter.records) as session:
            states.mark_rendered(session, document, moment=self.counter.now, template_version="v1", **files)

    def _pdf(self, document: str) -> bytes:
        return f"%PDF {document}".encode()

    def _send(self, letter: str, fails: bool) -> None:
        now, message = self.counter.now, self._message(letter)
        with writing(self.counter.records) as session:
            states.mark_sending(session, letter, now, message)
            if fails:
                self.failed.append(letter)
                states.mark_failed(session, letter, "550 no such mailbox", now)
            else:
                states.mark_accepted(session, letter, now, sha256=message.sha256)

    def _message(self, letter: str) -> SealedMessage:
        """A message with the documents that go with the letter, as it is kept."""
        with reading(self.counter.records) as session:
            row = states.letter(session, letter)
        files = {one["id"]: self._pdf(one["id"]) for one in row["documents"]}
        parts = [letter.encode(), *(encodebytes(file).replace(b"\n", b"\r\n") for file in files.values()), b"."]
        return MessageArchive(self.counter.data).seal(row, b"\r\n".join(parts), files, self.counter.now)

    def _keep(self) -> None:
        """A history such as the engine has: the answers of `record`, one marker each."""
        workflow = f"inspection-{ID}"
        markers = [_marker(number, one) for number, one in enumerate(self.recorded, start=1)]
        history = WorkflowHistory.from_json(workflow, json.dumps({"events": markers}))
        keep_history(self.counter.records, self.counter.data, Run(ID, workflow, "run-1"), history, self.counter.now)


def _marker(number: int, recorded: Stored) -> dict[str, Any]:
    details = {"data": {"activity_type": "commit_decision"}, "result": recorded.model_dump(mode="json")}
    payloads = {
        name: {"payloads": [{"data": base64.b64encode(json.dumps(value).encode()).decode()}]}
        for name, value in details.items()
    }
    attributes = {"markerName": "core_local_activity", "details": payloads}
    kind = "EVENT_TYPE_MARKER_RECORDED"
    return {"eventId": str(number), "eventType": kind, "markerRecordedEventAttributes": attributes}


def verify(data: Path, inspection: str = "", given: tuple[Path, ...] = ()) -> Report:
    """Everything that can be checked without the engine."""
    engine = connection.connect(f"sqlite:///{data / 'records.sqlite'}")
    with closing(engine.connect()), reading(engine) as session:
        report = Verification(session, data, inspection, given, checkpoints.files(data)).run()
    engine.dispose()
    return report
