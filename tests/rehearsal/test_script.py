"""A script's faults are named with line and column before anything is started."""

from datetime import date, datetime, time
from pathlib import Path

import pytest

from framework.common.errors import BadInput
from framework.inspection.order import Scope
from rehearsal.script_reader import read
from rehearsal.value_types import at_london
from tests.paths import EXAMPLES
from tests.rehearsal.run_rehearsal import FIRST_LINE, HEAD, a_script, reading
from tests.workflows.kept_histories import REHEARSALS


def the_fault(folder: Path, rest: str, head: str = HEAD) -> str:
    """The one fault of the script, without the name of the file."""
    with pytest.raises(BadInput) as caught:
        reading(folder, rest, head)
    (fault,) = caught.value.faults
    return fault.removeprefix(f"{folder / 'script.yaml'}:")


@pytest.mark.parametrize("name", REHEARSALS)
def test_every_example_reads_without_fault(name: str) -> None:
    assert read(EXAMPLES / f"{name}.yaml").script.title


def test_a_day_without_an_hour_is_ten_in_the_morning_in_london(tmp_path: Path) -> None:
    steps = "steps:\n- {at: 2011-05-04, nobody: x}\n- {at: 2011-05-04 16:30, nobody: x}\n"
    first, second = reading(tmp_path, steps).script.steps
    assert first.at == datetime.fromisoformat("2011-05-04T10:00+01:00")
    assert second.at == datetime.fromisoformat("2011-05-04T16:30+01:00")


def test_the_hour_that_is_left_out_in_spring_is_no_moment() -> None:
    with pytest.raises(ValueError, match="clocks go forward"):
        at_london(date(2011, 3, 27), time(1, 30))


def test_the_hour_that_comes_twice_in_autumn_does_not_say_which_moment() -> None:
    with pytest.raises(ValueError, match="write another hour"):
        at_london(date(2011, 10, 30), time(1, 30))


def test_an_entry_is_placed_by_line_and_column(tmp_path: Path) -> None:
    rehearsal = reading(tmp_path, "steps:\n  - at: 2010-11-05\n    nobody: x\n")
    assert rehearsal.position(0).endswith(f"script.yaml:{FIRST_LINE + 1}:5")


