"""The worker: settings, connections, activities, and the three kinds of work put together. Run as `python -m worker`."""

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.mail.letters import LetterActivities
from activities.mail.mime import Sender
from activities.mail.smtp import MailServer
from activities.names import DOCUMENTS_QUEUE, INSPECTIONS_QUEUE, LETTERS_QUEUE
from activities.recording.calendar_rollout import CalendarRolloutActivities
from activities.recording.checkpoints import CheckpointActivities, CheckpointMail
from activities.recording.commit import RecordActivities
from activities.recording.engine_histories import HistoryArchiveActivities
from activities.rendering.documents import DocumentActivities
from activities.rendering.pdf_pool import PdfPool
from activities.rendering.publishing import PublishingActivities
from application.commands.recovery import recover
from application.runtime import process_exit, settings, temporal_client
from application.runtime.context import AppContext
from application.runtime.mail_settings import mail_server, sender
from application.runtime.parent_death import kill_on_parent_death
from records.database.connection import connect
from workflows.calendar_rollout import CalendarRolloutWorkflow
from workflows.checkpoints import CheckpointsWorkflow
from workflows.delivery import DeliveryWorkflow
from workflows.history_archive import HistoryArchiveWorkflow
from workflows.inspection import InspectionWorkflow

SHUTDOWN_GRACE = timedelta(seconds=20)
"""How long running activities may go on after the worker was asked to stop."""
RECORD_THREADS = 8
"""Threads for questions to the records."""


@dataclass(frozen=True)
class Parts:
    """What the activities work with."""

    client: Client
    records: Engine
    data: Path
    mail: MailServer
    sender: Sender
    pool: PdfPool
    clock_shift: timedelta = timedelta()
    archives: bool = False
    """Whether the histories of what ends are kept by this worker; a rehearsal keeps its own."""
    auditors: str = ""
    """Where signed lists go; empty for the directory's auditors."""


def workers(parts: Parts, kinds: tuple[str, ...], sandbox: bool = True) -> list[Worker]:
    """A Temporal worker for each kind of work."""
    make = {"inspections": _inspections, "documents": _documents, "letters": _letters}
    return [make[kind](parts, sandbox) for kind in kinds]


def _inspections(parts: Parts, sandbox: bool) -> Worker:
    activities = RecordActivities(parts.records, parts.client, parts.clock_shift, parts.archives)
    calendar = CalendarRolloutActivities(parts.records, parts.client)
    return Worker(
        parts.client,
        task_queue=INSPECTIONS_QUEUE,
        workflows=[InspectionWorkflow, CalendarRolloutWorkflow, HistoryArchiveWorkflow, CheckpointsWorkflow],
        activities=[
            activities.query_record_state,
            activities.commit_decision,
            calendar.notify,
            calendar.count_behind,
            calendar.deliver,
        ],
        activity_executor=ThreadPoolExecutor(RECORD_THREADS),
        workflow_runner=_runner(sandbox),
        max_cached_workflows=5000,
        graceful_shutdown_timeout=SHUTDOWN_GRACE,
    )


def _documents(parts: Parts, sandbox: bool) -> Worker:
    documents = DocumentActivities(parts.records, parts.data / "documents", parts.pool)
    publishing = PublishingActivities(parts.records, parts.data / "documents", parts.data / "published")
    archive = HistoryArchiveActivities(parts.records, parts.client, parts.data)
    witness = CheckpointActivities(parts.records, parts.data)
    return Worker(
        parts.client,
        task_queue=DOCUMENTS_QUEUE,
        activities=[documents.render, publishing.publish, archive.keep, archive.sweep, witness.make],
        max_concurrent_activities=4,
        graceful_shutdown_timeout=SHUTDOWN_GRACE,
    )


def _letters(parts: Parts, sandbox: bool) -> Worker:
    letters = LetterActivities(parts.records, parts.data / "documents", parts.mail, parts.sender)
    witness = CheckpointMail(parts.records, parts.mail, parts.sender, parts.auditors)
    return Worker(
        parts.client,
        task_queue=LETTERS_QUEUE,
        workflows=[DeliveryWorkflow],
        activities=[letters.send, letters.send_first_attempt, witness.send],
        max_concurrent_activities=8,
        max_concurrent_local_activities=8,
        workflow_runner=_runner(sandbox),
        graceful_shutdown_timeout=SHUTDOWN_GRACE,
    )


def _runner(sandbox: bool) -> SandboxedWorkflowRunner | UnsandboxedWorkflowRunner:
    return SandboxedWorkflowRunner() if sandbox else UnsandboxedWorkflowRunner()


async def main() -> int:
    """Work until told to stop (SIGTERM, SIGINT), then let what runs come to its end."""
    chosen = settings.read()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    with PdfPool(tie=partial(kill_on_parent_death, os.getpid())) as pool:
        parts = Parts(
            client=await temporal_client.connect(chosen),
            records=connect(chosen.records_url),
            data=chosen.data,
            mail=mail_server(chosen),
            sender=sender(chosen),
            pool=pool,
            archives=True,
            auditors=chosen.auditors_address,
        )
        if "inspections" in chosen.worker_kinds:
            await temporal_client.prepare(parts.client)
            await recover(AppContext(settings=chosen, records=parts.records, client=parts.client, entry_point="engine"))
        async with AsyncExitStack() as running:
            for worker in workers(parts, chosen.worker_kinds, chosen.worker_sandbox):
                await running.enter_async_context(worker)
            await stop.wait()
    return 0


if __name__ == "__main__":
    process_exit.run(main)
