"""What stands in the report of an inspection, words and all: as a file takes it out, and as a file is compared with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from application.caller import Caller
from application.queries.access_logging import Use
from application.queries.snapshot import Snapshot, snapshot
from application.runtime.context import AppContext
from framework.calendar.london_time import say_day
from framework.common.errors import Refused
from framework.inspection.order import Order
from framework.inspection.report_forms import Area
from records.inspections.erasure import erased_on
from records.inspections.reader import InspectionReader
from records.log.texts import bodies
from records.outbox.report_content import sections

Fields = Mapping[str, Any]
"""The fields of a section's event, or the same ones of its row; texts by their identifiers."""


@dataclass(frozen=True, slots=True)
class SectionContent:
    """What stands under one heading of the report; all of it empty where nothing is written."""

    grade: str | None = None
    text: str | None = None
    areas: tuple[Area, ...] = ()
    equality: str | None = None

    def __bool__(self) -> bool:
        return self != SectionContent()


@dataclass(frozen=True, slots=True)
class TakeOutReport:
    """Which report is taken out, and into which file, for the access log."""

    inspection: str
    to: str


@dataclass(frozen=True, slots=True)
class ReportContents:
    """The whole report of one inspection as it stands."""

    inspection: str
    order: Order
    sections: Mapping[str, SectionContent]
    """By heading; those that are not written are not among them."""


def take_out_report(caller: Caller, context: AppContext, request: TakeOutReport) -> ReportContents:
    """Returns the report as it stands, and logs who took it out.

    Raises `BadInput` for an unknown inspection, `Refused` where its texts were erased."""
    with snapshot(caller, context, Use("do", request.inspection, {"step": "report", "take_out": request.to})) as view:
        reader = InspectionReader(view.session, view.inspection(request.inspection))
        return ReportContents(reader.id, reader.state.order, written_sections(view, reader))


def written_sections(view: Snapshot, reader: InspectionReader) -> dict[str, SectionContent]:
    """Returns what stands under each heading that is written. Raises `Refused` where its texts were erased."""
    if (day := erased_on(view.session, reader.id)) is not None:
        raise Refused(f"the texts of the report of {reader.id} were erased with its personal data on {say_day(day)}")
    rows = sections(view.session.connection(), reader.id)
    names = {"grade": "grade", "text": "text_id", "areas": "areas_json", "equality": "equality_text_id"}
    return contents(view, {key: {name: row[column] for name, column in names.items()} for key, row in rows.items()})


def contents(view: Snapshot, fields: Mapping[str, Fields]) -> dict[str, SectionContent]:
    """Returns the sections with their words, by heading."""
    ids = {section[name] for section in fields.values() for name in ("text", "equality") if section.get(name)}
    ids |= {area["text"] for section in fields.values() for area in section.get("areas") or ()}
    words = bodies(view.session.connection(), ids)
    return {heading: _content(section, words) for heading, section in fields.items()}


def _content(fields: Fields, words: Mapping[str, str]) -> SectionContent:
    areas: Sequence[Mapping[str, str]] = fields.get("areas") or ()
    return SectionContent(
        fields.get("grade"),
        words.get(fields.get("text") or ""),
        tuple(Area.model_validate({"when": area["when"], "text": words[area["text"]]}) for area in areas),
        words.get(fields.get("equality") or ""),
    )
