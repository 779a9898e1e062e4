"""The system is killed at a point, started again, and everything goes on: nothing lost, nothing done twice."""

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
"""Those that every test run tries; `make test-full` tries all."""
WINDOW = ("letter: mark_sending written", "letter: accepted by the mail system")
"""Between «sending» and its answer a letter may go twice, under one Message-ID."""

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
def test_an_inspection_is_announced_whatever_is_killed_on_the_way(tmp_path: Path, point: str, victim: str) -> None:
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
def test_the_fate_of_the_announcement_is_heard_once_whatever_is_killed(tmp_path: Path, point: str, victim: str) -> None:
    with process_harness(tmp_path / "var") as here:
        here.begin(point)
        here.does("start", ORDER)
        here.kill(victim)
        settled(here, ANNOUNCED)
        each_letter_once(here.data, here)


SECOND_LETTER = tuple(f"{point}*2" for point in ON_THE_WAY if point.startswith("letter: "))
"""The invitation, which goes at the first look into the outbox; the announcement, whose fate is told, has its own attempt."""


@pytest.mark.parametrize(("point", "victim"), cases((*SECOND_LETTER, "letters: sent at once*2"), ("worker", "engine")))
def test_a_letter_that_goes_at_once_arrives_whatever_is_killed_on_the_way(
    tmp_path: Path, point: str, victim: str
) -> None:
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
def test_an_order_given_again_after_its_door_was_killed_is_one_inspection(tmp_path: Path, point: str) -> None:
    with process_harness(tmp_path / "var") as here:
        here.begin()
        starting = here.call("start", ORDER, point=point)
        psutil.Process(here.held()).kill()
        starting.communicate()
        assert here.does("start", ORDER).strip() == ID
        settled(here, ANNOUNCED)
        each_letter_once(here.data, here)


@pytest.mark.slow
def test_an_order_that_was_written_down_is_begun_when_the_system_starts_again(tmp_path: Path) -> None:
    with process_harness(tmp_path / "var") as here:
        here.begin()
        starting = here.call("start", ORDER, point="entry point: inspection row created")
        psutil.Process(here.held()).kill()
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
def test_a_command_given_again_after_its_door_was_killed_is_done_once(tmp_path: Path, point: str) -> None:
    with process_harness(tmp_path / "var") as here:
        announced(here)
        doing = here.call(*STEP, point=point)
        psutil.Process(here.held()).kill()
        doing.communicate()
        here.does(*STEP)
        settled(here, HANDED_IN)


@pytest.mark.parametrize("victim", ["worker", "engine", "up"])
@pytest.mark.parametrize("point", ["commit: before", "commit: committed"])
@pytest.mark.slow
def test_a_command_under_way_when_something_is_killed_is_done_once_and_the_next_finds_it_done(
    tmp_path: Path, point: str, victim: str
) -> None:
    """It is decided without a question to the records; on its way to notification the inspection asks them."""
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
def test_a_command_recorded_before_everything_was_killed_is_known_to_the_story_without_anybody_asking_again(
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
        assert f"{ID} is at set_up" in here.said()
        until(lambda: all(row["status"] == "accepted" for row in letters(here)), "the note of the meeting went")
        each_letter_once(here.data, here)
        assert kinds(here)["set_up_meeting_held"] == 1


def announced(here: ProcessHarness) -> None:
    """An inspection that is announced, without anything having gone wrong."""
    here.begin()
    here.does("start", ORDER)
    settled(here, ANNOUNCED)
