"""`inspections erase`: the personal data of one inspection, once the time it is kept for is over."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from interfaces.cli.options import ENTRY_POINT, By, Data, Json

if TYPE_CHECKING:
    from application.runtime.settings import Settings
    from records.inspections.erasure import Erasure

Inspection = Annotated[str, typer.Argument(metavar="ID", help="The inspection.")]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it stays in the log for good, so it names nobody.")
]
Preview = Annotated[bool, typer.Option("--preview", help="Only show what would be erased, and from which day.")]


def erase(
    inspection: Inspection, by: By, reason: Reason, preview: Preview = False, json: Json = False, data: Data = None
) -> None:
    """Erase words, names, addresses and documents of an inspection, also from every backup there is of it.

    Its key is destroyed, so that what backups hold of it can never be read again; the log stays whole and says what was
    erased. Exit codes: 2 unknown inspection or person; 3 before its time, or by somebody who is not the manager.
    """
    from application.open_context import open_records
    from application.queries import access_logging
    from application.runtime import clock, settings
    from operations.backup import erase_personal_data

    chosen = settings.read(data)
    records = open_records(chosen)
    try:
        wish = erase_personal_data.Wish(inspection, by, reason.strip(), ENTRY_POINT)
        look = erase_personal_data.preview if preview else erase_personal_data.erase
        said = access_logging.Read("erase", inspection, {"reason": wish.reason, "preview": preview})
        with access_logging.deed(lambda: open_records(chosen), by, said):
            wanted = look(chosen, records, wish, clock.now())
    finally:
        records.dispose()
    _print(chosen, wanted, preview, json)


def _print(chosen: "Settings", wanted: "Erasure", preview: bool, json: bool) -> None:
    from interfaces.cli.output import print_facts, print_json, print_line

    facts: dict[str, Any] = {
        "inspection": wanted.inspection,
        "erased": not preview or wanted.erased_on is not None,
        "erased_before": wanted.erased_on,
        "ended": wanted.over,
        "kept_until": wanted.from_day,
        "rule": f"{wanted.years} years after the end (INSPECTIONS_PERSONAL_DATA_YEARS)",
        "rows": dict(wanted.rows),
        "documents": str(chosen.data / "documents" / wanted.inspection),
    }
    if json:
        print_json(facts)
        return
    if wanted.erased_on:
        again = "" if preview else "; what came in since is gone, too"
        print_line(f"{wanted.inspection} was erased already, on {wanted.erased_on}{again}.")
        return
    print_facts(
        {
            "Inspection": wanted.inspection,
            "Ended": wanted.over,
            "Kept until": f"{wanted.from_day}: {facts['rule']}",
            "Would be erased" if preview else "Erased": ", ".join(f"{n} {name}" for name, n in wanted.rows.items()),
            "With": facts["documents"],
            "Stays": "the log, the published report, what people received, the engine's histories (identifiers only)",
        }
    )
