"""What a worker looks after while it runs, beside its queues: workflows that stand still, and how long the engine keeps
histories. Each look may fail while the engine or the database is away; the next one comes soon."""

import asyncio
import logging
import time
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError

from application.commands.stuck_workflows import Stuck, report_stuck
from application.runtime import temporal_client
from application.runtime.context import AppContext
from framework.common.errors import InspectionError

INTERVAL_SECONDS = 60.0
"""Seconds between two looks for stuck workflows."""
RETENTION_INTERVAL_SECONDS = 3600.0

log = logging.getLogger(__name__)


async def watch(context: AppContext, every: float = INTERVAL_SECONDS) -> None:
    """Look again and again until cancelled, `every` so many seconds."""
    client, stuck, retention_due = context.engine(), None, 0.0
    while True:
        stuck = await _look(context, client, stuck)
        if time.monotonic() >= retention_due:
            await _check_retention(client, timedelta(days=context.settings.retention_days))
            retention_due = time.monotonic() + RETENTION_INTERVAL_SECONDS
        await asyncio.sleep(every)


async def _look(context: AppContext, client: Client, known: Stuck | None) -> Stuck | None:
    try:
        return await report_stuck(client, context.records, known)
    except RPCError:  # the engine is away, and whoever runs it knows
        return known
    except InspectionError as error:
        log.warning("stuck workflows could not be written down: %s", error)
        return known


async def _check_retention(client: Client, wanted: timedelta) -> None:
    """Warn where the namespace forgets histories earlier than the setting says; only its operator can change that."""
    try:
        kept = await temporal_client.retention(client)
    except RPCError:
        return
    if kept < wanted:
        log.warning(
            "the engine keeps histories of the namespace %s for %d days, and INSPECTIONS_RETENTION_DAYS says %d",
            client.namespace,
            kept.days,
            wanted.days,
        )
