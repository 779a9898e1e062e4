"""`inspections verify`: whether the records were altered, and what cannot be found."""

import asyncio
import sys
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any

import typer

from application.queries.verification import Progress, RestoreRecord, VerificationResult, VerifyRequest
from application.queries.verification import verify as verify_records
from application.runtime.console import say_in_place
from application.serializers.verification import verification_as_json
from application.serializers.wording import counted
from framework.common.errors import CheckFailed, Unreachable
from interfaces.cli.options import Data, Json, OptionalInspectionId
from interfaces.cli.output import print_json
from interfaces.cli.screen import at, print_facts
from interfaces.cli.sessions import quick_session

Witness = Annotated[
    list[Path] | None,
    typer.Option(
        "--witness",
        metavar="FILE",
        help="A signed list of heads that somebody was sent and kept; more than one may be named.",
        show_default=False,
    ),
]
PROGRESS_EVERY = 10_000
"""Events between two messages of progress."""


def verify(
    inspection: OptionalInspectionId = "", witness: Witness = None, json: Json = False, data: Data = None
) -> None:
    """Check the chain of events, what it commits to, signed lists of heads, and the engine's histories.

    Exit codes: 5 names the first thing wrong; 2 for an unknown identifier; 4 when nothing is wrong and the engine could not
    be asked.
    """
    request = VerifyRequest(inspection, tuple(witness or ()))
    with quick_session(data) as session:
        result = asyncio.run(verify_records(session.caller, session.context, request, _progress()))
    if json:
        print_json(verification_as_json(result))
    else:
        _print(result)
    if result.findings:
        more = len(result.findings) + result.more - 1
        raise CheckFailed(result.findings[0].line() + (f" (and {more} more: --json lists them)" if more else ""))
    if result.engine_error:
        error = result.engine_error
        what = f"answered from the records alone: {error}"
        raise Unreachable(what, remedy=error.remedy, subject=error.subject)


def _print(result: VerificationResult) -> None:
    facts = verification_as_json(result)
    newest, unattested = result.newest, facts["unwitnessed"]
    print_facts(
        {
            "Checked": ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in result.checked.items()),
            "Found wrong": len(result.findings) + result.more or "nothing",
            "Signed lists": f"{newest.number}, the newest of {at(newest.made_at)}" if newest else "none yet",
            "Restores": "\n".join(map(_restore, result.restores)) or "none",
            "Public key": "\n".join(wrap(result.public_key or "-", 32)),
            **_unknown(result),
            "Not witnessed yet": f"{counted(unattested['events'], 'event')} of "
            + counted(len(result.unattested), "inspection"),
            "Cannot be found": facts["cannot_find"],
        }
    )


def _unknown(result: VerificationResult) -> dict[str, Any]:
    names = result.unknown_to_engine
    return {"Unknown to the engine": ", ".join(names)} if names else {}


def _restore(record: RestoreRecord) -> str:
    statement = record.statement
    restored_at, made_at = at(statement["restored_at"]), at(statement["backup_made_at"])
    back = f"number {record.number} of {restored_at} by {statement['by']}, to the backup of {made_at}"
    return f"{back}: {len(statement['superseded'])} statements of lists and histories no longer hold"


def _progress() -> Progress | None:
    """Returns what shows the progress to a person at a screen; None where there is none."""
    if not sys.stderr.isatty():
        return None
    shown = 0

    def show(events: int) -> None:
        nonlocal shown
        if events - shown >= PROGRESS_EVERY:
            shown = events
            say_in_place(f"{events:,} events")

    return show
