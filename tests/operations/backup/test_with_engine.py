"""Yesterday's records under today's engine: no step that was taken is lost, and no letter that went goes again."""

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from application.open_context import open_with_engine
from application.runtime import dev_mailbox
from tests.dated_inspection import DatedInspection
from tests.kill.expectations import ID, ORDER, kinds, letters
from tests.kill.process_harness import ProcessHarness, process_harness, until

LATER = "SLAC-2010-002"
BACK = ("--by", "c.marsh", "--reason", "The disk failed")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a stopped system: a backup was taken while it ran, then steps were taken and letters sent, a grade given,
    and another inspection ordered."""
    folder = tmp_path_factory.mktemp("lived")
    with process_harness(folder / "var") as here:
        here.begin()
        here.does("start", _order(folder, ID, "330"))
        _do(here, "record_service", "c.marsh", "2010-11-03", method="by_hand", proof="Handed over.")
        here.does("backup", "--to", str(folder / "backup.zip"))
        _do(here, "hold_set_up_meeting", "i.ashdown", "2010-11-09", attendees="All", decisions="None")
        for gate in ("case_lists", "cases", "case_audits"):
            _do(here, "override", "m.okafor", "2010-11-09", gate=gate, reason="The files were flooded")
        _do(here, "start_fieldwork", "i.ashdown", "2010-11-17")
        words = {"text": "What was found.", "equality": "What was seen."}
        _do(here, "grade", "i.ashdown", "2010-11-18", heading="safeguarding.capacity", grade="good", **words)
        _do(here, "give_oral_feedback", "i.ashdown", "2010-11-30", headings="As discussed")
        here.does("start", _order(folder, LATER, "331"))
        until(lambda: _all_went(here), "all letters went")
    return folder


@pytest.fixture
def today(lived: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    return Path(shutil.copytree(lived, tmp_path / "lived"))


def _order(folder: Path, reference: str, authority: str) -> str:
    path = folder / f"{reference}.yaml"
    text = Path(ORDER).read_text().replace("notify: now", "notify: now\nservice: by_hand")
    path.write_text(text.replace(ID, reference).replace("330", authority))
    return str(path)


def _do(here: ProcessHarness, step: str, by: str, on: str, **fields: str) -> None:
    said = [word for name, value in fields.items() for word in ("--set", f"{name}={value}")]
    here.does("do", ID, step, "--by", by, "--on", on, *said)


def _all_went(here: ProcessHarness) -> bool:
    rows = letters(here)
    return bool(rows) and all(row["status"] == "accepted" for row in rows)


def _log(data: Path, inspection: str = ID) -> list[tuple[Any, ...]]:
    query = "SELECT number, kind, command_id, actor, happened_on, received_at FROM events WHERE inspection_id = ?"
    with closing(sqlite3.connect(data / "records.sqlite")) as records:
        return records.execute(f"{query} ORDER BY number", (inspection,)).fetchall()


def _mail(data: Path) -> dict[str, int]:
    return {letter.message_id: letter.copies for letter in dev_mailbox.letters(dev_mailbox.folder(data))}


def _kept_messages(data: Path) -> dict[str, int]:
    """How many letters were accepted, and how many of them can be read again."""
    with closing(sqlite3.connect(data / "records.sqlite")) as records:
        (accepted,) = records.execute("SELECT count(*) FROM letters WHERE status = 'accepted'").fetchone()
        (kept,) = records.execute("SELECT count(*) FROM messages WHERE sealed <> ''").fetchone()
    return {"accepted": accepted, "with_words": kept}


def _forget_records(data: Path) -> None:
    for path in data.glob("records.sqlite*"):
        path.unlink()


@pytest.mark.parametrize("records", [pytest.param("still there", marks=pytest.mark.slow), "gone"])
def test_every_step_stands_again_under_its_number_and_no_letter_goes_twice(today: Path, records: str) -> None:
    data = today / "var"
    before, mail = _log(data), _mail(data)
    if records == "gone":
        _forget_records(data)
    with process_harness(data) as here:
        answer = here.reads("restore", str(today / "backup.zip"), *BACK)
        assert answer["engine"] == "kept"
        again = here.reads("restore", str(today / "backup.zip"), *BACK)
        assert again["again"]
        here.begin()
        until(lambda: _all_went(here), "all letters went")
        after = _log(data)
        graded = next(number for number, kind, *_ in before if kind == "heading_graded")
        steps = {row for row in before if ":" not in row[2]} - {row for row in before if row[0] == graded}
        assert steps <= set(after)
        assert after[graded - 1][1] == "event_lost"
        assert [kind for _, kind, *_ in after[len(before) :]][:1] == ["records_restored"]
        assert _mail(data) == mail
        kept = _kept_messages(data)
        assert kept["with_words"] == (0 if records == "gone" else kept["accepted"]) > -1
        assert _checked(here)["found"] == []
        lost = {one["id"]: one["texts_lost"] for one in answer["inspections"]}[ID]
        assert (lost > 0) == (records == "gone")
        assert [one["kind"] for one in answer["lost"]] == ([] if records == "gone" else ["heading_graded"])
        asyncio.run(_goes_on(data))
        assert kinds(here)["fieldwork_ended"] == 1


async def _goes_on(data: Path) -> None:
    async with open_with_engine(data) as system:
        life = DatedInspection(system, ID)
        asked = {"spoke_with_children": True, "sought_views_of_parents": True}
        await life.do("end_fieldwork", "i.ashdown", "2010-11-30", **asked)


@pytest.mark.slow
def test_an_inspection_ordered_after_the_backup_stands_again(today: Path) -> None:
    data = today / "var"
    before = _log(data, LATER)
    with process_harness(data) as here:
        answer = here.reads("restore", str(today / "backup.zip"), *BACK)
        assert [one["id"] for one in answer["inspections"] if one["unknown_to_backup"]] == [LATER]
        assert [row[1] for row in _log(data, LATER)][: len(before)] == [row[1] for row in before]
        here.begin()
        assert here.reads("show", LATER)["stage"] == "planned"
        assert _checked(here)["found"] == []


@pytest.mark.slow
def test_a_whole_life_since_the_backup_stands_again_with_the_reports_that_were_sent(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with process_harness(data) as here:
        here.begin()
        here.does("start", _order(tmp_path, ID, "330"))
        here.does("backup", "--to", str(tmp_path / "backup.zip"))
        asyncio.run(_lives(data, "up_to_final_issued"))
        until(lambda: _all_went(here), "all letters went")
    before, mail, files = _log(data), _mail(data), _files(data)
    _forget_records(data)
    with process_harness(data) as here:
        here.reads("restore", str(tmp_path / "backup.zip"), *BACK)
        here.begin()
        until(lambda: _all_went(here), "all letters went")
        steps = {row for row in before if not row[2].startswith("outbox:")}
        assert steps - set(_log(data)) == _of_doors_alone(before)
        assert (_mail(data), _files(data)) == (mail, files)
        assert _checked(here)["found"] == []
        asyncio.run(_lives(data, "publish"))
        until(lambda: kinds(here).get("report_placed"), "the report is published")
        assert _checked(here)["found"] == []


async def _lives(data: Path, how: str) -> None:
    async with open_with_engine(data) as system:
        life = DatedInspection(system, ID)
        await (life.do("publish", "c.marsh") if how == "publish" else life.up_to_final_issued())


def _files(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (data / "documents").rglob("*") if path.is_file()}


def _of_doors_alone(log: list[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Content: the engine never heard of it."""
    alone = ("heading_graded", "section_written", "comment_answered")
    return {row for row in log if row[1] in alone}


@pytest.mark.slow
def test_on_a_new_machine_both_stand_at_the_backup_and_go_on(today: Path, tmp_path: Path) -> None:
    with process_harness(tmp_path / "new") as here:
        shutil.copytree(today / "var" / "keys", here.data / "keys")
        answer = here.reads("restore", str(today / "backup.zip"), *BACK)
        assert answer["engine"] == "restored"
        assert not answer["signed_with_another_key"]
        here.begin()
        _do(here, "hold_set_up_meeting", "i.ashdown", "2010-11-09", attendees="All", decisions="None")
        assert _checked(here)["found"] == []


def _checked(here: ProcessHarness) -> Any:
    process = here.call("verify", "--json")
    printed, _ = process.communicate(timeout=60)
    return json.loads(printed)
