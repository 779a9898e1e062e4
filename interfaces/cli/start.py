"""`inspections start`: an inspection from an order, or with --dry-run everything the order would bring."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from application.commands.order_preview import preview_in
from application.commands.start_inspection import StartInspection, StartResult, start_inspection
from application.files.order_file import read_order
from application.files.yaml_files import read_yaml
from application.runtime import settings
from application.runtime.console import say
from application.serializers.orders import preview_as_json, start_as_json
from application.serializers.wording import day_zero
from framework.common.errors import BadInput, Unreachable
from interfaces.cli.options import CommandId, Data, Json, option
from interfaces.cli.order_preview_text import print_preview
from interfaces.cli.output import print_json, print_text
from interfaces.cli.sessions import acting_session, caller_of

File = Annotated[Path, typer.Argument(metavar="FILE", help="The order, in YAML (see examples/order.yaml).")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show every date and fault; start nothing. Needs no service.")]
Confirm = Annotated[
    bool,
    typer.Option("--confirm", help="Notify as dated, though within the hour, out of office hours or on a day off."),
]
By = Annotated[
    str, option("--by", "PERSON", "Who starts it (INSPECTIONS_PERSON); the order's coordinator unless said.")
]


def start(
    file: File,
    dry_run: DryRun = False,
    confirm: Confirm = False,
    by: By = "",
    command: CommandId = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Start the inspection a YAML order asks for, and print its identifier.

    The same order again is the same inspection. What the order lacks for the notification (a gate that does not hold) is
    printed, and waits as a task; every fault is named with its line and column, and then nothing is started.
    """
    request = StartInspection(read_order(read_yaml(file)), command, confirm)
    if dry_run:
        _preview(request, by, json, data)
        return
    result = asyncio.run(_start(request, by, data))
    _say_what_is_open(result)
    if json:
        print_json(start_as_json(result))
    else:
        print_text(result.id)


async def _start(request: StartInspection, by: str, data: Path | None) -> StartResult:
    try:
        async with acting_session(data) as session:
            return await start_inspection(caller_of(session.context.settings, by), session.context, request)
    except Unreachable:
        if request.order.faults:  # what is wrong with the order itself needs no records
            raise request.order.error() from None
        raise


def _say_what_is_open(result: StartResult) -> None:
    if result.notice:
        say(result.notice)
    for gate in result.gates:
        say(f"not notified yet: {gate.message} (para {gate.paragraph})")
    if result.notified_at and not result.gates:
        say(day_zero(result.notified_at))


def _preview(request: StartInspection, by: str, json: bool, data: Path | None) -> None:
    """Shows what `start` would bring, and raises what it would raise. What was started before is shown as it is recorded."""
    preview = preview_in(caller_of(settings.read(data), by), data, request)
    if preview.shipped:
        say("there are no records: checked against the shipped directory and calendar")
    if preview.before is not None:
        say(preview.before.notice)
    if json and (preview.checked or isinstance(preview.fault, BadInput)):
        print_json(preview_as_json(preview))
    elif not json and preview.checked:
        print_preview(preview, preview.checked)
    if preview.fault:
        raise preview.fault
