"""What the engine knows of each inspection: how it began, what was recorded since, and what became of what went out.

The engine keeps what `record` answered, not what it was given. But a story is deterministic: told again over its own history,
today's code asks for the very same recordings, and here they are listened to. Nothing is done by it."""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    StartLocalActivityInput,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle

from activities.names import (
    COMMIT_DECISION,
    INSPECTION_WORKFLOW,
    QUERY_RECORD_STATE,
    SEND_FIRST_ATTEMPT,
    SEND_LETTER,
    delivery_workflow_id,
    inspection_workflow_id,
)
from framework.common.errors import Unreachable
from framework.messages.commit import CommitResult, DecisionCommit, Stored
from framework.messages.events import StoredEvent as Entry
from framework.messages.inspection import DeliveryOutcome, InspectionStart
from records.verify.engine_history_check import account_of, answers
from workflows.inspection import InspectionWorkflow

PREFIX = inspection_workflow_id("")


@dataclass(frozen=True, slots=True)
class Fate:
    """What an activity of a delivery came to: a document made, a letter sent or refused, a report published."""

    activity: str
    thing: str
    """The letter's or document's identifier."""
    at: datetime
    """When the attempt began that settled it."""
    letter: DeliveryOutcome | None = None


@dataclass(slots=True)
class ReplayedInspection:
    """What the engine knows of one inspection."""

    inspection: str
    start: InspectionStart | None = None
    began: datetime | None = None
    heads: list[tuple[int, str]] = field(default_factory=list)
    """Number and hash of the newest event after each recording: what the engine bears witness to."""
    recordings: list[tuple[DecisionCommit, Stored]] = field(default_factory=list)
    """What was written down, in order, and the answer; only where the asker does not know it all."""
    seen: dict[int, Entry] = field(default_factory=dict)
    """Events the story learnt of from the records: those of an attempt that was cut off."""
    fates: list[Fate] = field(default_factory=list)
    """In the order they came."""
    fault: str = ""
    """Why the story cannot be told again; then nothing is known of its recordings."""
    under_way: set[str] = field(default_factory=set)
    """Letters that were begun, and of whose end nothing is known."""


async def inspections(client: Client) -> list[str]:
    """Every inspection whose story the engine has. Raises `Unreachable`."""
    try:
        listed = client.list_workflows(f'WorkflowType = "{INSPECTION_WORKFLOW}"')
        return sorted({one.id.removeprefix(PREFIX) async for one in listed})
    except RPCError as error:
        raise Unreachable(f"the engine does not answer: {error.message}") from None


async def replay(client: Client, inspection: str, known: int) -> ReplayedInspection:
    """What the engine knows of one inspection, to somebody who knows its events up to the number `known`.

    Raises `Unreachable`."""
    try:
        history = await client.get_workflow_handle(inspection_workflow_id(inspection)).fetch_history()
        deliveries = [
            json.loads((await client.get_workflow_handle(one.id, run_id=one.run_id).fetch_history()).to_json())
            async for one in client.list_workflows(f'WorkflowId = "{delivery_workflow_id(inspection)}"')
        ]
    except RPCError as error:
        raise Unreachable(f"the engine does not answer for {inspection}: {error.message}") from None
    heads = [(one.head, one.hash) for one in account_of(inspection, json.loads(history.to_json())).commits]
    beyond = any(head > known for head, _ in heads) or not known
    tale = await replaying(inspection, history) if beyond else ReplayedInspection(inspection)
    tale.heads = heads
    for delivery in deliveries:
        _take_fates(tale, delivery["events"])
    tale.fates.sort(key=lambda fate: fate.at)
    tale.under_way -= {fate.thing for fate in tale.fates}
    return tale


async def replaying(inspection: str, history: WorkflowHistory) -> ReplayedInspection:
    """Tells a story over its history again, and listens. One that today's code cannot follow answers a fault."""
    tale = ReplayedInspection(inspection, began=history.events[0].event_time.ToDatetime(tzinfo=UTC))
    replayer = Replayer(
        workflows=[InspectionWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=UnsandboxedWorkflowRunner(),
        interceptors=[_InboundRecorder(tale)],
    )
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    if result.replay_failure is not None:
        return ReplayedInspection(inspection, fault=f"its story cannot be followed any more: {result.replay_failure}")
    return tale


class _InboundRecorder(Interceptor):
    """Gives each story that is told again an ear."""

    def __init__(self, tale: ReplayedInspection) -> None:
        self._tale = tale

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: ARG002 - theirs to name
    ) -> type[WorkflowInboundInterceptor]:
        """For each story, one that hears its beginning."""
        tale = self._tale

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                self.next.init(_RecordingInterceptor(outbound, tale))

            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
                tale.start = input.args[0]
                return await self.next.execute_workflow(input)

        return Inbound


class _RecordingInterceptor(WorkflowOutboundInterceptor):
    """Hears what is asked of the records, and what they answered."""

    def __init__(self, following: WorkflowOutboundInterceptor, tale: ReplayedInspection) -> None:
        super().__init__(following)
        self._tale = tale

    def start_local_activity(self, input: StartLocalActivityInput) -> ActivityHandle[Any]:
        """The activity itself is not done: its answer comes from the history."""
        handle = super().start_local_activity(input)
        heard = {COMMIT_DECISION: self._recorded, QUERY_RECORD_STATE: self._ready}.get(input.activity)
        if heard is not None:
            handle.add_done_callback(_answered(heard, input.args[0]))
        return handle

    def _recorded(self, wanted: DecisionCommit, answer: CommitResult) -> None:
        if isinstance(answer, Stored):
            self._tale.recordings.append((wanted, answer))

    def _ready(self, _: Any, answer: Any) -> None:
        self._tale.seen |= {entry.number: entry for entry in answer.missed_events}


def _answered(heard: Callable[[Any, Any], None], asked: Any) -> Callable[[Any], None]:
    def done(handle: Any) -> None:
        if not handle.cancelled() and handle.exception() is None:
            heard(asked, handle.result())

    return done


def _take_fates(tale: ReplayedInspection, events: Iterable[dict[str, Any]]) -> None:
    """What the activities of one run of the delivery came to."""
    wanted: dict[str, tuple[str, str]] = {}
    began: dict[str, datetime] = {}
    for event in events:
        if asked := event.get("activityTaskScheduledEventAttributes"):
            wanted[event["eventId"]] = (asked["activityType"]["name"], _payload(asked["input"])["id"])
        elif started := event.get("activityTaskStartedEventAttributes"):
            began[started["scheduledEventId"]] = datetime.fromisoformat(event["eventTime"])
        elif done := event.get("activityTaskCompletedEventAttributes"):
            activity, thing = wanted[done["scheduledEventId"]]
            letter = DeliveryOutcome.model_validate(_payload(done["result"])) if activity == SEND_LETTER else None
            at = letter.at if letter else began[done["scheduledEventId"]]
            tale.fates.append(Fate(activity, thing, at, letter))
        for left in answers(event, SEND_FIRST_ATTEMPT):
            tale.fates += [_went(DeliveryOutcome.model_validate(one)) for one in left["outcomes"]]
    tale.under_way |= {thing for activity, thing in wanted.values() if activity == SEND_LETTER}


def _went(letter: DeliveryOutcome) -> Fate:
    return Fate(SEND_LETTER, letter.letter_id, letter.at, letter)


def _payload(holder: dict[str, Any]) -> Any:
    return json.loads(base64.b64decode(holder["payloads"][0]["data"]))
