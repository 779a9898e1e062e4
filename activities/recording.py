"""What a workflow asks of the records: whether something is ready, and to write down what was decided.

Both run beside the workflow's own code (local activities): a command is one question and one transaction."""

import asyncio
from datetime import timedelta

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client

from activities.names import (
    DELIVERY_WORKFLOW,
    INSPECTIONS_QUEUE,
    READINESS,
    RECORD,
    WAITING_WORK,
    delivery_workflow_id,
)
from framework.errors import Refused
from framework.messages import DeliveryStart, Readiness, ReadinessQuestion, Recorded, Recording, WaitingWork
from records import outbox, recording
from records.database import reading, writing


class RecordActivities:
    """The records as workflows see them."""

    def __init__(self, records: Engine, client: Client, clock_shift: timedelta = timedelta()) -> None:
        self._records = records
        self._client = client
        self._clock_shift = clock_shift

    @activity.defn(name=READINESS)
    def readiness(self, question: ReadinessQuestion) -> Readiness:
        """What the records say, and at which head."""
        with reading(self._records) as session:
            return recording.readiness(session, question)

    @activity.defn(name=RECORD)
    async def record(self, wanted: Recording) -> Recorded:
        """Write a decision down, all of it or nothing, and wake the delivery when something is to go out.

        Done again after a crash it writes nothing twice, and wakes the delivery once more."""
        try:
            recorded = await asyncio.to_thread(self._write, wanted)
        except Refused as refusal:
            return Recorded(head=-1, refused=str(refusal.args[0]), paragraph=refusal.paragraph)
        if recorded.head >= 0 and (wanted.letters or wanted.documents or wanted.publish):
            await self._wake_delivery(wanted.inspection)
        return recorded

    @activity.defn(name=WAITING_WORK)
    def waiting_work(self, inspection: str) -> WaitingWork:
        """What the outbox of an inspection holds."""
        with reading(self._records) as session:
            return outbox.waiting(session, inspection)

    def _write(self, wanted: Recording) -> Recorded:
        with writing(self._records) as session:
            return recording.record(session, wanted)

    async def _wake_delivery(self, inspection: str) -> None:
        await self._client.start_workflow(
            DELIVERY_WORKFLOW,
            DeliveryStart(inspection=inspection, clock_shift=self._clock_shift),
            id=delivery_workflow_id(inspection),
            task_queue=INSPECTIONS_QUEUE,
            start_signal="look",
            static_summary=f"Letters of inspection {inspection}",
        )
