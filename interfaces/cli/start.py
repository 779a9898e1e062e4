"""`inspections start`: an inspection from an order, or with --dry-run everything the order would bring."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from application.runtime.console import say
from interfaces.cli.options import CommandId, Data, Json
from interfaces.cli.output import print_json, print_text

if TYPE_CHECKING:
    from application.commands.start_inspection import StartResult

File = Annotated[Path, typer.Argument(metavar="FILE", help="The order, in YAML (see examples/order.yaml).")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show every date and fault; start nothing. Needs no service.")]
Confirm = Annotated[
    bool,
    typer.Option("--confirm", help="Notify as dated, though within the hour, out of office hours or on a day off."),
]
By = Annotated[
    str,
    typer.Option(
        "--by", metavar="PERSON", help="Who starts it; the order's coordinator unless said.", show_default=False
    ),
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
    said, and waits as a task; every fault is named with its line and column, and then nothing is started.
    """
    if dry_run:
        from interfaces.cli.dry_run import dry_run as preview

        preview(file, by, confirm, json, data)
        return
    started = asyncio.run(_start(file, command or str(uuid4()), by, confirm, data))
    _warn(started)
    if json:
        print_json({"id": started.id})
    else:
        print_text(started.id)


async def _start(file: Path, command: str, by: str, confirm: bool, data: Path | None) -> "StartResult":
    from application.commands import start_inspection as starting
    from application.files.order_file import read_order
    from application.files.yaml_files import read_yaml
    from application.open_context import acting

    read = read_order(read_yaml(file))
    if read.faults:
        from application.runtime import settings
        from interfaces.cli.dry_run import faulty

        raise faulty(read, by, settings.read(data))
    async with acting(data) as system:
        return await starting.start_inspection(system, read.order, read.file, command, by, confirm)


def _warn(started: "StartResult") -> None:
    if started.notice:
        say(started.notice)
    for gate in started.gates:
        say(f"not notified yet: {gate.message} (para {gate.paragraph})")
    if started.notified_at and not started.gates:
        from application.serializers.wording import day_zero

        say(day_zero(started.notified_at))
