"""Fills the report of a rehearsal: the steps that write each heading, with the texts of the script or filler text."""

from collections.abc import Iterator, Mapping
from typing import Any

from framework.editions.registry import edition
from framework.inspection.order import Order
from framework.report.headings import Heading
from rehearsal import filler_text
from rehearsal.script import ReportFill


def steps(fill: ReportFill, order: Order) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yields the steps that fill the whole report, each with its fields, in the order of the report."""
    for key, text, filler in (
        ("about", fill.about, filler_text.ABOUT),
        ("service", fill.service, filler_text.SERVICE),
    ):
        yield "write_section", {"heading": key, "text": text or filler}
    for heading in edition(order.edition).report.headings(order.scope):
        yield _graded(heading, fill) if heading.graded else _ungraded(heading, fill)


def _graded(heading: Heading, fill: ReportFill) -> tuple[str, Mapping[str, Any]]:
    given = fill.of(heading.key)
    grade = given.grade or fill.grade
    return "grade", {
        "heading": heading.key,
        "grade": grade.value,
        "text": given.text or filler_text.graded_text(heading.name, heading.title, grade),
        "equality": given.equality or filler_text.EQUALITY[grade],
    }


def _ungraded(heading: Heading, fill: ReportFill) -> tuple[str, Mapping[str, Any]]:
    given = fill.of(heading.key)
    equality = given.equality or filler_text.EQUALITY[fill.grade]
    if heading.lists_areas:
        areas = [area.model_dump(mode="json") for area in given.areas]
        content: Mapping[str, Any] = {"areas": areas or filler_text.AREAS}
    else:
        content = {"text": given.text or filler_text.SECTIONS[heading.name]}
    return "write_section", {"heading": heading.key, **content, "equality": equality}
