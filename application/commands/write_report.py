"""Writing many headings of the report at once, from one file, the same for every entry point (paras 22 to 27, 49).

Each heading that changes is written as the steps `grade` and `write_section` write it, with its event and its command; all
of them in one transaction, so that a report is never half written (decision 0025)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

from sqlmodel import Session

from activities.support.fault_points import fault_point
from application.caller import Caller
from application.commands.report_validation import GivenSection, read_sections
from application.commands.step_dispatch import PreparedStep, record_refusal
from application.commands.step_storage import with_storage
from application.files.yaml_files import YamlFile
from application.queries.access_logging import Use
from application.queries.report_contents import SectionContent, contents, written_sections
from application.queries.snapshot import Snapshot, snapshot
from application.runtime.context import AppContext
from application.runtime.threads import read_in_thread, write_in_thread
from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, Refused, Remedy, Unreachable
from framework.common.free_text import detach
from framework.editions.registry import edition
from framework.inspection.guards.report import frozen_report
from framework.inspection.stages import Stage
from framework.inspection.steps import STEPS
from framework.lifecycle.decide import require_open_to, validate
from framework.messages.commands import Command, require_command_id
from records.database.connection import writing
from records.inspections import content
from records.inspections.reader import InspectionReader
from records.log.texts import store_texts
from records.outbox.report_content import missing, sections

STEP = "write_section"
"""The step under which the whole is refused: it is open from the same stages and to the same person as `grade`."""
_KINDS = frozenset(step.event for step in STEPS if step.name in ("grade", "write_section"))


@dataclass(frozen=True, slots=True)
class WriteReport:
    """The file of a report, to be written by the caller."""

    inspection: str
    file: YamlFile
    on: date | None = None
    """The London day on which it was written; None for the day it comes in."""
    command: str = ""
    """Identifies the command, so that it is done once however often it is sent; empty for a new one."""


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """A heading that was written, with the number of its event."""

    heading: str
    title: str
    event: int


@dataclass(frozen=True, slots=True)
class ReportWritten:
    """What a file changed in a report."""

    inspection: str
    command: str
    stage: Stage
    written: tuple[WrittenSection, ...]
    unchanged: int
    """How many sections of the report stand as they were."""
    missing: tuple[str, ...]
    """The headings that still keep the report from being complete."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A file that was read and compared with the report."""

    base: PreparedStep
    """The command as a whole, with why it is refused."""
    commands: tuple[tuple[Command, dict[str, str]], ...] = ()
    """The command of each heading that changes, with its texts by identifier."""
    result: ReportWritten | None = None
    """The answer, where nothing is to be written: the report stands so already, or the command was committed before."""


async def write_report(caller: Caller, context: AppContext, request: WriteReport) -> ReportWritten:
    """Writes the headings in which a file differs from the report, and returns what was written.

    Raises `BadInput` (nothing is recorded; faults of the file with line and column), `Refused` (the refusal is recorded), and
    `Unreachable`, which names the command to repeat."""
    prepared = await read_in_thread(_prepare, caller, context, request)
    base = prepared.base
    try:
        if base.refusal is not None:
            raise base.refusal
        if prepared.result is not None:
            return prepared.result
        return await write_in_thread(_write, context, prepared)
    except Refused as refusal:
        await record_refusal(context, replace(base, refusal=refusal))
        raise
    except Unreachable as error:
        raise await _with_storage(context, prepared, error) from None


def _prepare(caller: Caller, context: AppContext, request: WriteReport) -> _Prepared:
    """Reads and checks everything in one transaction. Raises `BadInput` for what is wrong with the request."""
    identifier = require_command_id(request.command or str(uuid4()))
    with snapshot(caller, context, Use("do", request.inspection, {"step": "report"}, everyday=True)) as view:
        reader = InspectionReader(view.session, view.inspection(request.inspection))
        on = request.on or london_day(view.now)
        command = Command(id=identifier, step=STEP, actor=view.caller.actor(), on=on, received=view.now)
        step = next(step for step in STEPS if step.name == STEP)
        base = PreparedStep(command, step, reader.state, reader.calendar_in_force)
        try:
            return _compare(view, reader, base, request.file)
        except Refused as refusal:
            return _Prepared(replace(base, refusal=refusal))


