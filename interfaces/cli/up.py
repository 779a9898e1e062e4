"""`inspections up`: the whole system on this machine."""

import asyncio
from typing import Annotated

import typer

from application.runtime import rehearsal_marker, settings
from framework.common.errors import BadInput
from interfaces.cli.options import Data
from operations.up import supervisor

Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        min=1,
        max=65535,
        help="The engine's port; otherwise the one it had, or a free one.",
        show_default=False,
    ),
]


def up(data: Data = None, port: Port = None) -> None:
    """Run the whole system on this machine until Ctrl-C: records, mailbox, engine and worker.

    All state is kept in the data folder; run it again on the same folder and everything goes on where it was.
    """
    chosen = settings.read(data)
    if rehearsal_marker.find(chosen.data):
        raise BadInput(f"{chosen.data} holds a rehearsal, which stays as it was played: choose another folder")
    asyncio.run(supervisor.run(chosen, port=port))
