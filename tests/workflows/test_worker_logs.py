"""The log of a worker holds no traceback for an ordinary wait: mail that is down, a service that does not answer."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowFailureError
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.mail.mime import Sender
from activities.mail.smtp import MailServer
from activities.names import DOCUMENTS_QUEUE, RENDER_DOCUMENT
from activities.rendering.pdf_pool import PdfPool
from application.workers import WorkerParts, workers
from framework.messages.delivery import ShiftedId
from records.database import connection
from tests.workflows.engine_harness import engine_harness

pytestmark = pytest.mark.asyncio(loop_scope="module")


def attempts(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """The records in which the SDK says that an attempt failed."""
    return [record for record in caplog.records if "Completing activity as failed" in record.getMessage()]


def with_traceback(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What a log at INFO, as workers write it, shows with a traceback."""
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.INFO and record.exc_info]


async def test_a_letter_that_waits_for_the_mail_server_leaves_no_traceback(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "temporalio")
    async with engine_harness(skipped, data, pool, "2010-11-03T09:30") as here:
        await here.post.close()
        await here.order(notify="now")
        await here.has("notification_issued")
        await here.leap("2010-11-03T12:00")
        await here.post.open()
        await here.leap("2010-11-03T14:00")
        await here.has("notified")
    assert len(attempts(caplog)) > 3
    assert {record.levelno for record in attempts(caplog)} == {logging.DEBUG}
    assert with_traceback(caplog) == []


@workflow.defn
class RenderOnce:
    """Renders one document, in one attempt."""

    @workflow.run
    async def run(self, document: str) -> None:
        """Runs the activity of the documents."""
        await workflow.execute_activity(
            RENDER_DOCUMENT,
            ShiftedId(id=document),
            task_queue=DOCUMENTS_QUEUE,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )


async def test_records_that_do_not_answer_are_one_line_and_no_traceback(
    usual: WorkflowEnvironment, tmp_path: Path, pool: PdfPool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "temporalio")
    records = connection.connect(f"sqlite:///{tmp_path / 'nowhere' / 'records.sqlite'}")
    sender = Sender("Office", "office@inspectorate.example")
    parts = WorkerParts(usual.client, records, tmp_path, MailServer("127.0.0.1", 9), sender, pool)
    (documents,) = workers(parts, ("documents",), sandbox=False)
    own = Worker(usual.client, task_queue="test", workflows=[RenderOnce], workflow_runner=UnsandboxedWorkflowRunner())
    async with documents, own:
        with pytest.raises(WorkflowFailureError) as raised:
            await usual.client.execute_workflow(RenderOnce.run, "d-1", id="render-once", task_queue="test")
    assert isinstance(raised.value.cause, ActivityError)
    fault = raised.value.cause.cause
    assert isinstance(fault, ApplicationError)
    assert fault.type == "ServiceUnreachable"
    assert [record.levelno for record in attempts(caplog)] == [logging.DEBUG]
    lines = [record.getMessage() for record in caplog.records if "waits, and is tried again" in record.getMessage()]
    assert len(lines) == 1
    assert with_traceback(caplog) == []
