"""The system is killed during the rollout of a calendar and started again: every open inspection moves and sends one letter."""

from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from application.runtime import clock
from framework.calendar.bank_holidays import england
from framework.calendar.london_time import london_day
from framework.calendar.working_days import working_days_after
from tests.kill.expectations import ORDER, each_letter_once, letters, midnight_letters
from tests.kill.process_harness import ProcessHarness, process_harness, until

IDS = ("SLAC-2010-001", "SLAC-2010-002", "SLAC-2010-003")
SOON = working_days_after(london_day(clock.now()), 8, england()).due
"""A day before fieldwork is due to start, so that every later due day moves."""
ADD = ("holidays", "add", str(SOON), "Proclaimed", "--by", "c.marsh", "--command", "h1")
SHORT = {("round: page told", "up")}
"""The case of every test run; `make test-full` runs all."""
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


def start_three(here: ProcessHarness) -> None:
    """Starts three inspections that are notified today."""
    order = yaml.safe_load(Path(ORDER).read_text())
    for number, authority in enumerate(("330", "202", "878")):
        changed = {**order, "reference": IDS[number], "authority": authority}
        path = here.data / f"order-{number}.yaml"
        path.write_text(yaml.safe_dump(changed, sort_keys=False))
        here.does("start", str(path))
    until(lambda: _stages(here) == ["notified"] * 3, "all are notified")
    until(lambda: _to_the_authorities(here) == 6 + len(_of_midnight(here)) and _all_accepted(here), "all letters went")


def _to_the_authorities(here: ProcessHarness) -> int:
    """Returns how many letters are no notices to the team."""
    return sum(row["kind"] != "assignment" for row in letters(here))


def _stages(here: ProcessHarness) -> list[str]:
    return [row["stage"] for row in here.reads("list")]


def _all_accepted(here: ProcessHarness) -> bool:
    return all(row["status"] == "accepted" for row in letters(here))


def all_moved_once(here: ProcessHarness) -> None:
    """Waits until every inspection has one event and one letter of the change; the mailbox must hold each letter once."""
    until(lambda: len(_changed(here)) == 3, "every inspection applied the calendar")
    until(lambda: len(_change_letters(here)) == 3 and _all_accepted(here), "every letter went")
    assert sorted(event["inspection"] for event in _changed(here)) == sorted(IDS)
    assert sorted(row["inspection_id"] for row in _change_letters(here)) == sorted(IDS)
    each_letter_once(here.data, here)


def _changed(here: ProcessHarness) -> list[dict[str, Any]]:
    return list(here.reads("history", "--kind", "calendar_changed"))


def _change_letters(here: ProcessHarness) -> list[dict[str, Any]]:
    midnight = _of_midnight(here)
    return [row for row in letters(here) if row["kind"] == "changed_dates" and row["id"] not in midnight]


def _of_midnight(here: ProcessHarness) -> set[str]:
    return {row["id"] for inspection in IDS for row in midnight_letters(here, inspection)}


@pytest.mark.parametrize(("point", "victim"), cases(ON_THE_WAY, ("worker", "engine", "up")))
def test_every_inspection_moves_once_after_any_kill_during_the_rollout(tmp_path: Path, point: str, victim: str) -> None:
    with process_harness(tmp_path / "var") as here:
        here.begin()
        start_three(here)
        here.stop()
        here.begin(f"{point.partition('*')[0]}*{_times(point)}")
        changing = here.call(*ADD)
        here.kill(victim)
        changing.communicate(timeout=60)
        all_moved_once(here)
        here.does(*ADD)
        all_moved_once(here)


def _times(point: str) -> int:
    """Returns at which pass of the fault point to stop: each of the three workflows queries once when the worker starts."""
    times = int(point.partition("*")[2] or 1)
    return times + 3 if point.startswith("record state") else times


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
def test_an_entry_point_killed_while_it_changes_the_calendar_leaves_nothing_half_done(
    tmp_path: Path, point: str, victim: str
) -> None:
    with process_harness(tmp_path / "var") as here:
        here.begin()
        start_three(here)
        changing = here.call(*ADD, point=point)
        psutil.Process(here.stopped_process()).kill()
        changing.communicate()
        if point == "entry point: before the calendar is written":
            here.does(*ADD)
        all_moved_once(here)
