"""The report of an inspection as a file that people fill in, and what such a file changed as JSON."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

import yaml

from application.commands.write_report import ReportWritten
from application.queries.report_contents import ReportContents, SectionContent
from framework.editions.registry import edition
from framework.report.areas import When
from framework.report.headings import Heading
from framework.report.tables import ReportTables

WIDTH = 80
"""Columns of the comments; texts keep their lines."""


def report_written_as_json(result: ReportWritten) -> dict[str, Any]:
    """Returns what a file changed in a report."""
    return {
        "id": result.inspection,
        "command": result.command,
        "stage": result.stage,
        "written": result.written,
        "unchanged": result.unchanged,
        "missing": result.missing,
    }


def report_as_yaml(report: ReportContents) -> str:
    """Returns the report as it stands, with empty fields where nothing is written, and comments that say what each may hold."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: ReportContents) -> Iterator[str]:
    framework = edition(report.order.edition).report
    yield from _head(report, framework)
    for key, title in framework.opening.items():
        yield from _opening(key, title, report.sections.get(key, SectionContent()))
    for half in framework.halves_in(report.order.scope):
        yield from ("", f"# {half.title} " + "-" * (WIDTH - 3 - len(half.title)))
        for heading in framework.headings(half.key):
            yield from _heading(heading, report.sections.get(heading.key, SectionContent()), framework)


def _head(report: ReportContents, framework: ReportTables) -> Iterator[str]:
    yield from _comment(f"The report of {report.inspection} as it stands (para 49).")
    yield "#"
    yield from _comment(
        "A heading that is left out, or left empty while nothing is written there, stays as it is. A graded heading is "
        "written with all its fields. A text stands under its field, each line two spaces further in; an empty line ends a "
        "paragraph, and a line that begins with «- » is a point."
    )
    yield "#"
    for grade in framework.grades:
        yield from _comment(f"{grade}: {framework.grade_meanings[grade]}", indent="    ")


def _opening(key: str, title: str, section: SectionContent) -> Iterator[str]:
    yield from ("", *_comment(title), f"{key}:", *_text("text", section.text))
    if section.equality:
        yield from _text("equality", section.equality)


def _heading(heading: Heading, section: SectionContent, framework: ReportTables) -> Iterator[str]:
    yield from ("", *_comment(heading.title))
    if heading.taking_into_account:
        yield from _comment(f"Taking into account: {', '.join(heading.taking_into_account)}.")
    yield f"{heading.key}:"
    if heading.graded:
        grades = " | ".join(framework.grades)
        yield f"  grade: {section.grade}" if section.grade else f"  grade:  # {grades}"
    yield from _areas(section) if heading.lists_areas else _text("text", section.text)
    if not heading.graded and not section.equality:
        yield "  # The note on equality may be left empty here."
    yield from _text("equality", section.equality)


def _areas(section: SectionContent) -> Iterator[str]:
    if not section.areas:
        yield "  areas:  # as many as there are, each like these lines (without #):"
        yield f"  # - when: {' | '.join(When)}"
        yield from ("  #   text: |-", "  #     What is to be done.")
        return
    yield f"  areas:  # when: {' | '.join(When)}"
    for area in section.areas:
        yield f"    - when: {area.when}"
        yield from _text("text", area.text, indent=6)


def _text(name: str, text: str | None, indent: int = 2) -> Iterator[str]:
    """Yields a text with its lines as they are; one that YAML would change in that form stands in quotation marks."""
    lead = " " * indent
    if not text:
        yield f"{lead}{name}: |-"
        return
    lines = [f"{lead}{name}: |-", *(f"{lead}  {line}" if line else "" for line in text.split("\n"))]
    if _read_back("\n".join(lines)) == text:
        yield from lines
    else:
        yield (
            f"{lead}{name}: " + yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf")).strip()
        )


def _read_back(lines: str) -> object:
    """Returns the text as a reader of the file would have it."""
    try:
        return next(iter(yaml.safe_load(lines).values()))
    except yaml.YAMLError:
        return None


def _comment(text: str, indent: str = "") -> Iterator[str]:
    for line in wrap(text, WIDTH - 2, subsequent_indent=indent, break_on_hyphens=False):
        yield f"# {line}"
