"""`inspections verify`: whether anything that is kept was altered, and what cannot be told."""

import sys
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from application.runtime.console import say_in_place
from framework.common.errors import CheckFailed, Unreachable
from interfaces.cli.options import Data, Json

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from application.queries.engine_histories import Told
    from application.runtime.settings import Settings
    from records.verify.verification import Verification

Inspection = Annotated[str, typer.Argument(metavar="[ID]", help="Only this inspection.", show_default=False)]
Given = Annotated[
    list[Path] | None,
    typer.Option(
        "--witness",
        metavar="FILE",
        help="A signed list of heads that somebody was sent and kept; more than one may be named.",
        show_default=False,
    ),
]
CANNOT = (
    "What nobody has borne witness to yet can be altered unseen by whoever can write to the database: change the newest "
    "events and every hash behind them, or remove them together with the head. So can everything, by whoever can write to "
    "the database, the engine's store, the files and the signing key at once, but for what a list proves that is kept "
    "elsewhere (--witness)."
)
PROGRESS_EVERY = 10_000
"""Events between two words on how it is going."""


def verify(inspection: Inspection = "", witness: Given = None, json: Json = False, data: Data = None) -> None:
    """Check the chain of events, what it commits to, signed lists of heads, and the engine's histories.

    Exit codes: 5 names the first thing wrong; 2 for an unknown identifier; 4 when nothing is wrong and the engine could not
    be asked.
    """
    from application.open_context import open_to_read
    from application.queries import access_logging
    from application.runtime import settings

    chosen = settings.read(data)
    records = open_to_read(chosen)
    given = ", ".join(file.name for file in witness or ())
    try:
        access_logging.note(chosen, records, access_logging.Read("verify", inspection, {"witness": given}))
        told, missing = _ask_engine(records, chosen, inspection)
        checked, facts = _check(records, chosen, inspection, tuple(witness or ()), told)
    finally:
        records.dispose()
    _print(facts, json)
    if checked.report.findings:
        more = len(checked.report.findings) + checked.report.more - 1
        raise CheckFailed(
            checked.report.findings[0].line() + (f" (and {more} more: --json lists them)" if more else "")
        )
    if missing:
        raise Unreachable(f"answered from the records alone: {missing}", remedy=missing.remedy)


def _ask_engine(records: "Engine", chosen: "Settings", inspection: str) -> "tuple[Told | None, Unreachable | None]":
    """Before the records are looked at: what the engine knows by now the records have already."""
    from application.queries.lookups import must_know
    from application.runtime import rehearsal_marker
    from records.database.connection import reading

    with reading(records) as session:
        if inspection:
            must_know(session, inspection)
        if rehearsal_marker.find(chosen.data) is not None:
            return None, None  # a rehearsal's engine is gone, and its histories are kept
        import asyncio

        from application.queries import engine_histories
        from application.runtime import temporal_client
        from records.audit.engine_histories import without_history
        from records.inspections.repository import unfinished

        wanted = without_history(session, inspection)
        must_run = [name for name in unfinished(session) if inspection in ("", name)]

    async def asked() -> "Told":
        return await engine_histories.ask(await temporal_client.connect(chosen), wanted, must_run)

    try:
        return asyncio.run(asked()), None
    except Unreachable as error:
        return None, error


def _check(
    records: "Engine", chosen: "Settings", inspection: str, given: tuple[Path, ...], told: "Told | None"
) -> "tuple[Verification, dict[str, Any]]":
    from records.audit import checkpoints
    from records.database.connection import reading
    from records.verify.verification import Verification

    files = checkpoints.files(chosen.data)
    with reading(records) as session:
        checked = Verification(session, chosen.data, inspection, given, files, progress=_progress())
        checked.run()
        if checked.progress:
            say_in_place("")
        for account in told.accounts if told else ():
            checked.add_engine_account(account)
        checked.add_missing_workflows(told.missing if told else {})
        return checked, _facts(checked, told)


def _facts(checked: "Verification", told: "Told | None") -> dict[str, Any]:
    report, newest = checked.report, checked.checkpoints.newest
    unwitnessed = checked.unattested()
    return {
        "right": not report.findings,
        "checked": dict(report.checked),
        "witnesses": {
            "checkpoints": checked.checkpoints.lists,
            "newest": {"number": newest.number, "made_at": newest.made_at, "sha256": newest.sha256} if newest else None,
            "public_key": checked.checkpoints.key or None,
            "engine_histories": len(checked.by_engine),
            "engine_asked": told is not None,
            "unknown_to_engine": told.unknown if told else [],
        },
        "restores": [{"number": one.number, "sha256": one.sha256, **one.content} for one in checked.restored],
        "found": [finding.data() for finding in report.findings],
        "found_beyond_these": report.more,
        "unwitnessed": {"events": sum(unwitnessed.values()), "inspections": unwitnessed},
        "cannot_find": CANNOT,
    }


def _print(facts: dict[str, Any], json: bool) -> None:
    from application.serializers.wording import counted
    from interfaces.cli.output import at, print_facts, print_json

    if json:
        print_json(facts)
        return
    witnesses, unwitnessed = facts["witnesses"], facts["unwitnessed"]
    newest = witnesses["newest"]
    print_facts(
        {
            "Checked": ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in facts["checked"].items()),
            "Found wrong": len(facts["found"]) + facts["found_beyond_these"] or "nothing",
            "Signed lists": f"{newest['number']}, the newest of {at(newest['made_at'])}" if newest else "none yet",
            "Restores": "\n".join(_restore(one) for one in facts["restores"]) or "none",
            "Public key": "\n".join(wrap(witnesses["public_key"] or "-", 32)),
            **({"Unknown to the engine": ", ".join(unknown)} if (unknown := witnesses["unknown_to_engine"]) else {}),
            "Not witnessed yet": f"{counted(unwitnessed['events'], 'event')} of "
            + counted(len(unwitnessed["inspections"]), "inspection"),
            "Cannot be found": facts["cannot_find"],
        }
    )


def _restore(said: dict[str, Any]) -> str:
    from interfaces.cli.output import at

    when, made = at(said["restored_at"]), at(said["backup_made_at"])
    back = f"number {said['number']} of {when} by {said['by']}, to the backup of {made}"
    return f"{back}: {len(said['superseded'])} statements of lists and histories no longer hold"


def _progress() -> Any:
    """Tells a person at a screen how far it is; nobody else."""
    if not sys.stderr.isatty():
        return None
    told = 0

    def tell(events: int) -> None:
        nonlocal told
        if events - told >= PROGRESS_EVERY:
            told = events
            say_in_place(f"{events:,} events")

    return tell
