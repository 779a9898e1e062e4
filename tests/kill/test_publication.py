"""The system is killed while a report is published, or while a letter is refused: the same files, one event, one task."""

import asyncio
import shutil
from hashlib import sha256
from pathlib import Path

import psutil
import pytest

from application.open_context import open_with_engine
from tests.activities.faulty_smtp import HERE, misbehaving
from tests.dated_inspection import DatedInspection
from tests.kill.expectations import ID, ORDER, kinds, letters, settled
from tests.kill.process_harness import ProcessHarness, process_harness, until
from tests.report_file import report_file

pytestmark = pytest.mark.slow
TO_PUBLISH = ("do", ID, "publish", "--by", "c.marsh", "--command", "p1")


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an inspection whose final report is issued; its system is stopped."""
    folder = tmp_path_factory.mktemp("issued")
    order = folder / "order.yaml"
    order.write_text(Path(ORDER).read_text().replace("notify: now", "notify: now\nservice: by_hand"))
    with process_harness(folder / "var") as here:
        here.begin()
        here.does("start", str(order))
        asyncio.run(_up_to_final_issued(here.data))
        until(lambda: all(row["status"] == "accepted" for row in letters(here)), "all letters went")
    return folder / "var"


async def _up_to_final_issued(data: Path) -> None:
    async with open_with_engine(data) as system:
        await DatedInspection(system, ID).up_to_final_issued()


@pytest.mark.parametrize("victim", ["worker", "up"])
@pytest.mark.parametrize(
    "point",
    ["publication: before", "publication: report written", "publication: marked", "publication: index written"],
)
def test_a_report_is_published_once_and_completely(issued: Path, tmp_path: Path, point: str, victim: str) -> None:
    shutil.copytree(issued, tmp_path / "var")
    with process_harness(tmp_path / "var") as here:
        here.begin(point)
        publishing = here.call(*TO_PUBLISH)
        here.kill(victim)
        publishing.communicate(timeout=60)
        here.does(*TO_PUBLISH)
        until(lambda: kinds(here).get("report_placed"), "the report is placed")
        until(lambda: (here.data / "published" / "index.html").exists(), "the index is there")
        until(lambda: all(row["status"] == "accepted" for row in letters(here)), "all letters went")
        _published_once(here)


def _published_once(here: ProcessHarness) -> None:
    assert {kind: number for kind, number in kinds(here).items() if kind in ("published", "report_placed")} == {
        "published": 1,
        "report_placed": 1,
    }
    published = sorted(path.name for path in (here.data / "published").iterdir() if not path.name.startswith("."))
    assert published == [f"{ID}-final-report.pdf", "index.html"]
    assert f"{ID}-final-report.pdf" in (here.data / "published" / "index.html").read_text()
    (assured,) = (here.data / "documents" / ID).glob("*-final-report.pdf")
    digests = {sha256(path.read_bytes()).hexdigest() for path in (assured, here.data / "published" / published[0])}
    assert len(digests) == 1


@pytest.mark.parametrize("point", ["entry point: before content is written", "entry point: content written"])
def test_a_grade_given_again_after_its_entry_point_was_killed_is_one_grade(tmp_path: Path, point: str) -> None:
    with process_harness(tmp_path / "var") as here:
        _on_site(here, tmp_path)
        grade = ("--set", "heading=safeguarding.capacity", "--set", "grade=good")
        words = ("--set", "text=What was found.", "--set", "equality=What was seen.", "--command", "g1")
        grading = here.call("do", ID, "grade", "--by", "i.ashdown", *grade, *words, point=point)
        psutil.Process(here.stopped_process()).kill()
        grading.communicate()
        here.does("do", ID, "grade", "--by", "i.ashdown", *grade, *words)
        assert kinds(here)["heading_graded"] == 1


def test_a_report_whose_entry_point_is_killed_between_two_headings_is_written_in_full_by_its_repeat(
    tmp_path: Path,
) -> None:
    with process_harness(tmp_path / "var") as here:
        _on_site(here, tmp_path)
        file = tmp_path / "report.yaml"
        file.write_text(report_file())
        words = ("do", ID, "report", "--by", "i.ashdown", "--with", str(file), "--command", "r1")
        writing = here.call(*words, point="entry point: heading of the report written*5")
        psutil.Process(here.stopped_process()).kill()
        writing.communicate()
        assert "heading_graded" not in kinds(here)
        for _ in range(2):
            here.does(*words)
            assert (kinds(here)["heading_graded"], kinds(here)["section_written"]) == (22, 5)


def _on_site(here: ProcessHarness, folder: Path) -> None:
    order = folder / "order.yaml"
    order.write_text(Path(ORDER).read_text().replace("notify: now", "notify: now\nservice: by_hand"))
    here.begin()
    here.does("start", str(order))
    serving = ("--on", "2010-11-03", "--set", "method=by_hand", "--set", "proof=Handed over.")
    here.does("do", ID, "record_service", "--by", "c.marsh", *serving)
    held = ("--on", "2010-11-09", "--set", "attendees=All", "--set", "decisions=None")
    here.does("do", ID, "hold_set_up_meeting", "--by", "i.ashdown", *held)
    for gate in ("case_lists", "cases"):
        here.does("do", ID, "override", "--by", "m.okafor", "--set", f"gate={gate}", "--set", "reason=Flooded files")
    here.does("do", ID, "start_fieldwork", "--by", "i.ashdown", "--on", "2010-11-17")


@pytest.mark.parametrize("victim", ["worker", "up"])
@pytest.mark.parametrize("point", ["letter: refused by the mail system", "letter: refusal written"])
async def test_a_refused_announcement_fails_once_opens_its_tasks_and_starts_no_limit(
    tmp_path: Path, point: str, victim: str
) -> None:
    async with misbehaving({"RCPT dcs@birmingham.example": "550 unknown"}) as faulty:
        server = {"INSPECTIONS_SMTP_HOST": HERE, "INSPECTIONS_SMTP_PORT": str(faulty.port)}
        await asyncio.to_thread(_refused, tmp_path, point, victim, {**server, "INSPECTIONS_SMTP_STARTTLS": "false"})
    assert faulty.taken == []


def _refused(tmp_path: Path, point: str, victim: str, settings: dict[str, str]) -> None:
    with process_harness(tmp_path / "var", **settings) as here:
        here.begin(point)
        here.does("start", ORDER)
        here.kill(victim)
        once = ("inspection_ordered", "notification_issued", "document_rendered", "letter_failed")
        settled(here, dict.fromkeys((*once, "notification_not_served"), 1))
        assert {task["kind"] for task in here.reads("tasks", ID)} == {"letter_failed", "notification"}
        assert here.reads("show", ID)["stage"] == "planned"
