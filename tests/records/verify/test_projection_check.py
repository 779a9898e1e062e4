"""Projections against the events: an altered day or role, or a limit that was removed, is found and named."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random

import pytest

from records.calendars import versions
from records.calendars.versions import calendar_in_force
from records.database.connection import writing
from tests.cli_harness import ID, CliHarness
from tests.records.verify.tampering import Tamperer
from tests.records.verify.verified_records import OTHER, verify

ALTERED = {
    "UPDATE limits SET due = '2010-12-24' WHERE key = 'draft_report'": (
        "limits",
        "the limit draft_report was altered: due is 2010-12-24, not",
    ),
    "UPDATE limits SET state = 'met' WHERE key = 'draft_report'": ("limits", "state is met, not open"),
    "UPDATE limits SET owner = 'dcs' WHERE key = 'draft_report'": ("limits", "owner is dcs, not lead_inspector"),
    "DELETE FROM limits WHERE key = 'draft_report'": ("limits", "the limit draft_report is gone"),
    "UPDATE limits SET key = 'unheard_of' WHERE key = 'draft_report'": ("limits", "the limit draft_report is gone"),
    "UPDATE inspections SET people_json = replace(people_json, 'i.bellamy', 'i.other')": ("content", "people_json"),
    "UPDATE inspections SET first_people_json = '{}'": ("content", "first_people_json"),
    "UPDATE inspections SET lead = 'i.bellamy'": ("content", "lead is i.bellamy, its events say i.ashdown"),
    "UPDATE inspections SET stage = 'drafting'": ("content", "stage is drafting, its events say fieldwork"),
    "UPDATE inspections SET closed_at = started_at": ("content", "closed_at"),
    "UPDATE inspections SET started_at = '2010-11-01T10:00:01.000000Z'": ("content", "started_at"),
    "UPDATE inspections SET calendar_version = 'england-1999.1'": ("content", "calendar_version"),
    "UPDATE inspections SET scope = 'safeguarding'": ("content", "scope is safeguarding"),
    "UPDATE limit_history SET limits_json = replace(limits_json, 'open', 'met') WHERE number = 0": (
        "limit_history",
        "altered",
    ),
    "DELETE FROM limit_history WHERE number > 0": ("limit_history", "altered or removed"),
    "UPDATE limit_history SET number = number + 400 WHERE number > 0": ("limit_history", "put in here"),
    "UPDATE parts SET person = 'link.301' WHERE role = 'link_officer'": (
        "parts",
        "the part of link.301 as link_officer was put in",
    ),
    "DELETE FROM parts WHERE role = 'lead_inspector'": ("parts", "as lead_inspector is gone"),
    "UPDATE parts SET until = since WHERE role = 'dcs'": ("parts", "as dcs was altered: until is"),
    "UPDATE event_word_index SET words = ' nothing' WHERE number = 3": ("words", "not its own"),
    "DELETE FROM event_word_index WHERE number = 3": ("words", "not its own"),
    "UPDATE event_word_index SET number = 400 WHERE number = 3": ("words", "that there is not"),
}


@pytest.mark.parametrize("statement", ALTERED)
def test_an_altered_projection_is_found(unaltered: Path, tmp_path: Path, statement: str) -> None:
    copy = tmp_path / "data"
    shutil.copytree(unaltered, copy)
    with closing(sqlite3.connect(copy / "records.sqlite")) as db:
        only_other = f"inspection_id = '{OTHER}'" if "inspections" not in statement else f"id = '{OTHER}'"
        db.execute(f"{statement} {'AND' if 'WHERE' in statement else 'WHERE'} {only_other}")
        db.commit()
    findings = verify(copy).findings
    check, what = ALTERED[statement]
    assert {(finding.check, finding.inspection) for finding in findings} >= {(check, OTHER)}, findings
    assert any(what in finding.what for finding in findings), [finding.what for finding in findings]


def test_a_holiday_proclaimed_meanwhile_is_no_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli = CliHarness(tmp_path, monkeypatch).notified()
    with writing(cli.records) as session:
        days = {**calendar_in_force(session).holidays, date(2010, 11, 12): "A wedding"}
        versions.add_version(session, days, cli.now, "c.marsh", "proclaimed")
    assert verify(cli.data).findings == []
    cli.on("2010-11-08").take("receive_case_lists", "link.330")
    report = verify(cli.data, ID)
    assert (report.findings, report.checked["projections"]) == ([], 1)


def test_an_event_that_cannot_be_read_is_named_and_the_check_goes_on(unaltered: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(unaltered, copy)
    forged = Tamperer(copy, Random(1)).forge(3, "role", "nobody").split()[1]
    other = OTHER if forged == ID else ID
    with closing(sqlite3.connect(copy / "records.sqlite")) as db, db:
        db.execute("UPDATE limits SET owner = 'dcs' WHERE key = 'draft_report' AND inspection_id = ?", (other,))
    findings = verify(copy).findings
    (content,) = [finding for finding in findings if (finding.inspection, finding.check) == (forged, "content")]
    assert content.event == 3
    assert "cannot be read" in content.what
    assert ("limits", other) in {(finding.check, finding.inspection) for finding in findings}
