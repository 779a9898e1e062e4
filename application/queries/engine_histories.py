"""The engine's histories as the engine itself has them: one by one, of what still runs or is not kept yet."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.names import inspection_workflow_id
from activities.support.concurrency import bounded_gather
from framework.common.errors import Unreachable
from records.verify.engine_history_check import EngineAccount, account_of

MAX_CONCURRENCY = 10


@dataclass(slots=True)
class Told:
    """What the engine said."""

    accounts: list[EngineAccount] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Inspections whose story the engine does not have."""


async def ask(client: Client, inspections: Iterable[str]) -> Told:
    """What the engine has of each. Raises `Unreachable` when it stops answering."""
    told = Told()

    async def one(inspection: str) -> None:
        try:
            history = await client.get_workflow_handle(inspection_workflow_id(inspection)).fetch_history()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise Unreachable(f"the engine does not answer for {inspection}: {error.message}") from None
            told.unknown.append(inspection)
            return
        told.accounts.append(account_of(inspection, json.loads(history.to_json())))

    await bounded_gather(inspections, one, MAX_CONCURRENCY)
    told.accounts.sort(key=lambda account: account.inspection)
    return told
