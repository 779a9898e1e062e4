"""Whether anything that is stored was altered: the records against themselves, the files, signed lists, and the engine."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from application.caller import Caller, sees_all
from application.queries.access_logging import Use
from application.queries.engine_histories import EngineHistories, fetch
from application.queries.snapshot import snapshot
from application.runtime import engine_owner, rehearsal_marker, temporal_client
from application.runtime.context import AppContext
from framework.common.errors import Refused, Unreachable
from records.audit import checkpoints
from records.audit.engine_histories import without_history
from records.database.connection import reading
from records.inspections import repository
from records.verify.findings import Finding as Finding
from records.verify.verification import Verification

Progress = Callable[[int], None]
"""Called with the number of events that are checked."""


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What to verify."""

    inspection: str = ""
    """Empty for everything."""
    lists: tuple[Path, ...] = ()
    """Signed lists of heads that a person was sent and kept."""


@dataclass(frozen=True, slots=True)
class SignedList:
    """The newest signed list of heads."""

    number: int
    made_at: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RestoreRecord:
    """One restore, with what it says of itself."""

    number: int
    sha256: str
    statement: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """What was checked, and what is wrong."""

    checked: Mapping[str, int]
    """Number of things checked, by kind."""
    findings: tuple[Finding, ...]
    """The first of them; `more` says how many others there are."""
    more: int
    signed_lists: int
    newest: SignedList | None
    public_key: str
    """Empty where no list is signed yet."""
    engine_histories: int
    """Number of inspections of which the engine's history, or a kept one, attests something."""
    engine_asked: bool
    unknown_to_engine: tuple[str, ...]
    restores: tuple[RestoreRecord, ...]
    unattested: Mapping[str, int]
    """Inspection -> how many of its newest events nothing attests yet."""
    engine_error: Unreachable | None
    """Why the engine was not asked, where it ought to have been."""


async def verify(
    caller: Caller, context: AppContext, request: VerifyRequest, progress: Progress | None = None
) -> VerificationResult:
    """Verifies one inspection, or everything. Raises `BadInput` for an unknown inspection or a list that is none, and
    `Refused` where a caller who may not see everything asks for everything."""
    # The engine is asked first: what it knows by then the records have already. So there are two reading transactions.
    unfinished, names = await asyncio.to_thread(_to_ask, caller, context, request)
    histories, error = await _ask_engine(context, names, unfinished)
    return await asyncio.to_thread(_check, context, request, histories, error, progress)


def _to_ask(caller: Caller, context: AppContext, request: VerifyRequest) -> tuple[list[str], list[str]]:
    """Returns the inspections that must have a running workflow, and those whose history is not archived."""
    lists = ", ".join(path.name for path in request.lists)
    with snapshot(caller, context, Use("verify", request.inspection, {"witness": lists})) as view:
        if request.inspection:
            view.inspection(request.inspection)
        elif not sees_all(view.caller):
            raise Refused("everything is verified by the office: name an inspection")
        unfinished = [name for name in repository.unfinished(view.session) if request.inspection in ("", name)]
        return unfinished, without_history(view.session, request.inspection)


async def _ask_engine(
    context: AppContext, inspections: list[str], unfinished: list[str]
) -> tuple[EngineHistories | None, Unreachable | None]:
    if rehearsal_marker.find(context.settings.data) is not None:
        return None, None  # its engine is gone, and its histories are archived
    try:
        await asyncio.to_thread(engine_owner.require, context.settings, context.records)
        client = context.client or await temporal_client.connect(context.settings)
        return await fetch(client, inspections, unfinished), None
    except Unreachable as error:
        return None, error


def _check(
    context: AppContext,
    request: VerifyRequest,
    histories: EngineHistories | None,
    error: Unreachable | None,
    progress: Progress | None,
) -> VerificationResult:
    data = context.settings.data
    files = checkpoints.files(data)
    with reading(context.records) as session:
        verification = Verification(session, data, request.inspection, request.lists, files, progress=progress)
        verification.run()
        for account in histories.accounts if histories else ():
            verification.add_engine_account(account)
        verification.add_missing_workflows(histories.missing if histories else {})
        return _result(verification, histories, error)


def _result(
    verification: Verification, histories: EngineHistories | None, error: Unreachable | None
) -> VerificationResult:
    report, newest = verification.report, verification.checkpoints.newest
    return VerificationResult(
        checked=dict(report.checked),
        findings=tuple(report.findings),
        more=report.more,
        signed_lists=verification.checkpoints.lists,
        newest=SignedList(newest.number, newest.made_at, newest.sha256) if newest else None,
        public_key=verification.checkpoints.key,
        engine_histories=len(verification.by_engine),
        engine_asked=histories is not None,
        unknown_to_engine=tuple(histories.unknown) if histories else (),
        restores=tuple(RestoreRecord(row.number, row.sha256, row.content) for row in verification.restored),
        unattested=verification.unattested(),
        engine_error=error,
    )
