"""The histories of inspections as the engine has them: of those that still run, or whose history is not archived yet."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.names import inspection_workflow_id
from activities.support.concurrency import bounded_gather
from application.queries.missing_workflows import find_missing
from framework.common.errors import Unreachable
from records.verify.engine_history_check import EngineAccount, account_of

MAX_CONCURRENCY = 10


@dataclass(slots=True)
class EngineHistories:
    """What the engine has."""

    accounts: list[EngineAccount] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Inspections whose workflow the engine does not have."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Unfinished inspections without a running workflow -> what the engine has instead."""


async def fetch(client: Client, inspections: Iterable[str], unfinished: Iterable[str] = ()) -> EngineHistories:
    """Returns the engine's account of each of `inspections`, and which of `unfinished` have no running workflow.

    Raises `Unreachable` when the engine stops answering."""
    histories = EngineHistories()
    try:
        histories.missing = await find_missing(client, list(unfinished))
    except RPCError as error:
        raise Unreachable(f"the engine does not answer: {error.message}") from None

    async def fetch_one(inspection: str) -> None:
        try:
            history = await client.get_workflow_handle(inspection_workflow_id(inspection)).fetch_history()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise Unreachable(f"the engine does not answer for {inspection}: {error.message}") from None
            histories.unknown.append(inspection)
            return
        histories.accounts.append(account_of(inspection, json.loads(history.to_json())))

    await bounded_gather(inspections, fetch_one, MAX_CONCURRENCY)
    histories.accounts.sort(key=lambda account: account.inspection)
    return histories
