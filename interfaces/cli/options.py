"""Options that many commands share, so that each is called and explained the same everywhere."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The data folder (INSPECTIONS_DATA, or var/).", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
By = Annotated[str, typer.Option("--by", metavar="PERSON", help="Who does this: a person of the directory.")]
CommandId = Annotated[
    str,
    typer.Option("--command", metavar="ID", help="Makes a repeat the same command, done once.", show_default=False),
]
ENTRY_POINT = "command line"
"""What events call this entry point."""
