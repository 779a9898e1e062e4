"""Reads each inspection's histories from the engine: its start, its commits, and the outcomes of its deliveries.

A history holds the results of `commit_decision`, but of local activities no arguments. Workflows are deterministic: replayed
over its history, the workflow calls `commit_decision` with the same arguments, and an interceptor records them. No activity
runs in a replay."""

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
from framework.inspection.start import InspectionStart
from framework.messages.commit import CommitResult, DecisionCommit, Stored
from framework.messages.delivery import DeliveryOutcome
from framework.messages.events import StoredEvent as Entry
from records.verify.engine_history_check import account_of, answers
from workflows.inspection import InspectionWorkflow

PREFIX = inspection_workflow_id("")


@dataclass(frozen=True, slots=True)
class ActivityOutcome:
    """The outcome of an activity of a delivery: a document rendered, a letter accepted or refused, a report published."""

    activity: str
    subject: str
    """The identifier of the letter or document."""
    at: datetime
    """The outcome's own moment for a letter; otherwise when the successful attempt began."""
    letter: DeliveryOutcome | None = None


@dataclass(slots=True)
class ReplayedInspection:
    """The content of the engine's histories of one inspection."""

    inspection: str
    start: InspectionStart | None = None
    began: datetime | None = None
    heads: list[tuple[int, str]] = field(default_factory=list)
    """Number and hash of the newest event after each commit: the events that the engine attests."""
    commits: list[tuple[DecisionCommit, Stored]] = field(default_factory=list)
    """The commits in order, each with its result; empty if the restored records hold all of them."""
    missed_events: dict[int, Entry] = field(default_factory=dict)
    """Number -> event, of those that the workflow read from the records: an earlier attempt had committed them."""
    outcomes: list[ActivityOutcome] = field(default_factory=list)
    """The outcomes of deliveries, by their moment."""
    fault: str = ""
    """Why the history cannot be replayed; then `commits` is empty."""
    in_progress: set[str] = field(default_factory=set)
    """Letters for which an attempt was scheduled and no outcome is known."""


async def inspections(client: Client) -> list[str]:
    """Returns every inspection of which the engine has a workflow. Raises `Unreachable`."""
    try:
        workflows = client.list_workflows(f'WorkflowType = "{INSPECTION_WORKFLOW}"')
        return sorted({workflow.id.removeprefix(PREFIX) async for workflow in workflows})
    except RPCError as error:
        raise Unreachable(f"the engine does not answer: {error.message}") from None


async def replay(client: Client, inspection: str, head: int) -> ReplayedInspection:
    """Reads the histories of one inspection; its commits only if the engine attests events after number `head`.

    Raises `Unreachable`."""
    try:
        history = await client.get_workflow_handle(inspection_workflow_id(inspection)).fetch_history()
        deliveries = [
            json.loads((await client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()).to_json())
            async for run in client.list_workflows(f'WorkflowId = "{delivery_workflow_id(inspection)}"')
        ]
    except RPCError as error:
        raise Unreachable(f"the engine does not answer for {inspection}: {error.message}") from None
    heads = [(commit.head, commit.hash) for commit in account_of(inspection, json.loads(history.to_json())).commits]
    is_newer = any(number > head for number, _ in heads) or not head
    replayed = await replay_history(inspection, history) if is_newer else ReplayedInspection(inspection)
    replayed.heads = heads
    for delivery in deliveries:
        add_outcomes(replayed, delivery["events"])
    replayed.outcomes.sort(key=lambda outcome: outcome.at)
    replayed.in_progress -= {outcome.subject for outcome in replayed.outcomes}
    return replayed


