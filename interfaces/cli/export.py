"""`inspections export`: the whole record of one inspection as one file, to be taken away and checked elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from application.exports.make import ExportMade, ExportRequest, Personal, export_inspection, require_free
from application.runtime.console import say
from application.serializers.exports import export_as_json
from interfaces.cli.options import Data, InspectionId, Json, option
from interfaces.cli.output import print_json
from interfaces.cli.screen import print_facts
from interfaces.cli.sessions import reading_session

To = Annotated[Path, typer.Option("--to", metavar="FILE", help="The zip file to write; never overwritten.")]
PersonalData = Annotated[
    Personal | None,
    typer.Option(
        "--personal", help="Names, addresses and free text. Left out unless they are asked for.", show_default=False
    ),
]
By = Annotated[str, option("--by", "PERSON", "Who takes it away: a person of the directory (INSPECTIONS_PERSON).")]
SAFE = "names, addresses and free text are left out, as the manifest says; --personal include takes them along"


def export(
    inspection: InspectionId, to: To, personal: PersonalData = None, by: By = "", json: Json = False, data: Data = None
) -> None:
    """Take away everything of one inspection: log, texts, letters, documents, histories, signed lists, and a chronology.

    The file is signed, and checked with `inspections verify-export`, which needs nothing but the file and the public key.
    """
    require_free(to)
    request = ExportRequest(inspection, to, personal or Personal.LEAVE_OUT)
    with reading_session(data, by) as session:
        result = export_inspection(session.caller, session.context, request)
        if personal is None:
            say(SAFE)
        if json:
            print_json(export_as_json(result))
        else:
            _print(result)


def _print(result: ExportMade) -> None:
    left_out = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in result.left_out.items())
    print_facts(
        {
            "Written": f"{result.file}, {result.size:,} bytes, {result.members} members",
            "Its sha256": result.sha256,
            "Holds": f"{result.events} events of {result.inspection}, which stands at «{result.stage}»",
            "Left out": left_out or "nothing: names, addresses and free text are in it",
            **({"Not in it": ", ".join(result.kept_elsewhere)} if result.kept_elsewhere else {}),
            "Histories": f"{result.engine_histories['files']}: {result.engine_histories['what']}",
            "Check it": f"inspections verify-export {result.file} --key KEY",
        }
    )
