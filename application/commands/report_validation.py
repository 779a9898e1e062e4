"""Checks a file with the report of an inspection: every fault at once, each with its line and column.

What a heading takes is what the steps `grade` and `write_section` take for it: their forms and guards are asked."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from application.files.yaml_files import YamlFile
from application.queries.report_contents import SectionContent
from application.runtime.suggestions import near
from framework.common.errors import BadInput
from framework.common.validation import Location, faults_in
from framework.editions.registry import edition
from framework.inspection.guards.report import text_or_areas
from framework.inspection.order import Order
from framework.inspection.report_forms import GradeHeading, WriteSection

Fault = tuple[Location, str]


@dataclass(frozen=True, slots=True)
class GivenSection:
    """One heading of the file, as the step that writes it takes it."""

    heading: str
    step: str
    form: GradeHeading | WriteSection

    @property
    def content(self) -> SectionContent:
        """What it would have stand under the heading."""
        form = self.form
        if isinstance(form, GradeHeading):
            return SectionContent(form.grade.value, form.text, (), form.equality)
        return SectionContent(None, form.text, form.areas, form.equality)


def read_sections(file: YamlFile, order: Order, written: Collection[str]) -> tuple[GivenSection, ...]:
    """Returns the headings that the file fills, in the order of the report. `written` are those that the report has already.

    Raises `FaultyFile` with every fault, and `BadInput` for a file that holds no headings."""
    if not isinstance(file.data, Mapping):
        raise BadInput(file.fault((), "must hold headings of the report, each with its fields"))
    graded = {heading.key for heading in edition(order.edition).report.graded(order.scope)}
    sections: list[GivenSection] = []
    faults: list[Fault] = []
    for heading, value in file.data.items():
        fields = _given(value)
        heading_faults = _name_faults(heading, order) or tuple(_shape_faults(heading, value, heading in graded))
        if not heading_faults and not fields:
            heading_faults = (((heading,), _EMPTIED),) if heading in written else ()
        elif not heading_faults:
            section, heading_faults = _section(heading, fields, heading in graded, order)
            sections += [section] if section else []
        faults += heading_faults
    if faults:
        raise file.all_faults(faults)
    return _in_order(sections, order)


_EMPTIED = "is empty here and written in the report: what is written can be changed, not taken away; leave the heading out to keep it"


def _given(value: object) -> dict[str, Any]:
    """Returns the fields that hold something: an empty field of the template counts as left out."""
    fields = value if isinstance(value, Mapping) else {}
    return {name: part for name, part in fields.items() if not (part is None or part == [] or _is_blank(part))}


def _is_blank(part: object) -> bool:
    return isinstance(part, str) and not part.strip()


def _name_faults(heading: str, order: Order) -> tuple[Fault, ...]:
    framework = edition(order.edition).report
    known = framework.sections(order.scope)
    if heading in known:
        return ()
    other = next((row for row in framework.all_headings if row.key == heading), None)
    if other is not None:
        half = framework.half(other.half).title
        return (((heading,), f"belongs to «{half}», which this inspection does not cover"),)
    return (((heading,), f"there is no such heading in this report{near(heading, known)}"),)


def _shape_faults(heading: str, value: object, graded: bool) -> Iterator[Fault]:
    if value is None:
        return
    if not isinstance(value, Mapping):
        yield (heading,), f"must hold fields, each as NAME: VALUE ({_OF_A_HEADING[graded]})"
        return
    for name, part in value.items():
        if name not in _FIELDS:
            yield (heading, name), "there is no such field"
        elif name == "grade" and not graded and part is not None:
            yield (heading, name), "this heading takes no grade"


_FIELDS = ("grade", "text", "areas", "equality")
_OF_A_HEADING = {True: "grade, text, equality", False: "text or areas, equality"}


def _section(
    heading: str, fields: dict[str, Any], graded: bool, order: Order
) -> tuple[GivenSection | None, tuple[Fault, ...]]:
    step, model = ("grade", GradeHeading) if graded else ("write_section", WriteSection)
    try:
        form = model.model_validate({**fields, "heading": heading})
    except ValidationError as error:
        return None, tuple(((heading, *location), words) for location, words in faults_in(error))
    if not graded and (failed := text_or_areas(edition(order.edition).report, order.scope, form)) is not None:
        return None, (((heading,), failed.message),)
    return GivenSection(heading, step, form), ()


def _in_order(sections: list[GivenSection], order: Order) -> tuple[GivenSection, ...]:
    position = edition(order.edition).report.sections(order.scope).index
    return tuple(sorted(sections, key=lambda section: position(section.heading)))
