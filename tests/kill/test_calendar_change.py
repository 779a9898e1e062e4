"""Killed in the middle of a calendar's round: started again, every open inspection has moved, and each was told once."""

from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from application.runtime import clock
from framework.calendar.bank_holidays import england
from framework.calendar.london_time import london_day
from framework.calendar.working_days import working_days_after
from tests.kill.expectations import ORDER, each_letter_once, letters, told_of_midnight
from tests.kill.process_harness import ProcessHarness, process_harness, until

IDS = ("SLAC-2010-001", "SLAC-2010-002", "SLAC-2010-003")
SOON = working_days_after(london_day(clock.now()), 8, england()).due
"""Before fieldwork is due to start, so that every day from there on moves."""
ADD = ("holidays", "add", str(SOON), "Proclaimed", "--by", "c.marsh", "--command", "h1")
SHORT = {("round: page told", "up")}
"""What every test run tries; `make test-full` tries all."""
ON_THE_WAY = ("round: page read", "round: page told", "record state: answered", "commit: before", "commit: committed*2")


def cases(points: tuple[str, ...], victims: tuple[str, ...]) -> list[object]:
    return [
        pytest.param(
            point,
            victim,
            marks=() if (point.partition("*")[0], victim) in SHORT else pytest.mark.slow,
            id=f"{point}, {victim}",
        )
        for point in points
        for victim in victims
    ]


def open_ones(here: ProcessHarness) -> None:
    """Three inspections, notified this very day."""
    order = yaml.safe_load(Path(ORDER).read_text())
    for number, authority in enumerate(("330", "202", "878")):
        mine = {**order, "reference": IDS[number], "authority": authority}
        path = here.data / f"order-{number}.yaml"
        path.write_text(yaml.safe_dump(mine, sort_keys=False))
        here.does("start", str(path))
    until(lambda: _stages(here) == ["notified"] * 3, "all are notified")
    until(lambda: len(letters(here)) == 6 + len(_of_midnight(here)) and _all_went(here), "all letters went")


def _stages(here: ProcessHarness) -> list[str]:
    return [one["stage"] for one in here.reads("list")]


def _all_went(here: ProcessHarness) -> bool:
    return all(row["status"] == "accepted" for row in letters(here))


def all_moved_once(here: ProcessHarness) -> None:
    """Every inspection stands at the new version, with one event and one letter, which lies in the mailbox once."""
    until(lambda: len(_changed(here)) == 3, "every inspection reckons with it")
    until(lambda: len(_told(here)) == 3 and _all_went(here), "every letter went")
    assert sorted(one["inspection"] for one in _changed(here)) == sorted(IDS)
    assert sorted(row["inspection_id"] for row in _told(here)) == sorted(IDS)
    each_letter_once(here.data, here)


def _changed(here: ProcessHarness) -> list[dict[str, Any]]:
    return list(here.reads("history", "--kind", "calendar_changed"))


def _told(here: ProcessHarness) -> list[dict[str, Any]]:
    midnight = _of_midnight(here)
    return [row for row in letters(here) if row["kind"] == "changed_dates" and row["id"] not in midnight]


def _of_midnight(here: ProcessHarness) -> set[str]:
    return {row["id"] for inspection in IDS for row in told_of_midnight(here, inspection)}


@pytest.mark.parametrize(("point", "victim"), cases(ON_THE_WAY, ("worker", "engine", "up")))
def test_every_inspection_moves_once_whatever_is_killed_in_the_round(tmp_path: Path, point: str, victim: str) -> None:
    with process_harness(tmp_path / "var") as here:
        here.begin()
        open_ones(here)
        here.stop()
        here.begin(f"{point.partition('*')[0]}*{_times(point)}")
        changing = here.call(*ADD)
        here.kill(victim)
        changing.communicate(timeout=60)
        all_moved_once(here)
        here.does(*ADD)
        all_moved_once(here)


def _times(point: str) -> int:
    """Which time is the round's: each of the three stories has looked once when the worker started."""
    own = int(point.partition("*")[2] or 1)
    return own + 3 if point.startswith("record state") else own


@pytest.mark.parametrize(
    ("point", "victim"),
    cases(
        (
            "entry point: before the calendar is written",
            "entry point: calendar written",
            "entry point: calendar round woken",
        ),
        ("entry_point",),
    ),
)
def test_a_door_that_dies_while_it_changes_the_calendar_leaves_nothing_half_done(
    tmp_path: Path, point: str, victim: str
) -> None:
    with process_harness(tmp_path / "var") as here:
        here.begin()
        open_ones(here)
        changing = here.call(*ADD, point=point)
        psutil.Process(here.held()).kill()
        changing.communicate()
        if point == "entry point: before the calendar is written":
            here.does(*ADD)
        all_moved_once(here)
