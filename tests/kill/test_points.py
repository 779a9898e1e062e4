"""The list of points at which a process can be made to die: what is reached, what is listed and what is tried is the same."""

import re
from pathlib import Path

from activities.support.fault_points import POINTS
from tests.paths import ROOT

REACHED = re.compile(r'\bfault_point\("([^"]+)"\)')
PRODUCT = ("activities", "application", "interfaces", "operations", "records", "rehearsal", "workflows")


def test_every_point_in_the_product_is_listed_once_and_reached_at_one_place() -> None:
    reached = [point for folder in PRODUCT for path in (ROOT / folder).rglob("*.py") for point in _points(path)]
    assert sorted(reached) == sorted(POINTS)


def test_something_is_killed_at_every_point() -> None:
    tried = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert [point for point in POINTS if f'"{point}' not in tried] == []


def _points(path: Path) -> list[str]:
    return REACHED.findall(path.read_text(encoding="utf-8"))
