"""`inspections backup`: everything in one file, while the system runs."""

from pathlib import Path
from typing import Annotated

import typer

from application.runtime.console import say
from application.serializers.wording import counted
from interfaces.cli.options import Data, Json
from interfaces.cli.output import print_json
from interfaces.cli.screen import print_facts
from interfaces.cli.sessions import quick_session
from operations.backup.archive import Backup
from operations.backup.serializers import backup_as_json
from operations.backup.use_cases import back_up

To = Annotated[Path, typer.Option("--to", metavar="FILE", help="The file to write; one that is there is refused.")]


def backup(to: To, json: Json = False, data: Data = None) -> None:
    """Write records, documents, published reports, checkpoints and the engine's store into one file.

    Not in it: the folder `keys`, which is to be kept apart from backups, the local mailbox, and settings.
    """
    with quick_session(data) as session:
        result = back_up(session.caller, session.context, to, say)
    if json:
        print_json(backup_as_json(result))
    else:
        _print(result)


def _print(result: Backup) -> None:
    manifest = result.manifest
    contents = (
        counted(manifest["inspections"], "inspection"),
        counted(manifest["events"], "event"),
        counted(len(result.names), "file"),
    )
    print_facts(
        {
            "Written": result.path,
            "Seal": result.seal,
            "Holds": ", ".join(contents),
            "Engine's store": "yes" if manifest["engine"] else "no: it runs elsewhere",
            "Not in it": manifest["left_out"],
        }
    )
