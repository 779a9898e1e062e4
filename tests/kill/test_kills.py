"""The system is killed at a fault point and started again: nothing is lost, nothing is done twice."""

from pathlib import Path

import psutil
import pytest

from tests.kill.expectations import ANNOUNCED, ID, ORDER, each_letter_once, kinds, letters, settled
from tests.kill.process_harness import ProcessHarness, process_harness, until

SHORT = {
    ("commit: committed", "up"),
    ("commit: committed", "worker"),
    ("record state: answered", "engine"),
    ("letter: accepted by the mail system*2", "worker"),
}
"""The cases of every test run; `make test-full` runs all."""
WINDOW = ("letter: mark_sending written", "letter: accepted by the mail system")
"""Points between `sending` and the answer of the mail system: a letter may be sent twice, under one Message-ID."""

ON_THE_WAY = (
    "record state: asked",
    "record state: answered",
    "commit: before",
    "commit: committed",
    "commit: delivery woken",
    "delivery: looked into the outbox",
    "document: before rendering",
    "document: rendered",
    "document: files written",
    "document: marked",
    "letter: before mark_sending",
    "letter: mark_sending written",
    "letter: accepted by the mail system",
    "letter: mark_accepted written",
)


def cases(points: tuple[str, ...], victims: tuple[str, ...]) -> list[object]:
    return [
        pytest.param(point, victim, marks=() if (point, victim) in SHORT else pytest.mark.slow, id=f"{point}, {victim}")
        for point in points
        for victim in victims
    ]


@pytest.mark.parametrize(("point", "victim"), cases(ON_THE_WAY, ("worker", "engine", "up")))
def test_an_inspection_is_announced_once_after_any_kill(tmp_path: Path, point: str, victim: str) -> None:
    with process_harness(tmp_path / "var") as here:
        here.begin(point)
        starting = here.call("start", ORDER)
        here.kill(victim)
        starting.communicate(timeout=60)
        here.does("start", ORDER)
        settled(here, ANNOUNCED)
        each_letter_once(here.data, here, twice_allowed=point in WINDOW)


@pytest.mark.parametrize("point", ["record state: asked*2", "commit: committed*2", "commit: delivery woken*2"])
@pytest.mark.parametrize("victim", ["worker", "up"])
@pytest.mark.slow
def test_the_outcome_of_the_announcement_is_recorded_once_after_any_kill(
    tmp_path: Path, point: str, victim: str
) -> None:
    with process_harness(tmp_path / "var") as here:
        here.begin(point)
        here.does("start", ORDER)
        here.kill(victim)
        settled(here, ANNOUNCED)
        each_letter_once(here.data, here)


SECOND_LETTER = tuple(f"{point}*2" for point in ON_THE_WAY if point.startswith("letter: "))
"""The invitation, sent by the local activity that reads the outbox; the announcement is sent by an activity of its own."""


@pytest.mark.parametrize(("point", "victim"), cases((*SECOND_LETTER, "letters: sent at once*2"), ("worker", "engine")))
def test_a_letter_sent_at_the_first_attempt_arrives_after_any_kill(tmp_path: Path, point: str, victim: str) -> None:
    with process_harness(tmp_path / "var") as here:
        here.begin(point)
        here.does("start", ORDER)
        here.kill(victim)
        settled(here, ANNOUNCED)
        each_letter_once(here.data, here, twice_allowed=point.removesuffix("*2") in WINDOW)


@pytest.mark.parametrize(
    "point",
    [
        pytest.param("entry point: before the inspection is written down", marks=pytest.mark.slow),
        "entry point: inspection row created",
        pytest.param("entry point: workflow started", marks=pytest.mark.slow),
    ],
)
def test_an_order_given_again_after_its_entry_point_was_killed_is_one_inspection(tmp_path: Path, point: str) -> None:
    with process_harness(tmp_path / "var") as here:
        here.begin()
        starting = here.call("start", ORDER, point=point)
        psutil.Process(here.stopped_process()).kill()
        starting.communicate()
        assert here.does("start", ORDER).strip() == ID
        settled(here, ANNOUNCED)
        each_letter_once(here.data, here)


@pytest.mark.slow
def test_a_recorded_order_is_started_when_the_system_starts_again(tmp_path: Path) -> None:
    with process_harness(tmp_path / "var") as here:
        here.begin()
        starting = here.call("start", ORDER, point="entry point: inspection row created")
        psutil.Process(here.stopped_process()).kill()
        starting.communicate()
        here.stop()
        here.begin()
        settled(here, ANNOUNCED)


HANDED_IN = {**ANNOUNCED, "case_lists_received": 1}
STEP = ("do", ID, "receive_case_lists", "--by", "link.330", "--command", "c1")


@pytest.mark.parametrize(
    "point",
    [
        pytest.param("entry point: before the submission is stored", marks=pytest.mark.slow),
        "entry point: submission stored",
        pytest.param("entry point: answer received", marks=pytest.mark.slow),
    ],
)
def test_a_command_given_again_after_its_entry_point_was_killed_is_done_once(tmp_path: Path, point: str) -> None:
    with process_harness(tmp_path / "var") as here:
        announced(here)
        doing = here.call(*STEP, point=point)
        psutil.Process(here.stopped_process()).kill()
        doing.communicate()
        here.does(*STEP)
        settled(here, HANDED_IN)


@pytest.mark.parametrize("victim", ["worker", "engine", "up"])
@pytest.mark.parametrize("point", ["commit: before", "commit: committed"])
@pytest.mark.slow
def test_a_command_in_progress_during_a_kill_is_done_once_and_the_next_one_follows_it(
    tmp_path: Path, point: str, victim: str
) -> None:
    """The command is decided without a query of the records; the commands up to the notification need one."""
    with process_harness(tmp_path / "var") as here:
        announced(here)
        here.stop()
        here.begin(point)
        doing = here.call(*STEP)
        here.kill(victim)
        doing.communicate(timeout=60)
        here.does(*STEP)
        settled(here, HANDED_IN)
        here.does(
            "do", ID, "hold_set_up_meeting", "--by", "i.ashdown", "--set", "attendees=All", "--set", "decisions=-"
        )
        assert here.reads("show", ID)["stage"] == "set_up"


@pytest.mark.slow
def test_a_command_committed_before_a_kill_is_applied_by_the_workflow_without_being_given_again(
    tmp_path: Path,
) -> None:
    with process_harness(tmp_path / "var") as here:
        announced(here)
        here.stop()
        here.begin("commit: committed")
        holding = (
            "do",
            ID,
            "hold_set_up_meeting",
            "--by",
            "i.ashdown",
            "--set",
            "attendees=All",
            "--set",
            "decisions=-",
        )
        doing = here.call(*holding)
        here.kill("up")
        doing.communicate(timeout=60)
        until(lambda: "set_up_meeting_held" in kinds(here), "it is recorded")
        meeting = ("--set", "day=2030-01-02", "--set", "place=Town Hall")
        assert here.call("do", ID, "arrange_set_up_meeting", "--by", "i.ashdown", *meeting).wait(60) == 3
        assert f"{ID} is at set_up" in here.log_tail()
        until(lambda: all(row["status"] == "accepted" for row in letters(here)), "the note of the meeting went")
        each_letter_once(here.data, here)
        assert kinds(here)["set_up_meeting_held"] == 1


def announced(here: ProcessHarness) -> None:
    """Starts the system and announces an inspection."""
    here.begin()
    here.does("start", ORDER)
    settled(here, ANNOUNCED)
