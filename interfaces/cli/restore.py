"""`inspections restore`: everything put back from a backup, and reconciled with what the engine knows."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from framework.common.free_text import require_reason
from interfaces.cli.options import ENTRY_POINT, By, Data, Json
from interfaces.cli.output import print_text

if TYPE_CHECKING:
    from operations.backup.models import Done

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


def restore(file: File, by: By, reason: Reason, engine: Which = None, json: Json = False, data: Data = None) -> None:
    """Put everything back from a backup. What stood there is moved aside, and nothing is deleted.

    Steps that were taken and letters that went since the backup are told to the records from the engine's own histories.
    Exit codes: 2 for a file that is no backup; 3 while the system runs; 5 for one that was altered or cut short.
    """
    from application.open_context import open_records
    from application.queries import access_logging
    from application.runtime import clock, console, settings
    from interfaces.cli import output
    from operations.backup import restore as restoring
    from operations.backup.models import Wish

    require_reason(reason)
    wish = Wish(file.absolute(), by, reason.strip(), ENTRY_POINT, engine or "")
    chosen = settings.read(data)
    said = access_logging.Read("restore", asked={"file": file.name, "reason": wish.reason, "engine": engine})
    with access_logging.deed(lambda: open_records(chosen), by, said) as known:
        done = asyncio.run(restoring.restore(chosen, wish, clock.now(), console.say))
        known |= {"restore": done.number, "backup": done.backup.seal, "again": done.again}
    facts = _facts(done)
    if json:
        output.print_json(facts)
    else:
        _print(done, facts)


def _facts(done: "Done") -> dict[str, Any]:
    return {
        "backup": {
            "file": str(done.backup.path),
            "sha256": done.backup.seal,
            "made_at": done.backup.manifest["made_at"],
        },
        "again": done.again,
        "restore": done.number or None,
        "engine": done.engine,
        "aside": done.aside,
        "inspections": [
            {
                "id": one.inspection,
                "unknown_to_backup": one.begun,
                "steps_told": one.steps,
                "letters_told": one.letters,
                "letters_in_doubt": one.doubt,
                "letters_stopped": one.stopped,
                "events_lost": one.lost,
                "texts_lost": one.words,
                "fault": one.fault or None,
            }
            for one in done.found
        ],
        "lost": [
            {"inspection": one.inspection, "number": one.number, "kind": one.kind, "by": one.by, "on": one.on}
            for one in done.lost
        ],
        "gone": done.gone,
        "signed_with_another_key": done.other_key,
    }


def _print(done: "Done", facts: dict[str, Any]) -> None:
    from interfaces.cli.output import at, print_facts, print_table

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
            one["id"],
            len(one["steps_told"]),
            len(one["letters_told"]),
            len(one["letters_in_doubt"]),
            ", ".join(map(str, one["events_lost"])) or "-",
            one["fault"] or ("texts lost: " + str(one["texts_lost"]) if one["texts_lost"] else ""),
        )
        for one in facts["inspections"]
    ]
    columns = ("inspection", "events told", "letters told", "in doubt", "events lost", "look after")
    print_table(columns, rows, empty="The engine knew nothing beyond the backup.")
    if done.lost:
        lost = [(one.inspection, one.number, one.kind.replace("_", " "), one.by, one.on) for one in done.lost]
        print_table(("inspection", "event", "what", "by", "on"), lost, title="Lost, to be done again")
