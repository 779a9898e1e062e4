"""`inspections bench`: what this machine does, measured."""

import asyncio
from typing import Annotated

import typer

from framework.common.errors import BadInput
from interfaces.cli.output import print_json
from operations.bench import run

Inspections = Annotated[int, typer.Option(min=1, help="Inspections that live at once in each repetition.")]
Repetitions = Annotated[int, typer.Option(min=1, help="Repetitions, of which the median is answered.")]
Rehearsals = Annotated[int, typer.Option(min=0, max=152, help="Rehearsals at once; 0 leaves them out.")]
Events = Annotated[int, typer.Option(min=1000, help="Events in the log that is searched.")]
Sandbox = Annotated[bool, typer.Option("--sandbox/--no-sandbox", help="Whether workflows run in the sandbox.")]
Part = Annotated[list[str] | None, typer.Option("--part", help=f"Only this part: {', '.join(run.PARTS)}.")]


def bench(
    inspections: Inspections = 8,
    repetitions: Repetitions = 5,
    open_: Annotated[int, typer.Option("--open", min=1, help="Inspections open while memory is measured.")] = 1000,
    rehearsals: Rehearsals = 8,
    events: Events = 200_000,
    sandbox: Sandbox = True,
    part: Part = None,
) -> None:
    """Measure this machine and print the figures as one JSON document; how it is going stands on standard error.

    All of it takes some minutes. What each figure means stands in docs/figures.md.
    """
    parts = tuple(part or run.PARTS)
    if unknown := [name for name in parts if name not in run.PARTS]:
        raise BadInput(f"--part {unknown[0]}: there is no such part; the parts are {', '.join(run.PARTS)}")
    options = run.BenchOptions(inspections, repetitions, open_, rehearsals, events, parts, sandbox)
    print_json(asyncio.run(run.measure(options)))
