"""`inspections migrate`: the tables of the records, without an engine."""

from typing import Annotated

import typer

from application.commands import migrate_records
from application.runtime import settings
from interfaces.cli.options import Data, Json
from interfaces.cli.output import print_json, print_text

Check = Annotated[bool, typer.Option("--check", help="Change nothing; exit code 5 where they are not up to date.")]


def migrate(check: Check = False, json: Json = False, data: Data = None) -> None:
    """Make the tables of the records, or bring them up to date, and put the directory and the calendar in where there is none.

    It needs no engine: run it before the workers of a system whose engine is elsewhere. `inspections up` does the same itself.
    """
    chosen = settings.read(data)
    result = migrate_records.check(chosen) if check else migrate_records.migrate(chosen)
    if json:
        print_json({"was": result.before, "revision": result.after})
    elif result.before == result.after:
        print_text(f"The tables are at revision {result.after}: nothing to migrate.")
    else:
        print_text(f"The tables are at revision {result.after} now; they were {_was(result.before)}.")


def _was(before: str | None) -> str:
    return f"at {before}" if before else "not there"
