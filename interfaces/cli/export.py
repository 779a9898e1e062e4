"""`inspections export`: the whole record of one inspection as one file, to be taken away and checked elsewhere."""

from pathlib import Path
from typing import Annotated, Any

import typer

from interfaces.cli.options import Data, Json
from records.exports.format import Personal

Inspection = Annotated[str, typer.Argument(metavar="ID", help="The inspection.")]
To = Annotated[Path, typer.Option("--to", metavar="FILE", help="The zip file to write; never overwritten.")]
PersonalData = Annotated[
    Personal | None,
    typer.Option(
        "--personal", help="Names, addresses and free text. Left out unless they are asked for.", show_default=False
    ),
]
By = Annotated[
    str,
    typer.Option("--by", metavar="PERSON", help="Who takes it away: a person of the directory.", show_default=False),
]
SAFE = "names, addresses and free text are left out, as the manifest says; --personal include takes them along"


def export(
    inspection: Inspection, to: To, personal: PersonalData = None, by: By = "", json: Json = False, data: Data = None
) -> None:
    """Take away everything of one inspection: log, texts, letters, documents, histories, signed lists, and a chronology.

    The file is signed, and checked with `inspections verify-export`, which needs nothing but the file and the public key.
    """
    from application.exports.make import Wish, make, must_be_free
    from application.open_context import looking
    from application.queries.access_logging import Read
    from application.queries.lookups import must_know, must_know_person
    from application.runtime.console import say
    from application.runtime.os_account import reading_as, who_runs_this
    from interfaces.cli.output import print_json

    must_be_free(to)
    if by and not reading_as.get():
        reading_as.set(by)  # who takes it away is who reads it
    kept = personal or Personal.LEAVE_OUT
    with looking(data, Read("export", inspection, {"personal": kept.value, "by": by, "to": to.name})) as view:
        must_know(view.session, inspection)
        if by:
            must_know_person(view.session, by)
        wish = Wish(inspection, kept, by, who_runs_this(), view.now)
        facts = make(view.session, view.settings.data, wish, to)
        if personal is None:
            say(SAFE)
        print_json({"file": to, **facts}) if json else _print(to, facts)


def _print(to: Path, facts: dict[str, Any]) -> None:
    from interfaces.cli.output import print_facts

    left_out = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in facts["left_out"].items())
    print_facts(
        {
            "Written": f"{to}, {facts['size']:,} bytes, {facts['members']} members",
            "Its sha256": facts["sha256"],
            "Holds": f"{facts['events']} events of {facts['inspection']}, which stands at «{facts['stage']}»",
            "Left out": left_out or "nothing: names, addresses and free text are in it",
            **({"Not in it": ", ".join(facts["kept_elsewhere"])} if facts["kept_elsewhere"] else {}),
            "Histories": f"{facts['engine_histories']['files']}: {facts['engine_histories']['what']}",
            "Check it": f"inspections verify-export {to} --key KEY",
        }
    )