async def replay_history(inspection: str, history: WorkflowHistory) -> ReplayedInspection:
    """Replays an inspection's workflow over its history and records its commits; `fault` is set if the replay fails."""
    replayed = ReplayedInspection(inspection, began=history.events[0].event_time.ToDatetime(tzinfo=UTC))
    replayer = Replayer(
        workflows=[InspectionWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=UnsandboxedWorkflowRunner(),
        interceptors=[_ReplayInterceptor(replayed)],
    )
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    if result.replay_failure is not None:
        return ReplayedInspection(inspection, fault=f"its history cannot be replayed: {result.replay_failure}")
    return replayed


class _ReplayInterceptor(Interceptor):
    """Makes the interceptors that record the start and the local activities of the replayed workflow."""

    def __init__(self, replayed: ReplayedInspection) -> None:
        self._replayed = replayed

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: ARG002 - named by the base class
    ) -> type[WorkflowInboundInterceptor]:
        """Returns the class of the inbound interceptor, which records the argument of the workflow."""
        replayed = self._replayed

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                self.next.init(_RecordingInterceptor(outbound, replayed))

            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
                replayed.start = input.args[0]
                return await self.next.execute_workflow(input)

        return Inbound


class _RecordingInterceptor(WorkflowOutboundInterceptor):
    """Records arguments and results of the local activities that commit decisions and query the records."""

    def __init__(self, following: WorkflowOutboundInterceptor, replayed: ReplayedInspection) -> None:
        super().__init__(following)
        self._replayed = replayed

    def start_local_activity(self, input: StartLocalActivityInput) -> ActivityHandle[Any]:
        """Passes the call on; in a replay the result comes from the history, and the activity does not run."""
        handle = super().start_local_activity(input)
        record = {COMMIT_DECISION: self._add_commit, QUERY_RECORD_STATE: self._add_missed}.get(input.activity)
        if record is not None:
            handle.add_done_callback(_on_result(record, input.args[0]))
        return handle

    def _add_commit(self, decision: DecisionCommit, result: CommitResult) -> None:
        if isinstance(result, Stored):
            self._replayed.commits.append((decision, result))

    def _add_missed(self, _: Any, record_state: Any) -> None:
        self._replayed.missed_events |= {entry.number: entry for entry in record_state.missed_events}


def _on_result(record: Callable[[Any, Any], None], argument: Any) -> Callable[[Any], None]:
    """Returns a callback that passes argument and result to `record`, if the activity succeeded."""

    def on_done(handle: Any) -> None:
        if not handle.cancelled() and handle.exception() is None:
            record(argument, handle.result())

    return on_done


def add_outcomes(replayed: ReplayedInspection, events: Iterable[dict[str, Any]]) -> None:
    """Adds the outcomes in the history of one run of the delivery, and the letters it scheduled."""
    scheduled: dict[str, tuple[str, str]] = {}
    began: dict[str, datetime] = {}
    for event in events:
        if attributes := event.get("activityTaskScheduledEventAttributes"):
            scheduled[event["eventId"]] = (attributes["activityType"]["name"], _payload(attributes["input"])["id"])
        elif attributes := event.get("activityTaskStartedEventAttributes"):
            began[attributes["scheduledEventId"]] = datetime.fromisoformat(event["eventTime"])
        elif attributes := event.get("activityTaskCompletedEventAttributes"):
            activity, subject = scheduled[attributes["scheduledEventId"]]
            letter = DeliveryOutcome.model_validate(_payload(attributes["result"])) if activity == SEND_LETTER else None
            at = letter.at if letter else began[attributes["scheduledEventId"]]
            replayed.outcomes.append(ActivityOutcome(activity, subject, at, letter))
        for result in answers(event, SEND_FIRST_ATTEMPT):
            replayed.outcomes += [letter_outcome(DeliveryOutcome.model_validate(row)) for row in result["outcomes"]]
    replayed.in_progress |= {subject for activity, subject in scheduled.values() if activity == SEND_LETTER}


def letter_outcome(letter: DeliveryOutcome) -> ActivityOutcome:
    """Returns the outcome of the activity that sent or failed to send a letter."""
    return ActivityOutcome(SEND_LETTER, letter.letter_id, letter.at, letter)


def _payload(holder: dict[str, Any]) -> Any:
    return json.loads(base64.b64decode(holder["payloads"][0]["data"]))
