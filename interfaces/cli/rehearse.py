"""`inspections rehearse`: a scripted inspection from start to close, on skipped time."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from application.runtime.console import say
from interfaces.cli.options import Json
from interfaces.cli.output import print_json, print_text
from rehearsal.player import rehearse as play
from rehearsal.script_reader import read

Script = Annotated[Path, typer.Argument(metavar="FILE", help="The script, in YAML (docs/rehearsals.md).")]
To = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="DIR",
        help="The data folder it leaves: empty, or an earlier rehearsal, which is replaced. Default: rehearsals/NAME.",
        show_default=False,
    ),
]


def rehearse(file: Script, to: To = None, json: Json = False) -> None:
    """Run a scripted inspection from start to close on skipped time, every other part real.

    The folder it leaves can be read like any other: inspections show ID --data DIR. Exit codes: 2 for a fault of the
    script (with line and column), 5 where something came about otherwise than the script expects.
    """
    rehearsal = read(file)
    data = (to or Path("rehearsals") / file.stem).expanduser().absolute()
    answer = asyncio.run(play(rehearsal, data))
    if json:
        print_json(answer)
        return
    say("")
    reminders = sum(letter["kind"] == "reminder" for letter in answer["letters"])
    print_text(
        f"{answer['id']} came to {answer['stage']} in {answer['seconds']:.1f} seconds: {answer['events']} events, "
        f"{len(answer['letters'])} letters ({reminders} of them reminders), "
        f"{len(answer['documents'])} documents."
    )
    print_text(f"All of it lies in {data}: read it with --data {data}")
