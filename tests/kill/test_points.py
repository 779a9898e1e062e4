"""The list of fault points: those in the code, those listed and those that tests kill at are the same."""

import re
from pathlib import Path

from activities.support.fault_points import POINTS
from tests.paths import ROOT

FAULT_POINT = re.compile(r'\bfault_point\("([^"]+)"\)')
PRODUCT = ("activities", "application", "interfaces", "operations", "records", "rehearsal", "workflows")


def test_every_fault_point_in_the_code_is_listed_and_used_once() -> None:
    reached = [point for folder in PRODUCT for path in (ROOT / folder).rglob("*.py") for point in _points(path)]
    assert sorted(reached) == sorted(POINTS)


def test_a_test_kills_at_every_fault_point() -> None:
    tried = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert [point for point in POINTS if f'"{point}' not in tried] == []


def _points(path: Path) -> list[str]:
    return FAULT_POINT.findall(path.read_text(encoding="utf-8"))
