"""Restoring older records under a newer engine: no step is lost, and no letter is sent again."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from application.open_context import open_with_engine
from application.runtime import dev_mailbox
from operations.backup import archive
from tests.dated_inspection import DatedInspection
from tests.kill.expectations import ID, ORDER, kinds, letters
from tests.kill.process_harness import ProcessHarness, process_harness, until

LATER = "SLAC-2010-002"
BACK = ("--by", "c.marsh", "--reason", "The disk failed")


@pytest.fixture(scope="module")
def ended_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a stopped system: after a backup, steps were taken, letters sent, a grade given, and another inspection
    ordered."""
    folder = tmp_path_factory.mktemp("ended_folder")
    with process_harness(folder / "var") as here:
        here.begin()
        here.does("start", _order(folder, ID, "330"))
        _do(here, "record_service", "c.marsh", "2010-11-03", method="by_hand", proof="Handed over.")
        here.does("backup", "--to", str(folder / "backup.zip"))
        _do(here, "hold_set_up_meeting", "i.ashdown", "2010-11-09", attendees="All", decisions="None")
        for gate in ("case_lists", "cases", "case_audits"):
            _do(here, "override", "m.okafor", "2010-11-09", gate=gate, reason="The files were flooded")
        _do(here, "start_fieldwork", "i.ashdown", "2010-11-17")
        # Outcomes have no number in the engine's history: a later one would be restored under the number of the grade.
        until(lambda: _all_accepted(here), "the letters so far went")
        words = {"text": "What was found.", "equality": "What was seen."}
        _do(here, "grade", "i.ashdown", "2010-11-18", heading="safeguarding.capacity", grade="good", **words)
        _do(here, "give_oral_feedback", "i.ashdown", "2010-11-30", headings="As discussed")
        here.does("start", _order(folder, LATER, "331"))
        until(lambda: _all_accepted(here), "all letters went")
    return folder


@pytest.fixture
def folder_copy(ended_folder: Path, tmp_path: Path) -> Path:
    """A copy of that folder for one test."""
    return Path(shutil.copytree(ended_folder, tmp_path / "ended_folder"))


def _order(folder: Path, reference: str, authority: str) -> str:
    path = folder / f"{reference}.yaml"
    text = Path(ORDER).read_text().replace("notify: now", "notify: now\nservice: by_hand")
    path.write_text(text.replace(ID, reference).replace("330", authority))
    return str(path)


def _do(here: ProcessHarness, step: str, by: str, on: str, **fields: str) -> None:
    options = [word for name, value in fields.items() for word in ("--set", f"{name}={value}")]
    here.does("do", ID, step, "--by", by, "--on", on, *options)


def _all_accepted(here: ProcessHarness) -> bool:
    rows = letters(here)
    return bool(rows) and all(row["status"] == "accepted" for row in rows)


def _log(data: Path, inspection: str = ID) -> list[tuple[Any, ...]]:
    query = "SELECT number, kind, command_id, actor, happened_on, received_at FROM events WHERE inspection_id = ?"
    with closing(sqlite3.connect(data / "records.sqlite")) as records:
        return records.execute(f"{query} ORDER BY number", (inspection,)).fetchall()


def _mail(data: Path) -> dict[str, int]:
    return {letter.message_id: letter.copies for letter in dev_mailbox.letters(dev_mailbox.folder(data))}


def _kept_messages(data: Path) -> dict[str, int]:
    """Returns how many letters were accepted, and how many of their messages can be read."""
    with closing(sqlite3.connect(data / "records.sqlite")) as records:
        (accepted,) = records.execute("SELECT count(*) FROM letters WHERE status = 'accepted'").fetchone()
        (readable,) = records.execute("SELECT count(*) FROM messages WHERE sealed <> ''").fetchone()
    return {"accepted": accepted, "with_words": readable}


def _messages_in(backup: Path) -> int:
    """Returns how many messages a backup holds: letters may have been sent before it was made."""
    return len(list(archive.check(backup).read("records/messages.jsonl"))) - 1  # the first line names the columns


def _delete_records(data: Path) -> None:
    for path in data.glob("records.sqlite*"):
        path.unlink()


