"""The worker process of `up`: `python -m worker`, configured by its environment."""

import asyncio
import os
import sys
from collections.abc import Sequence

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from application.runtime import engine_owner, temporal_client
from application.runtime.child_environment import worker_environment
from application.runtime.settings import Settings
from operations.embedded_engine import process
from operations.embedded_engine.ports import HERE

COMMAND: tuple[str, ...] = (sys.executable, "-m", "worker")
STOP_GRACE = 30.0
"""Seconds the worker gets to end after SIGTERM: more than it allows its activities."""


def environment(settings: Settings, engine_port: int, mailbox_port: int) -> dict[str, str]:
    """Returns the worker's environment: the settings, the embedded engine, and the local mailbox unless a mail server is set."""
    variables = worker_environment() | {
        "TEMPORAL_ADDRESS": f"{HERE}:{engine_port}",
        "TEMPORAL_NAMESPACE": temporal_client.NAMESPACE,
        "TEMPORAL_CONFIG_FILE": os.devnull,
        "INSPECTIONS_DATA": str(settings.data),
        "DATABASE_URL": settings.records_url,
        engine_owner.VARIABLE: engine_owner.identifier(settings.data),
    }
    if not settings.smtp_host:
        variables |= {
            "INSPECTIONS_SMTP_HOST": HERE,
            "INSPECTIONS_SMTP_PORT": str(mailbox_port),
            "INSPECTIONS_SMTP_STARTTLS": "false",
            "INSPECTIONS_SMTP_USER": "",
        }
    return variables


async def start(command: Sequence[str], settings: Settings, environment: dict[str, str]) -> process.Process:
    """Starts a worker."""
    return await process.start("worker", command, settings.data / "log" / "worker.log", env=environment)


async def taking_work(worker: process.Process, client: Client, settings: Settings) -> None:
    """Waits without limit until the engine lists this worker as a poller."""
    while not await _polls(worker.pid, client, settings):
        await asyncio.sleep(0.1)


async def _polls(pid: int, client: Client, settings: Settings) -> bool:
    kind = settings.worker_kinds[0]
    workflows = kind == "inspections"  # the other kinds have activities only
    queue = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW if workflows else TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=kind), task_queue_type=queue
    )
    try:
        answer = await client.workflow_service.describe_task_queue(request)
    except RPCError:
        return False
    # The identity of a client begins with its process identifier; pollers of a dead worker are listed for a while.
    return any(poller.identity.startswith(f"{pid}@") for poller in answer.pollers)
