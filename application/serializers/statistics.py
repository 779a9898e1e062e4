"""Statistics as JSON."""

from collections.abc import Mapping
from typing import Any

from application.queries.statistics import Figure, FigureGroup, Statistics
from framework.editions.october_2010.paragraphs import TITLES


def statistics_as_json(statistics: Statistics) -> dict[str, Any]:
    """Returns every figure with the inspections behind it."""
    groups = [
        {"key": key, "title": title(statistics.by, key), **_group(group)} for key, group in statistics.groups.items()
    ]
    return {
        "as_of": statistics.as_of,
        "calendar": statistics.calendar,
        "by": statistics.by,
        "groups": groups,
        "total": _group(statistics.total),
        "from": statistics.first,
        "to": statistics.last,
        "region": statistics.region,
    }


def title(by: str, key: str) -> str:
    """Returns what a line is called: a paragraph by its title, all else by itself."""
    return TITLES[int(key)] if by == "paragraph" else key


def _group(group: FigureGroup) -> dict[str, Any]:
    parts = {"limits": group.limits, "missed": group.missed, "working_days": group.working_days}
    return {name: _figures(figures) for name, figures in parts.items()}


def _figures(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: {"number": figure.number, "inspections": figure.inspections} for name, figure in figures.items()}
