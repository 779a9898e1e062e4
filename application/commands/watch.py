"""What a worker looks after while it runs, beside its queues: workflows that stand still, inspections without a running
workflow, and how long the engine keeps histories. Each look may fail while the engine or the database is away; the next one
comes soon."""

import asyncio
import logging
import time
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError

from application.commands.missing_workflows import begin_missing
from application.commands.recovery import start_checkpoints
from application.commands.stuck_workflows import Stuck, report_stuck
from application.runtime import temporal_client
from application.runtime.context import AppContext
from framework.common.errors import InspectionError

INTERVAL_SECONDS = 60.0
"""Seconds between two looks for stuck workflows."""
HOURLY_SECONDS = 3600.0
"""Seconds between two looks for inspections without a running workflow, and at the retention."""

log = logging.getLogger(__name__)


async def watch(context: AppContext, every: float = INTERVAL_SECONDS, hourly: float = HOURLY_SECONDS) -> None:
    """Looks again and again until cancelled: for stuck workflows every `every` seconds, at the rest every `hourly` seconds."""
    client, stuck, hour_over = context.engine(), None, 0.0
    while True:
        stuck = await _look(context, client, stuck)
        if time.monotonic() >= hour_over and await _begin_missing(context):
            await _check_retention(client, timedelta(days=context.settings.retention_days))
            hour_over = time.monotonic() + hourly
        await asyncio.sleep(every)


async def _begin_missing(context: AppContext) -> bool:
    """Returns False where the engine or the records were away: then the next look comes after a minute."""
    try:
        await begin_missing(context)
        await start_checkpoints(context)
    except RPCError:  # an engine that is down is noticed by its operator
        return False
    except InspectionError as error:
        log.warning("inspections without a running workflow could not be looked for: %s", error)
        return False
    return True


async def _look(context: AppContext, client: Client, known: Stuck | None) -> Stuck | None:
    try:
        return await report_stuck(client, context.records, known)
    except RPCError:  # an engine that is down is noticed by its operator
        return known
    except InspectionError as error:
        log.warning("stuck workflows could not be written down: %s", error)
        return known


async def _check_retention(client: Client, expected: timedelta) -> None:
    """Warns if the retention of the namespace is shorter than the setting; only its operator can change it."""
    try:
        retention = await temporal_client.retention(client)
    except RPCError:
        return
    if retention < expected:
        log.warning(
            "the engine keeps histories of the namespace %s for %d days, and INSPECTIONS_RETENTION_DAYS says %d",
            client.namespace,
            retention.days,
            expected.days,
        )
