"""What a workflow asks of the records: whether something is ready, and to write down what was decided.

Both run beside the workflow's own code (local activities): a command is one question and one transaction."""

import asyncio
from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import Session
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.names import (
    COMMIT_DECISION,
    DELIVERY_WORKFLOW,
    LETTERS_QUEUE,
    OUTBOX_CHANGED,
    QUERY_RECORD_STATE,
    delivery_workflow_id,
)
from activities.recording.engine_histories import start_history_archive
from activities.support.fault_points import fault_point
from framework.common.errors import Refused, Unaddressed
from framework.correspondence.office import NONE, OfficeAddresses
from framework.messages.commit import (
    AlreadyCommitted,
    CommitResult,
    Committed,
    Conflict,
    DecisionCommit,
    NotSubmitted,
    Rejected,
    Stored,
)
from framework.messages.delivery import DeliveryStart
from framework.messages.inspection import InspectionStart
from framework.messages.record_state import RecordState, RecordStateQuery
from records.database.connection import reading, writing
from records.inspections import commit
from records.inspections.readiness import record_state
from records.inspections.repository import would_begin

MAX_SHIFT_DIFFERENCE = timedelta(seconds=1)
"""How far the clock's shift of a workflow may be from its worker's: only measurements and rehearsals have one."""


class RecordActivities:
    """The records as workflows see them."""

    def __init__(
        self,
        records: Engine,
        client: Client,
        clock_shift: timedelta = timedelta(),
        archives: bool = False,
        office: OfficeAddresses = NONE,
    ) -> None:
        self._records = records
        self._client = client
        self._clock_shift = clock_shift
        self._archives = archives
        self._office = office

    @activity.defn(name=QUERY_RECORD_STATE)
    async def query_record_state(self, question: RecordStateQuery) -> RecordState:
        """What the records say, and at which head. What a cut-off attempt recorded may still have to be delivered."""
        fault_point("record state: asked")
        found = await asyncio.to_thread(self._query, question)
        if found.missed_events:
            await wake_delivery(self._client, question.inspection, self._clock_shift)
        fault_point("record state: answered")
        return found

    @activity.defn(name=COMMIT_DECISION)
    async def commit_decision(self, wanted: DecisionCommit) -> CommitResult:
        """Write a decision down, all of it or nothing, and wake the delivery when something is to go out.

        Done again after a crash it writes nothing twice, and wakes the delivery once more."""
        fault_point("commit: before")
        try:
            result: CommitResult = await asyncio.to_thread(self._commit, wanted)
        except Unaddressed as refusal:
            return Rejected(message=str(refusal.args[0]), paragraph=refusal.paragraph, letters=refusal.letters)
        except Refused as refusal:
            return Rejected(message=str(refusal.args[0]), paragraph=refusal.paragraph)
        fault_point("commit: committed")
        if isinstance(result, Stored):
            await self._start_what_follows(wanted)
        return result

    async def _start_what_follows(self, wanted: DecisionCommit) -> None:
        """Wakes the delivery of what goes out, and has the histories of an inspection kept that has ended."""
        if not wanted.defer_delivery and _goes_out(wanted):
            await wake_delivery(self._client, wanted.inspection, self._clock_shift)
            fault_point("commit: delivery woken")
        has_ended = wanted.stage in commit.ENDED_STAGES and wanted.next_due is None
        if has_ended and self._archives:
            await start_history_archive(self._client, wanted.inspection, self._clock_shift)

    def _query(self, question: RecordStateQuery) -> RecordState:
        with reading(self._records) as session:
            state = record_state(session, question)
            return state.model_copy(update={"start_is_known": self._is_known(session, question.start)})

    def _is_known(self, session: Session, start: str) -> bool:
        """Returns whether the input of a workflow, if it is given, is what this system would begin it with."""
        if not start:
            return True
        given = InspectionStart.model_validate_json(start)
        return abs(given.clock_shift - self._clock_shift) < MAX_SHIFT_DIFFERENCE and would_begin(session, given)

    def _commit(self, wanted: DecisionCommit) -> Committed | AlreadyCommitted | Conflict | NotSubmitted:
        with writing(self._records) as session:
            return commit.commit(session, wanted, self._office)


def _goes_out(wanted: DecisionCommit) -> bool:
    return bool(wanted.letters or wanted.documents or wanted.publish or wanted.send_again)


async def wake_delivery(client: Client, inspection: str, clock_shift: timedelta = timedelta()) -> None:
    """Have the delivery of an inspection look into its outbox; begun where it does not run, which is the ordinary case.

    One that begins looks by itself; one that runs is told, and may end just before it hears of it."""
    identifier = delivery_workflow_id(inspection)
    while True:
        try:
            await client.start_workflow(
                DELIVERY_WORKFLOW,
                DeliveryStart(inspection=inspection, clock_shift=clock_shift),
                id=identifier,
                task_queue=LETTERS_QUEUE,
                static_summary=f"Letters of inspection {inspection}",
            )
            return
        except WorkflowAlreadyStartedError:
            pass
        try:
            await client.get_workflow_handle(identifier).signal(OUTBOX_CHANGED)
            return
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
