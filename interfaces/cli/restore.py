"""`inspections restore`: everything put back from a backup, and reconciled with what the engine knows."""

import asyncio
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from application.runtime import settings
from application.runtime.console import say
from interfaces.cli.options import By, Data, Json
from interfaces.cli.output import print_json, print_text
from interfaces.cli.screen import at, print_facts, print_table
from interfaces.cli.sessions import caller_of, require_name
from operations.backup.models import RestoreResult
from operations.backup.serializers import restore_as_json
from operations.backup.use_cases import RestoreRequest, restore_backup

File = Annotated[Path, typer.Argument(metavar="FILE", help="A file that `inspections backup` wrote.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is put back; kept with the restore.")]
Which = Annotated[
    Literal["kept", "restored"] | None,
    typer.Option(
        "--engine",
        help="Keep the engine's store that is there (its knowledge is told to the records), or take the backup's. "
        "Default: keep it where there is one.",
        show_default=False,
    ),
]


def restore(
    file: File, reason: Reason, by: By = "", engine: Which = None, json: Json = False, data: Data = None
) -> None:
    """Restore everything from a backup. The previous state is moved aside, and nothing is deleted.

    Steps taken and letters sent since the backup are written into the records again, from the engine's histories.
    Exit codes: 2 for a file that is no backup; 3 while the system runs; 5 for one that was altered or cut short.
    """
    request = RestoreRequest(file, reason, engine or "")
    chosen = settings.read(data)
    caller = require_name(caller_of(chosen, by), "restore")
    done = asyncio.run(restore_backup(caller, chosen, request, say))
    facts = restore_as_json(done)
    if json:
        print_json(facts)
    else:
        _print(done, facts)


def _print(done: "RestoreResult", facts: dict[str, Any]) -> None:
    if done.again:
        print_text("This backup was put back before, and nothing was recorded since: nothing was done.")
        return
    print_facts(
        {
            "Put back": f"{done.backup.path}, made {at(done.backup.manifest['made_at'])}",
            "Restore": f"number {done.number}, in the records and in the log of what it touched",
            "Engine": {"kept": "kept, and asked", "restored": "put back, too", "none": "there is none"}[done.engine],
            "What stood there": "\n".join(done.aside) or "nothing",
            "Signing key": "another one than the backup's: put the folder `keys` back"
            if done.other_key
            else "the same",
            "Gone": ", ".join(done.gone) or "no inspection",
        }
    )
    rows = [
        (
            row["id"],
            len(row["steps_told"]),
            len(row["letters_told"]),
            len(row["letters_in_doubt"]),
            ", ".join(map(str, row["events_lost"])) or "-",
            row["fault"] or ("texts lost: " + str(row["texts_lost"]) if row["texts_lost"] else ""),
        )
        for row in facts["inspections"]
    ]
    columns = ("inspection", "events told", "letters told", "in doubt", "events lost", "look after")
    print_table(columns, rows, empty="The engine knew nothing beyond the backup.")
    if done.lost:
        lost = [(row.inspection, row.number, row.kind.replace("_", " "), row.by, row.on) for row in done.lost]
        print_table(("inspection", "event", "what", "by", "on"), lost, title="Lost, to be done again")