@pytest.mark.parametrize("records", [pytest.param("still there", marks=pytest.mark.slow), "gone"])
def test_every_step_is_restored_under_its_number_and_no_letter_is_sent_twice(folder_copy: Path, records: str) -> None:
    data = folder_copy / "var"
    before, mail = _log(data), _mail(data)
    if records == "gone":
        _delete_records(data)
    with process_harness(data) as here:
        answer = here.reads("restore", str(folder_copy / "backup.zip"), *BACK)
        assert answer["engine"] == "kept"
        again = here.reads("restore", str(folder_copy / "backup.zip"), *BACK)
        assert again["again"]
        here.begin()
        until(lambda: _all_accepted(here), "all letters went")
        after = _log(data)
        graded = next(number for number, kind, *_ in before if kind == "heading_graded")
        steps = {row for row in before if ":" not in row[2]} - {row for row in before if row[0] == graded}
        assert steps <= set(after)
        assert after[graded - 1][1] == "event_lost"
        assert [kind for _, kind, *_ in after[len(before) :]][:1] == ["records_restored"]
        assert _mail(data) == mail
        counts = _kept_messages(data)
        in_backup = _messages_in(folder_copy / "backup.zip")
        assert counts["with_words"] == (in_backup if records == "gone" else counts["accepted"])
        assert in_backup < counts["accepted"]
        assert _verify(here)["found"] == []
        lost = {row["id"]: row["texts_lost"] for row in answer["inspections"]}[ID]
        assert (lost > 0) == (records == "gone")
        assert [row["kind"] for row in answer["lost"]] == ([] if records == "gone" else ["heading_graded"])
        asyncio.run(_end_fieldwork(data))
        assert kinds(here)["fieldwork_ended"] == 1


async def _end_fieldwork(data: Path) -> None:
    async with open_with_engine(data) as system:
        inspection = DatedInspection(system, ID)
        fields = {"spoke_with_children": True, "sought_views_of_parents": True}
        await inspection.do("end_fieldwork", "i.ashdown", "2010-11-30", **fields)


@pytest.mark.slow
def test_an_inspection_ordered_after_the_backup_is_restored(folder_copy: Path) -> None:
    data = folder_copy / "var"
    before = _log(data, LATER)
    with process_harness(data) as here:
        answer = here.reads("restore", str(folder_copy / "backup.zip"), *BACK)
        assert [row["id"] for row in answer["inspections"] if row["unknown_to_backup"]] == [LATER]
        assert [row[1] for row in _log(data, LATER)][: len(before)] == [row[1] for row in before]
        here.begin()
        assert here.reads("show", LATER)["stage"] == "planned"
        assert _verify(here)["found"] == []


@pytest.mark.slow
def test_a_whole_inspection_since_the_backup_is_restored_with_the_reports_that_were_sent(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with process_harness(data) as here:
        here.begin()
        here.does("start", _order(tmp_path, ID, "330"))
        here.does("backup", "--to", str(tmp_path / "backup.zip"))
        asyncio.run(_take_steps(data, "up_to_final_issued"))
        until(lambda: _all_accepted(here), "all letters went")
    before, mail, files = _log(data), _mail(data), _files(data)
    _delete_records(data)
    with process_harness(data) as here:
        here.reads("restore", str(tmp_path / "backup.zip"), *BACK)
        here.begin()
        until(lambda: _all_accepted(here), "all letters went")
        steps = {row for row in before if not row[2].startswith("outbox:")}
        assert steps - set(_log(data)) == _without_engine(before)
        assert (_mail(data), _files(data)) == (mail, files)
        assert _verify(here)["found"] == []
        asyncio.run(_take_steps(data, "publish"))
        until(lambda: kinds(here).get("report_placed"), "the report is published")
        assert _verify(here)["found"] == []


async def _take_steps(data: Path, steps: str) -> None:
    async with open_with_engine(data) as system:
        inspection = DatedInspection(system, ID)
        await (inspection.do("publish", "c.marsh") if steps == "publish" else inspection.up_to_final_issued())


def _files(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (data / "documents").rglob("*") if path.is_file()}


def _without_engine(log: list[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Returns the events of content, which are written without the engine."""
    return {row for row in log if row[1] in ("heading_graded", "section_written", "comment_answered")}


@pytest.mark.slow
def test_on_a_new_machine_records_and_engine_are_at_the_backup_and_continue(folder_copy: Path, tmp_path: Path) -> None:
    with process_harness(tmp_path / "new") as here:
        shutil.copytree(folder_copy / "var" / "keys", here.data / "keys")
        answer = here.reads("restore", str(folder_copy / "backup.zip"), *BACK)
        assert answer["engine"] == "restored"
        assert not answer["signed_with_another_key"]
        here.begin()
        _do(here, "hold_set_up_meeting", "i.ashdown", "2010-11-09", attendees="All", decisions="None")
        assert _verify(here)["found"] == []


def _verify(here: ProcessHarness) -> Any:
    return here.reads("verify")
