"""A frozen report: the words and grades of one report as they were submitted, in the order of para 49.

It is the plain data (`halves`, and the text of each opening section) that a document of a report is made from and that the
records keep. Read here and nowhere else, so that numbering, comparison and pages agree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from framework.common.prose import Block, paragraphs
from framework.report.areas import When

Report = Mapping[str, Any]
"""A frozen report as data."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a report: an opening one, or what stands under a heading."""

    key: str
    grade: str | None
    parts: tuple[tuple[str, str], ...]
    """Its texts in the order of the page, each with its name: text, the areas for improvement by when, equality."""


def sections(report: Report, opening: tuple[str, ...]) -> tuple[Section, ...]:
    """Returns every section in the order of the page. `opening` are the keys of the sections before the halves."""
    headings = [heading for half in report["halves"] for heading in half["headings"]]
    first = [Section(key, None, (("text", report[key]),)) for key in opening]
    return (*first, *(_section(heading) for heading in headings))


def _section(heading: Mapping[str, Any]) -> Section:
    areas = ((when, "\n\n".join(_of(heading["areas"], when))) for when in When)
    parts = (("text", heading["text"]), *areas, ("equality", heading["equality"]))
    return Section(heading["key"], heading["grade"], tuple((str(name), text) for name, text in parts if text))


def _of(areas: Sequence[Mapping[str, str]], when: When) -> list[str]:
    return [area["text"] for area in areas if area["when"] == when]


def numbered(report: Report, opening: tuple[str, ...]) -> Iterator[tuple[str, str, int | None, Block]]:
    """Yields (section, part, number, block) in the order of the page. Paragraphs are numbered through the report, so that
    a comment can say where it belongs; points have no number."""
    number = 0
    for section in sections(report, opening):
        for part, text in section.parts:
            for block in paragraphs(text):
                number += block.kind == "paragraph"
                yield section.key, part, number if block.kind == "paragraph" else None, block
