"""Filling the report as the script says: which steps write which heading with which words."""

from collections.abc import Iterator, Mapping
from typing import Any

from framework.editions.registry import edition
from framework.inspection.order import Order
from framework.report.headings import Heading
from rehearsal import filler_text
from rehearsal.script import ReportFill


def steps(fill: ReportFill, order: Order) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The steps that fill the whole report, each with its fields, in the order of the report."""
    for key, said, otherwise in (
        ("about", fill.about, filler_text.ABOUT),
        ("service", fill.service, filler_text.SERVICE),
    ):
        yield "write_section", {"heading": key, "text": said or otherwise}
    for heading in edition(order.edition).headings(order.scope):
        yield _graded(heading, fill) if heading.graded else _ungraded(heading, fill)


def _graded(heading: Heading, fill: ReportFill) -> tuple[str, Mapping[str, Any]]:
    said = fill.of(heading.key)
    grade = said.grade or fill.grade
    return "grade", {
        "heading": heading.key,
        "grade": grade.value,
        "text": said.text or filler_text.graded_text(heading.name, heading.title, grade),
        "equality": said.equality or filler_text.EQUALITY[grade],
    }


def _ungraded(heading: Heading, fill: ReportFill) -> tuple[str, Mapping[str, Any]]:
    said = fill.of(heading.key)
    equality = said.equality or filler_text.EQUALITY[fill.grade]
    if heading.lists_areas:
        given = [area.model_dump(mode="json") for area in said.areas]
        content: Mapping[str, Any] = {"areas": given or filler_text.AREAS}
    else:
        content = {"text": said.text or filler_text.SECTIONS[heading.name]}
    return "write_section", {"heading": heading.key, **content, "equality": equality}
