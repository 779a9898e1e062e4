"""Builds records of two inspections with everything that can be altered: one is closed, one on site."""

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
"""A copy of the records as they were before the last two checkpoints."""


class VerifiedRecords:
    """Takes steps through the command line; sends letters and renders documents without engine, mail and PDF."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.cli = CliHarness(folder, patch)
        self.committed: list[Stored] = []
        self.failed: list[str] = []
        """Letters that the mail system refused: the first three."""

    def build(self) -> Path:
        """Writes two inspections, three checkpoints and one kept history; returns the data folder."""
        self._on_site()
        self._read()
        make_checkpoint(self.cli.records, self.cli.data, self.cli.now)
        self.cli.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self.cli.data / "records.sqlite", self.cli.data / OLD)
        self._to_the_end()
        self._read()
        make_checkpoint(self.cli.records, self.cli.data, self.cli.now)
        self._keep()
        self._proclaim()
        make_checkpoint(self.cli.records, self.cli.data, self.cli.now)
        self.cli.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self.cli.records.dispose()
        return self.cli.data

    def _read(self) -> None:
        """Appends entries to the access log."""
        for person in ("a.vale", "m.okafor", "c.marsh"):
            with writing(self.cli.records) as session:
                parameters = {"words": "five posts"}
                log_read(session, Access(self.cli.now, person, "root", "command line", "history", ID, parameters))

    def _proclaim(self) -> None:
        """Makes a version of the calendar after the first inspection has ended."""
        with writing(self.cli.records) as session:
            days = {**calendar_in_force(session).holidays, date(2011, 7, 1): "A wedding"}
            versions.add_version(session, days, self.cli.now, "c.marsh", "proclaimed")

    def _on_site(self) -> None:
        for identifier, authority in ((ID, "330"), (OTHER, "331")):
            self.cli.now = self.cli.now.replace(month=11, day=1)
            self.cli.start(reference=identifier, authority=authority)
            self.cli.on("2010-11-03")
            self._do("notify", identifier=identifier)
            self._do("record_service", identifier=identifier, method="email")
            self.cli.on("2010-11-09")
            self._do("hold_set_up_meeting", "i.ashdown", identifier, attendees="All of us", decisions="As proposed")
            self.cli.on("2010-11-17")
            for gate in ("case_lists", "cases", "case_audits"):
                self._do("override", "m.okafor", identifier, gate=gate, reason="Nothing but the chain matters here")
            self._do("start_fieldwork", "i.ashdown", identifier)

    def _to_the_end(self) -> None:
        for heading in edition("2010-10").report.headings("joint"):
            step, fields = step_that_writes(heading, f"What was found of {heading.key}.", f"Equality in {heading.key}.")
            self._do(step, "i.ashdown", **fields)
        for key in ("about", "service"):
            self._write(key)
        self.cli.on("2010-11-30")
        self._send_again()
        self._do("give_oral_feedback", "i.ashdown", headings="As discussed")
        self._do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
        self.cli.on("2010-12-10")
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

    def _send_again(self) -> None:
        """Sends a failed letter again, to a corrected address."""
        with writing(self.cli.records) as session:
            session.connection().exec_driver_sql("UPDATE people SET email = 'new.' || email")
        self._do("send_again", "c.marsh", letter=self.failed[0])

    def _write(self, heading: str, text: str = "") -> None:
        self._do("write_section", "i.ashdown", heading=heading, text=text or f"Words on {heading}.")

    def _do(self, step: str, by: str = "system", identifier: str = ID, **fields: Any) -> None:
        committed = self.cli.take(step, by, identifier, **fields)
        if committed is not None and identifier == ID:
            assert isinstance(committed, Stored), committed
            self.committed.append(committed)
        self._deliver(identifier)

    def _deliver(self, identifier: str) -> None:
        """Does what a delivery does, without engine, mail and PDF."""
        self.cli.now += timedelta(seconds=1)
        with reading(self.cli.records) as session:
            work = states.waiting(session, identifier)
        for document in work.documents:
            self._render(document)
        for letter in work.letters:
            fails = not letter.reports_outcome and len(self.failed) < 3 and letter.id not in self.failed
            self._send(letter.id, fails)
        if work.publish:
            name = f"{identifier}.pdf"
            write_whole(self.cli.data / "published" / name, self._pdf(work.publish))
            with writing(self.cli.records) as session:
                states.mark_published(session, work.publish, name, self.cli.now)

    def _render(self, document: str) -> None:
        files = {}
        for kind, content in (("html", f"<p>{document}".encode()), ("pdf", self._pdf(document))):
            name = f"{document}.{kind}"
            files[f"{kind}_path"] = name
            files[f"{kind}_sha256"] = write_whole(self.cli.data / "documents" / name, content)
        with writing(self.cli.records) as session:
            states.mark_rendered(session, document, moment=self.cli.now, template_version="v1", **files)

    def _pdf(self, document: str) -> bytes:
        return f"%PDF {document}".encode()

    def _send(self, letter: str, fails: bool) -> None:
        now, message = self.cli.now, self._message(letter)
        with writing(self.cli.records) as session:
            states.mark_sending(session, letter, now, message)
            if fails:
                self.failed.append(letter)
                states.mark_failed(session, letter, "550 no such mailbox", now)
            else:
                states.mark_accepted(session, letter, now, sha256=message.sha256)

    def _message(self, letter: str) -> SealedMessage:
        """Seals a message with the documents of the letter, as the archive stores it."""
        with reading(self.cli.records) as session:
            row = states.letter(session, letter)
        files = {document["id"]: self._pdf(document["id"]) for document in row["documents"]}
        parts = [letter.encode(), *(encodebytes(file).replace(b"\n", b"\r\n") for file in files.values()), b"."]
        return MessageArchive(self.cli.data).seal(row, b"\r\n".join(parts), files, self.cli.now)

    def _keep(self) -> None:
        """Keeps a history as the engine exports it, with a marker for the result of each commit."""
        workflow = f"inspection-{ID}"
        markers = [_marker(number, stored) for number, stored in enumerate(self.committed, start=1)]
        history = WorkflowHistory.from_json(workflow, json.dumps({"events": markers}))
        keep_history(self.cli.records, self.cli.data, Run(ID, workflow, "run-1"), history, self.cli.now)


def _marker(number: int, committed: Stored) -> dict[str, Any]:
    details = {"data": {"activity_type": "commit_decision"}, "result": committed.model_dump(mode="json")}
    payloads = {
        name: {"payloads": [{"data": base64.b64encode(json.dumps(value).encode()).decode()}]}
        for name, value in details.items()
    }
    attributes = {"markerName": "core_local_activity", "details": payloads}
    kind = "EVENT_TYPE_MARKER_RECORDED"
    return {"eventId": str(number), "eventType": kind, "markerRecordedEventAttributes": attributes}


def verify(data: Path, inspection: str = "", given: tuple[Path, ...] = ()) -> Report:
    """Runs every check that needs no engine."""
    engine = connection.connect(f"sqlite:///{data / 'records.sqlite'}")
    with closing(engine.connect()), reading(engine) as session:
        report = Verification(session, data, inspection, given, checkpoints.files(data)).run()
    engine.dispose()
    return report
