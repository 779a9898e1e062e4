"""`inspections verify-export`: whether an export is as it was made. Needs the file and the public key, and nothing else."""

from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any

import typer

from application.exports.check import check
from application.exports.manifest import read_key
from application.runtime.console import say
from application.serializers.exports import OWN_KEY, checked_export_as_json
from framework.common.errors import BadInput, CheckFailed
from interfaces.cli.options import Json
from interfaces.cli.output import print_json
from interfaces.cli.screen import at, print_facts

File = Annotated[Path, typer.Argument(metavar="FILE", help="The export.")]
Key = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="The system's public key, from somebody you trust: PEM, or 64 hexadecimal digits.",
        show_default=False,
    ),
]
NAME_THE_KEY = f"{OWN_KEY} Name the system's own public key with --key."


def verify_export(file: File, key: Key = None, json: Json = False) -> None:
    """Check an export without the system: signature, every member, the chain of events, and what it vouches for.

    Exit codes: 2 for a file that is no export; 5 for one that was cut short or altered, naming the first thing wrong.
    """
    try:
        checked = check(file, _key(key))
    except CheckFailed as fault:
        if json:
            print_json({"right": False, "found": str(fault)})
        raise
    facts = checked_export_as_json(checked)
    if json:
        print_json(facts)
    else:
        _print(facts)
    if not checked.given:
        say(NAME_THE_KEY)


def _key(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return read_key(path.read_bytes().strip(), str(path))
    except OSError as fault:
        raise BadInput(f"{path} cannot be read: {fault.strerror}") from None


def _print(facts: dict[str, Any]) -> None:
    left_out = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in (facts["left_out"] or {}).items())
    print_facts(
        {
            "Export of": f"{facts['inspection']}, at «{facts['stage']}»",
            "Made": f"{at(facts['made_at'])} by {facts['exported_by'] or 'nobody named'} (as {facts['ran_as']})",
            "Found wrong": "nothing",
            "Checked": ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in facts["checked"].items()),
            "Left out": left_out or "nothing",
            **({"Not in it": ", ".join(facts["kept_elsewhere"])} if facts["kept_elsewhere"] else {}),
            "Witnessed": f"up to event {facts['witnessed_to']} of {facts['events']} by signed lists",
            "Public key": "\n".join(wrap(facts["public_key"], 32)),
            "Proves": facts["proves"] if facts["key_given"] else "that nothing was changed since it was signed",
        }
    )
