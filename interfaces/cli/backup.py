"""`inspections backup`: everything in one file, while the system runs."""

from pathlib import Path
from typing import Annotated

import typer

from framework.common.errors import BadInput
from interfaces.cli.options import Data, Json

To = Annotated[Path, typer.Option("--to", metavar="FILE", help="The file to write; one that is there is refused.")]


def backup(to: To, json: Json = False, data: Data = None) -> None:
    """Write records, documents, published reports, witnesses and the engine's store into one file.

    Not in it: the folder `keys`, which is to be kept apart from backups, the local mailbox, and settings.
    """
    from application.open_context import open_to_read
    from application.queries import access_logging
    from application.runtime import clock, console, settings
    from interfaces.cli import output
    from operations.backup import create

    if to.exists():
        raise BadInput(f"{to} is there already: name another file with --to")
    chosen = settings.read(data)
    records = open_to_read(chosen)
    try:
        access_logging.note(chosen, records, access_logging.Read("backup", asked={"to": to.name}))
        made = create.take(chosen, records, to.absolute(), clock.now(), console.say)
    finally:
        records.dispose()
    facts = {name: made.manifest[name] for name in ("made_at", "inspections", "events", "engine", "left_out")}
    facts = {"file": str(made.path), "sha256": made.seal, "files": len(made.names), **facts}
    if json:
        output.print_json(facts)
        return
    from application.serializers.wording import counted

    output.print_facts(
        {
            "Written": made.path,
            "Seal": made.seal,
            "Holds": ", ".join(
                (
                    counted(made.manifest["inspections"], "inspection"),
                    counted(made.manifest["events"], "event"),
                    counted(len(made.names), "file"),
                )
            ),
            "Engine's store": "yes" if facts["engine"] else "no: it runs elsewhere",
            "Not in it": facts["left_out"],
        }
    )
