"""The Temporal workers of the product: which workflows and activities serve which task queue, and with what settings."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.mail.bounces import BounceActivities
from activities.mail.letters import LetterActivities
from activities.mail.mailboxes import BounceMailbox
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
from activities.support.waits import WaitsInterceptor
from framework.correspondence.office import NONE, OfficeAddresses
from workflows.calendar_rollout import CalendarRolloutWorkflow
from workflows.checkpoints import CheckpointsWorkflow
from workflows.delivery import DeliveryWorkflow
from workflows.history_archive import HistoryArchiveWorkflow
from workflows.inspection import InspectionWorkflow

SHUTDOWN_GRACE = timedelta(seconds=20)
"""How long running activities may continue after the worker began to stop."""
RECORD_THREADS = 8
"""Threads for the activities that query the records."""


@dataclass(frozen=True)
class WorkerParts:
    """The dependencies of the activities."""

    client: Client
    records: Engine
    data: Path
    mail: MailServer
    sender: Sender
    pool: PdfPool
    clock_shift: timedelta = timedelta()
    archives: bool = False
    """Whether this worker keeps the histories of workflows that end; a rehearsal keeps its own."""
    office: OfficeAddresses = NONE
    bounces: BounceMailbox | None = None
    """The mailbox that letters come back to; None where the settings name none."""
    auditors: str = ""
    """Address that signed checkpoints are sent to; empty for the auditors of the directory."""


def workers(parts: WorkerParts, kinds: tuple[str, ...], sandbox: bool = True) -> list[Worker]:
    """Returns a Temporal worker for each kind of work."""
    return [_FACTORIES[kind](parts, sandbox) for kind in kinds]


def _inspections(parts: WorkerParts, sandbox: bool) -> Worker:
    records = RecordActivities(parts.records, parts.client, parts.clock_shift, parts.archives, parts.office)
    calendar = CalendarRolloutActivities(parts.records, parts.client)
    return Worker(
        parts.client,
        task_queue=INSPECTIONS_QUEUE,
        workflows=[InspectionWorkflow, CalendarRolloutWorkflow, HistoryArchiveWorkflow, CheckpointsWorkflow],
        activities=[
            records.query_record_state,
            records.commit_decision,
            calendar.notify,
            calendar.count_behind,
            calendar.deliver,
        ],
        activity_executor=ThreadPoolExecutor(RECORD_THREADS),
        workflow_runner=_runner(sandbox),
        max_cached_workflows=5000,
        graceful_shutdown_timeout=SHUTDOWN_GRACE,
        interceptors=[WaitsInterceptor()],
    )


def _documents(parts: WorkerParts, sandbox: bool) -> Worker:
    documents = DocumentActivities(parts.records, parts.data / "documents", parts.pool)
    publishing = PublishingActivities(parts.records, parts.data / "documents", parts.data / "published")
    archive = HistoryArchiveActivities(parts.records, parts.client, parts.data)
    checkpoints = CheckpointActivities(parts.records, parts.data)
    return Worker(
        parts.client,
        task_queue=DOCUMENTS_QUEUE,
        activities=[documents.render, publishing.publish, archive.keep_all, archive.sweep, checkpoints.make],
        max_concurrent_activities=4,
        graceful_shutdown_timeout=SHUTDOWN_GRACE,
        interceptors=[WaitsInterceptor()],
    )


def _letters(parts: WorkerParts, sandbox: bool) -> Worker:
    letters = LetterActivities(parts.records, parts.data, parts.mail, parts.sender)
    checkpoints = CheckpointMail(parts.records, parts.mail, parts.sender, parts.auditors)
    bounces = BounceActivities(parts.records, parts.client, parts.bounces)
    return Worker(
        parts.client,
        task_queue=LETTERS_QUEUE,
        workflows=[DeliveryWorkflow],
        activities=[letters.send, letters.send_first_attempt, checkpoints.send, bounces.read],
        max_concurrent_activities=8,
        max_concurrent_local_activities=8,
        workflow_runner=_runner(sandbox),
        graceful_shutdown_timeout=SHUTDOWN_GRACE,
        interceptors=[WaitsInterceptor()],
    )


def _runner(sandbox: bool) -> SandboxedWorkflowRunner | UnsandboxedWorkflowRunner:
    return SandboxedWorkflowRunner() if sandbox else UnsandboxedWorkflowRunner()


_FACTORIES: dict[str, Callable[[WorkerParts, bool], Worker]] = {
    "inspections": _inspections,
    "documents": _documents,
    "letters": _letters,
}
