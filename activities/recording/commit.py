"""The activities by which workflows query the records before a decision and commit it.

Both are local activities: a command is one query and one transaction."""

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
from framework.inspection.start import InspectionStart
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
from framework.messages.record_state import RecordState, RecordStateQuery
from records.database.connection import reading, writing
from records.inspections import commit
from records.inspections.readiness import record_state
from records.inspections.repository import would_begin

MAX_SHIFT_DIFFERENCE = timedelta(seconds=1)
"""How far the clock's shift of a workflow may be from its worker's: only measurements and rehearsals have one."""


class RecordActivities:
    """The activities on the records."""

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
        """Returns the state of the records, and its head. What an interrupted attempt committed may still have to be delivered."""
        fault_point("record state: asked")
        state = await asyncio.to_thread(self._query, question)
        if state.missed_events:
            await wake_delivery(self._client, question.inspection, self._clock_shift)
        fault_point("record state: answered")
        return state

    @activity.defn(name=COMMIT_DECISION)
    async def commit_decision(self, decision: DecisionCommit) -> CommitResult:
        """Commits a decision in one transaction, and signals the delivery if something is to be sent.

        Run again after a crash it writes nothing twice, and signals the delivery once more."""
        fault_point("commit: before")
        try:
            result: CommitResult = await asyncio.to_thread(self._commit, decision)
        except Unaddressed as refusal:
            return Rejected(message=str(refusal.args[0]), paragraph=refusal.paragraph, letters=refusal.letters)
        except Refused as refusal:
            return Rejected(message=str(refusal.args[0]), paragraph=refusal.paragraph)
        fault_point("commit: committed")
        if isinstance(result, Stored):
            await self._start_what_follows(decision)
        return result

    async def _start_what_follows(self, decision: DecisionCommit) -> None:
        """Signals the delivery if something is to be sent, and archives the histories of an inspection that has ended."""
        if not decision.defer_delivery and _goes_out(decision):
            await wake_delivery(self._client, decision.inspection, self._clock_shift)
            fault_point("commit: delivery woken")
        has_ended = decision.stage in commit.ENDED_STAGES and decision.next_due is None
        if has_ended and self._archives:
            await start_history_archive(self._client, decision.inspection, self._clock_shift)

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

    def _commit(self, decision: DecisionCommit) -> Committed | AlreadyCommitted | Conflict | NotSubmitted:
        with writing(self._records) as session:
            return commit.commit(session, decision, self._office)


def _goes_out(decision: DecisionCommit) -> bool:
    return bool(decision.letters or decision.documents or decision.publish or decision.send_again)


async def wake_delivery(client: Client, inspection: str, clock_shift: timedelta = timedelta()) -> None:
    """Starts the delivery of an inspection, which is the ordinary case, or signals the one that runs.

    A new run reads the outbox at once; one that runs may end just before the signal arrives, so both are tried in turn."""
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
