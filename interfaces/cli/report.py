"""`inspections do ID report`: writes all headings of the report from one file, or takes that file out as the report stands."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from application.commands.write_report import ReportWritten, WriteReport, write_report
from application.files.text_files import read_text_file
from application.files.yaml_files import read_yaml
from application.queries.report_contents import TakeOutReport, take_out_report
from application.runtime import private_files
from application.runtime.console import say
from application.serializers.report import report_as_yaml, report_written_as_json
from application.serializers.wording import counted
from framework.common.errors import BadInput
from interfaces.cli.options import day
from interfaces.cli.output import print_json, print_text
from interfaces.cli.screen import print_line
from interfaces.cli.sessions import acting_session, reading_session, require_named

NAME = "report"
SHOWN = 6
"""How many of the headings that are not written yet are named."""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What was typed behind `do ID report`."""

    inspection: str
    file: Path | None
    take_out: Path | None
    settings: tuple[str, ...]
    by: str
    on: str
    command: str
    json: bool
    data: Path | None


def report(options: ReportOptions) -> None:
    """Writes the report from a file, or takes the file out. Raises `BadInput` for options that do not go together."""
    if options.settings:
        raise BadInput("--set: the report is written with a file: say --with FILE (--take-out FILE makes one)")
    if (options.file is None) == (options.take_out is None):
        raise BadInput("say --with FILE to write the report, or --take-out FILE to have it as it stands")
    if options.take_out is None:
        asyncio.run(_write(options))
    elif options.on or options.command:
        raise BadInput("--take-out only reads: leave out --on and --command")
    else:
        _take_out(options, options.take_out)


async def _write(options: ReportOptions) -> None:
    assert options.file is not None
    file = read_yaml(options.file, "nothing was written")
    request = WriteReport(options.inspection, file, day(options.on), options.command)
    async with acting_session(options.data, options.by) as session:
        require_named(session, f"do {NAME}")
        result = await write_report(session.caller, session.context, request)
    if options.json:
        print_json(report_written_as_json(result))
    else:
        _print(result)


def _print(result: ReportWritten) -> None:
    for section in result.written:
        print_text(f"{section.heading} (event {section.event})")
    as_they_were = f"{result.unchanged} as they were" if result.unchanged != 1 else "1 as it was"
    print_line(f"{result.inspection}: {counted(len(result.written), 'section')} written, {as_they_were}")
    print_line(_missing(result) if result.missing else "The report is complete.")


def _missing(result: ReportWritten) -> str:
    more = len(result.missing) - SHOWN
    return f"Still to be written: {', '.join(result.missing[:SHOWN])}{f' and {more} more' if more > 0 else ''}"


def _take_out(options: ReportOptions, target: Path) -> None:
    with reading_session(options.data, options.by) as session:
        request = TakeOutReport(options.inspection, target.name)
        contents = take_out_report(session.caller, session.context, request)
        _save(target, report_as_yaml(contents))
        if options.json:
            print_json({"id": options.inspection, "file": target, "written": list(contents.sections)})
        else:
            by = f" --by {options.by or 'PERSON'}" if options.by or not session.caller.person else ""
            say(f"saved {target}")
            say(f"write it back: inspections do {options.inspection} {NAME} --with {target}{by}")


def _save(target: Path, text: str) -> None:
    """Writes a new file, readable by its owner alone. Raises `BadInput` for one that holds something else already."""
    try:
        file = private_files.create(target)
    except FileExistsError:
        if target.is_file() and read_text_file(target) == text:
            return
        raise BadInput(f"{target} is there already, and not as the report stands: name another file") from None
    except OSError as error:
        raise BadInput(f"{target} cannot be written: {error.strerror}") from None
    try:
        with file:
            file.write(text.encode())
    except OSError as error:
        target.unlink(missing_ok=True)
        raise BadInput(f"{target} cannot be written: {error.strerror}") from None
