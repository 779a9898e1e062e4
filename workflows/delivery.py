"""The delivery of one inspection: renders and sends everything in its outbox, each letter independently.

It is a workflow of its own, so that the inspection never waits for mail or documents. Each commit that leaves something to
deliver starts or signals it, and it ends when nothing is left. Most letters are sent by the local activity that reads the
outbox; the others, and documents, by activities of their own that are retried for as long as it takes."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.names import (
        DELIVERY_OUTCOME,
        DOCUMENTS_QUEUE,
        PUBLISH_REPORT,
        RENDER_DOCUMENT,
        SEND_FIRST_ATTEMPT,
        SEND_LETTER,
        inspection_workflow_id,
    )
    from framework.messages.delivery import (
        DeliveryOutcome,
        DeliveryStart,
        FirstAttempt,
        LetterToSend,
        PendingDeliveries,
        ShiftedId,
    )

ATTEMPT_TIMEOUT = timedelta(minutes=3)
"""The timeout of one attempt to render or to send; longer than the timeouts of SMTP (`activities.mail.smtp`)."""
HEARTBEAT_TIMEOUT = timedelta(seconds=20)
"""After so long without a heartbeat an attempt is retried: its worker died."""
RETRY_UP_TO_HOURLY = RetryPolicy(
    initial_interval=timedelta(seconds=5), backoff_coefficient=2, maximum_interval=timedelta(hours=1)
)
"""Without a limit of attempts: a mail system may be down for days."""


@workflow.defn(sandboxed=False)
class DeliveryWorkflow:
    """The delivery of one inspection's letters, documents and report."""

    def __init__(self) -> None:
        self.pending_check = True
        self.in_progress: dict[str, asyncio.Task[None]] = {}
        self.delivered = 0

    @workflow.run
    async def run(self, start: DeliveryStart) -> int:
        """Delivers until nothing is left; returns how many items were delivered, or failed with a task."""
        while self.pending_check or self.in_progress:
            if self.pending_check:
                self.pending_check = False
                self._start_all(start, await self._send_first_attempts(start))
            await workflow.wait_condition(lambda: self.pending_check or bool(self._finished()) or not self.in_progress)
            for name in self._finished():
                await self.in_progress.pop(name)
                self.delivered += 1
        return self.delivered

    @workflow.signal(description="Something was put into the outbox")
    def outbox_changed(self) -> None:
        """Makes the workflow read the outbox again."""
        self.pending_check = True

    def _finished(self) -> list[str]:
        return [name for name, task in self.in_progress.items() if task.done()]

    async def _send_first_attempts(self, start: DeliveryStart) -> PendingDeliveries:
        """Sends the letters that can be sent at once, except those in progress; returns what is left."""
        left: PendingDeliveries = await workflow.execute_local_activity(
            SEND_FIRST_ATTEMPT,
            FirstAttempt(
                inspection=start.inspection,
                moment=workflow.now() + start.clock_shift,
                busy=tuple(sorted(self.in_progress)),
            ),
            result_type=PendingDeliveries,
            start_to_close_timeout=ATTEMPT_TIMEOUT,
            summary="send what can go at once",
        )
        self.delivered += len(left.outcomes)
        return left

    def _start_all(self, start: DeliveryStart, left: PendingDeliveries) -> None:
        """Starts a task for each document, and for each letter that needs no document still to be rendered."""
        for document in left.documents:
            self._start(document, self._render(start, document))
        for letter in left.letters:
            if letter.reports_outcome or not set(letter.documents) & set(left.documents):
                self._start(letter.id, self._deliver(start, letter))
        if left.publish:
            self._start(f"publish-{left.publish}", self._publish(start, left.publish))

    def _start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        if name in self.in_progress:
            work.close()
        else:
            self.in_progress[name] = asyncio.create_task(work)

    async def _render(self, start: DeliveryStart, document: str) -> None:
        await workflow.execute_activity(
            RENDER_DOCUMENT,
            ShiftedId(id=document, clock_shift=start.clock_shift),
            task_queue=DOCUMENTS_QUEUE,
            start_to_close_timeout=ATTEMPT_TIMEOUT,
            heartbeat_timeout=HEARTBEAT_TIMEOUT,
            retry_policy=RETRY_UP_TO_HOURLY,
            summary=f"make document {document}",
        )
        self.pending_check = True

    async def _deliver(self, start: DeliveryStart, letter: LetterToSend) -> None:
        """Waits for the letter's moment and documents, sends it, and reports its outcome if the inspection waits for it."""
        now = workflow.now() + start.clock_shift
        if letter.not_before is not None and not letter.may_go(now):
            await workflow.sleep(letter.not_before - now, summary=f"{letter.kind} waits for the morning")
        for document in letter.documents:
            rendering = self.in_progress.get(document)
            if rendering is not None:
                await workflow.wait([rendering])
        outcome: DeliveryOutcome = await workflow.execute_activity(
            SEND_LETTER,
            ShiftedId(id=letter.id, clock_shift=start.clock_shift),
            result_type=DeliveryOutcome,
            start_to_close_timeout=ATTEMPT_TIMEOUT,
            heartbeat_timeout=HEARTBEAT_TIMEOUT,
            retry_policy=RETRY_UP_TO_HOURLY,
            summary=f"send {letter.kind}",
        )
        if letter.reports_outcome:
            await self._report_outcome(start, outcome)

    async def _report_outcome(self, start: DeliveryStart, outcome: DeliveryOutcome) -> None:
        inspection = workflow.get_external_workflow_handle(inspection_workflow_id(start.inspection))
        try:
            await inspection.signal(DELIVERY_OUTCOME, outcome)
        except ApplicationError:  # its workflow has ended: no limit depends on the letter any more
            workflow.logger.info("the inspection of letter %s is over", outcome.letter_id)

    async def _publish(self, start: DeliveryStart, document: str) -> None:
        rendering = self.in_progress.get(document)
        if rendering is not None:
            await workflow.wait([rendering])
        await workflow.execute_activity(
            PUBLISH_REPORT,
            ShiftedId(id=document, clock_shift=start.clock_shift),
            task_queue=DOCUMENTS_QUEUE,
            start_to_close_timeout=ATTEMPT_TIMEOUT,
            heartbeat_timeout=HEARTBEAT_TIMEOUT,
            retry_policy=RETRY_UP_TO_HOURLY,
            summary="publish the report",
        )
