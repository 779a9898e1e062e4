"""`inspections up`: the whole system on this machine."""

import asyncio
from typing import Annotated

import typer

from interfaces import settings
from interfaces.cli.options import Data
from interfaces.up import supervisor

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
    asyncio.run(supervisor.run(settings.read(data), port=port))