ONE = "steps:\n- at: 2010-11-05\n  "
FAULTS = {
    "an unknown step": (
        ONE + "do: recieve_case_lists\n  by: link.330\n",
        2,
        3,
        "there is no step «recieve_case_lists»",
    ),
    "a field the step does not have": (
        ONE + "do: publish\n  by: c.marsh\n  with: {day: 1}\n",
        4,
        10,
        "there is no such field",
    ),
    "a field that is missing": (
        ONE + "do: cancel\n  by: m.okafor\n",
        1,
        3,
        "is missing (the fields of cancel: reason, explanation)",
    ),
    "a field that is wrong": (
        ONE + "do: request_deferral\n  by: dcs.330\n  with: {ground: flood, reason: Water}\n",
        4,
        10,
        "staff_shortage",
    ),
    "nobody who does it": (ONE + "do: publish\n", 1, 3, "by: say who does this"),
    "a step that is the system's": (ONE + "do: close_window\n  by: c.marsh\n", 2, 3, "taken by the system"),
    "a correction as a step": (
        ONE + "do: correct\n  by: c.marsh\n  with: {event: 3, reason: x}\n",
        2,
        3,
        "correct: EVENT",
    ),
    "a correction without a day": (
        ONE + "correct: published\n  by: c.marsh\n  reason: x\n",
        1,
        3,
        "needs the right day",
    ),
    "two things at once": (ONE + "do: publish\n  by: c.marsh\n  mail: down\n", 1, 3, "one thing at a time"),
    "nothing at all": ("steps:\n- at: 2010-11-05\n", 1, 3, "nothing happens here"),
    "two moments": (ONE + "due: publication\n  nobody: x\n", 1, 3, "say either at or due"),
    "days that count from nothing": (ONE + "working_days: 2\n  nobody: x\n", 1, 3, "count from a day"),
    "an unknown limit": ("steps:\n- due: tomorrow\n  nobody: x\n", 1, 3, "there is no limit «tomorrow»"),
    "an unknown letter": (ONE + "nobody: x\n  expect: {letters: [postcard]}\n", 3, 22, "there is no kind of letter"),
    "an unknown stage": (ONE + "nobody: x\n  expect: {stage: asleep}\n", 3, 12, "must be planned, notified"),
    "an unknown part of an entry": (ONE + "nobody: x\n  weather: rain\n", 3, 3, "there is no such field"),
    "time that goes back": (ONE + "nobody: x\n- at: 2010-11-04\n  nobody: x\n", 3, 3, "time goes forward"),
    "a day before it begins": ("steps:\n- at: 2010-10-05\n  nobody: x\n", 1, 3, "before the beginning"),
    "a day that is none": ("steps:\n- at: 2010-11-31\n  nobody: x\n", 1, 3, "day is out of range"),
    "a step dated later than it is entered": (
        ONE + "do: receive_documents\n  by: link.330\n  on: 2010-11-06\n",
        4,
        3,
        "later than the day it is entered",
    ),
    "a file that is not there": (ONE + "import: nobody.csv\n  by: c.marsh\n", 2, 3, "there is no file"),
    "a heading that is not in the report": (
        "report:\n  headings:\n    weather: good\n",
        2,
        5,
        "there is no heading «weather»",
    ),
    "a grade where none is given": ("report:\n  headings: {looked_after.outcomes: good}\n", 1, 14, "takes no grade"),
    "a refusal of nobody": (ONE + "nobody: x\n  expect: refused\n", 1, 3, "refused goes with do, correct or holiday"),
    "a holiday changed twice over": (
        ONE + "holiday: {add: 2010-12-01, title: x, remove: 2010-12-27}\n  by: c.marsh\n",
        2,
        3,
        "one of add, move and remove",
    ),
    "a holiday moved nowhere": (ONE + "holiday: {move: 2010-12-27}\n  by: c.marsh\n", 2, 3, "to with move"),
    "a holiday of nobody": (ONE + "holiday: {remove: 2010-12-27}\n", 1, 3, "by: say who does this"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_its_line_and_column(name: str, tmp_path: Path) -> None:
    rest, line, column, words = FAULTS[name]
    fault = the_fault(tmp_path, rest)
    assert fault.startswith(f"{FIRST_LINE + line}:{column}: "), fault
    assert words in fault


def test_a_fault_of_the_order_is_a_fault_of_the_script(tmp_path: Path) -> None:
    head = HEAD.replace("notify: 2010-11-03", "notify: soon")
    with pytest.raises(BadInput) as caught:
        reading(tmp_path, head=head)
    assert all("script.yaml:5:3: order.notify" in fault for fault in caught.value.faults)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        reading(tmp_path, ONE + "do: publish\n  by: c.marsh\n  with: {a: 1, b: 2}\n- at: 2010-11-02\n  nobody: x\n")
    assert len(caught.value.faults) == 3


def test_the_order_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    order = "\n".join(line[2:] for line in HEAD.splitlines()[2:])
    (tmp_path / "order.yaml").write_text(order)
    rehearsal = reading(tmp_path, head="begins: 2010-11-01 08:00\norder_file: order.yaml\n")
    assert rehearsal.order.scope is Scope.JOINT


def test_an_order_file_that_is_missing_is_named(tmp_path: Path) -> None:
    assert the_fault(tmp_path, "", "begins: 2010-11-01\norder_file: none.yaml\n").startswith(
        "2:1: order_file: there is no"
    )


def test_what_is_no_yaml_is_placed_too(tmp_path: Path) -> None:
    path = a_script(tmp_path, "steps: [\n")
    with pytest.raises(BadInput, match=rf"script.yaml:{FIRST_LINE + 1}:1"):
        read(path)
