"""`inspections erase`: the personal data of one inspection, once the time it is kept for is over."""

from typing import Annotated, Any

import typer

from interfaces.cli.options import By, Data, InspectionId, Json
from interfaces.cli.output import print_json
from interfaces.cli.screen import print_facts, print_line
from interfaces.cli.sessions import records_session, require_named
from operations.backup.serializers import erasure_as_json
from operations.backup.use_cases import EraseRequest
from operations.backup.use_cases import erase as erase_personal_data

Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it stays in the log for good, so it names nobody.")
]
Preview = Annotated[bool, typer.Option("--preview", help="Only show what would be erased, and from which day.")]


def erase(
    inspection: InspectionId,
    reason: Reason,
    by: By = "",
    preview: Preview = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """Erase words, names, addresses and documents of an inspection, also from every backup there is of it.

    Its key is destroyed, so that what backups hold of it can never be read again; the log stays whole and says what was
    erased. Exit codes: 2 unknown inspection or person; 3 before its time, or by a person who is not a manager.
    """
    with records_session(data, by) as session:
        require_named(session, "erase")
        erasure = erase_personal_data(session.caller, session.context, EraseRequest(inspection, reason, preview))
        facts = erasure_as_json(erasure, session.context.settings.data, preview=preview)
    if json:
        print_json(facts)
    elif erasure.erased_on:
        again = "" if preview else "; what came in since is gone, too"
        print_line(f"{inspection} was erased already, on {erasure.erased_on}{again}.")
    else:
        _print(facts, preview)


def _print(facts: dict[str, Any], preview: bool) -> None:
    print_facts(
        {
            "Inspection": facts["inspection"],
            "Ended": facts["ended"],
            "Kept until": f"{facts['kept_until']}: {facts['rule']}",
            "Would be erased" if preview else "Erased": ", ".join(f"{n} {name}" for name, n in facts["rows"].items()),
            "With": facts["documents"],
            "Stays": "the log, the published report, what people received, the engine's histories (identifiers only)",
        }
    )