def _compare(view: Snapshot, reader: InspectionReader, base: PreparedStep, file: YamlFile) -> _Prepared:
    """Compares the file with the report as it stands. Raises `BadInput` and `Refused`."""
    before = {
        stored.event.data["heading"]: stored
        for stored in reader.events
        if stored.command_id == _id(base.command, str(stored.event.data.get("heading"))) and stored.event.kind in _KINDS
    }
    if not before:
        # A faulty file does not matter where stage, person or assurance rule the whole out.
        _require_open(base)
    written = written_sections(view, reader)
    given = read_sections(file, reader.state.order, written)
    if before:
        _require_same(given, contents(view, {heading: stored.event.data for heading, stored in before.items()}))
        numbers = {heading: stored.number for heading, stored in before.items()}
        return _Prepared(base, result=_result(view.session, base, numbers))
    commands = {section.heading: _command(base, section) for section in given}
    changed = [section.heading for section in given if section.content != written.get(section.heading)]
    if not changed:
        return _Prepared(base, result=_result(view.session, base, {}))
    return _Prepared(base, tuple(commands[heading] for heading in changed))


def _require_open(base: PreparedStep) -> None:
    """Raises `Refused` where no heading of the report can be written now, or not by this person (para 61)."""
    inspection = base.inspection
    require_open_to(inspection, STEP, base.command.actor)
    if frozen := frozen_report(inspection.stage, inspection.draft, inspection.final):
        raise Refused(frozen.message, frozen.paragraph)


def _require_same(given: tuple[GivenSection, ...], before: dict[str, SectionContent]) -> None:
    """Raises `BadInput` where a command that was committed wrote something else than the file holds now."""
    now = {section.heading: section.content for section in given}
    if any(now.get(heading) != content for heading, content in before.items()):
        raise BadInput("the same command was sent before with another file", remedy=Remedy.RENEW_COMMAND)


def _command(base: PreparedStep, section: GivenSection) -> tuple[Command, dict[str, str]]:
    """Returns the command of one heading, checked as the single step is. Raises `BadInput` and `Refused`."""
    identifier = _id(base.command, section.heading)
    fields, texts = detach(section.form, f"{base.inspection.id}/{identifier}")
    command = base.command.model_copy(update={"id": identifier, "step": section.step, "fields": fields})
    validate(base.inspection, command, base.calendar, command.received)
    return command, texts


def _id(command: Command, heading: str) -> str:
    """Returns the identifier of the command of one heading; its colon keeps it apart from any that a person gives."""
    return f"{command.id}:{heading}"


def _write(context: AppContext, prepared: _Prepared) -> ReportWritten:
    """Writes every heading that changes, all or none. Raises `Refused` where the report was submitted meanwhile."""
    inspection, numbers = prepared.base.inspection, {}
    with writing(context.records) as session:
        for command, texts in prepared.commands:
            store_texts(session, inspection.id, texts, command.received)
            numbers[command.fields["heading"]] = content.write(session, inspection, command, recorded=context.now())
            fault_point("entry point: heading of the report written")
        return _result(session, prepared.base, numbers)


def _result(session: Session, base: PreparedStep, numbers: Mapping[str, int]) -> ReportWritten:
    inspection = base.inspection
    order, framework = inspection.order, edition(inspection.order.edition).report
    titles = framework.outline(order.scope).full_titles
    standing = sections(session.connection(), inspection.id)
    return ReportWritten(
        inspection=inspection.id,
        command=base.command.id,
        stage=inspection.stage,
        written=tuple(WrittenSection(heading, titles[heading], number) for heading, number in numbers.items()),
        unchanged=len(titles) - len(numbers),
        missing=missing(standing, order.scope, order.edition),
    )


async def _with_storage(context: AppContext, prepared: _Prepared, error: Unreachable) -> Unreachable:
    """Returns the error with a statement of whether the report was written, and the command to repeat."""
    base = prepared.base.command
    first = prepared.commands[0][0] if prepared.commands else base
    shown = first.model_copy(update={"step": "the report"})
    storage_error = await with_storage(context, prepared.base.inspection.id, shown, error)
    return Unreachable(str(storage_error), remedy=Remedy.REPEAT_COMMAND, subject=base.id)
