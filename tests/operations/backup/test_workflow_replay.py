"""Reading an inspection's commits and the outcomes of its deliveries from the engine's histories."""

import base64
import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.client import WorkflowHistory

from activities.names import RENDER_DOCUMENT, SEND_LETTER
from operations.backup.workflow_replay import ReplayedInspection, add_outcomes, replay_history
from tests.workflows.kept_histories import read_histories

ID = "SLAC-2010-001"
STARTED = datetime(2010, 11, 3, 9, 0, 1, tzinfo=UTC)
ACCEPTED = datetime(2010, 11, 3, 9, 0, 5, tzinfo=UTC)


def history_of(events: Any) -> WorkflowHistory:
    return WorkflowHistory.from_json(f"inspection-{ID}", json.dumps(events))


async def test_a_history_yields_its_start_and_every_commit_with_its_result() -> None:
    replayed = await replay_history(ID, history_of(read_histories("joint")[f"inspection-{ID}"]))
    assert replayed.fault == ""
    assert replayed.start is not None
    assert replayed.start.order.reference == ID
    kinds = [event.kind for decision, _ in replayed.commits for event in decision.events]
    assert (kinds[0], kinds[-1]) == ("notification_issued", "window_closed")
    assert [result.head for _, result in replayed.commits] == sorted({result.head for _, result in replayed.commits})


async def test_a_history_that_today_s_workflow_does_not_follow_yields_a_fault_and_no_commit() -> None:
    events = copy.deepcopy(read_histories("joint")[f"inspection-{ID}"])
    timer = next(row for row in events["events"] if row["eventType"] == "EVENT_TYPE_TIMER_STARTED")
    index = next(i for i, row in enumerate(events["events"]) if row["eventType"] == "EVENT_TYPE_MARKER_RECORDED")
    events["events"][index] = {**timer, "eventId": events["events"][index]["eventId"]}
    replayed = await replay_history(ID, history_of(events))
    assert replayed.fault.startswith("its history cannot be replayed:")
    assert replayed.commits == []


def delivery(activity: str, result: Any, *, completes: bool = True) -> Iterator[dict[str, Any]]:
    """Yields the events of one activity in a delivery's history, in the form of the engine's JSON."""
    yield {
        "eventId": "5",
        "activityTaskScheduledEventAttributes": {"activityType": {"name": activity}, "input": _payload({"id": "L1"})},
    }
    yield {
        "eventTime": STARTED.isoformat(),
        "activityTaskStartedEventAttributes": {"scheduledEventId": "5"},
    }
    if completes:
        yield {"activityTaskCompletedEventAttributes": {"scheduledEventId": "5", "result": _payload(result)}}


def _payload(value: Any) -> dict[str, Any]:
    return {"payloads": [{"data": base64.b64encode(json.dumps(value).encode()).decode()}]}


def test_a_letter_has_the_moment_of_its_outcome() -> None:
    outcome = {"letter_id": "L1", "kind": "announcement", "at": ACCEPTED.isoformat(), "accepted": True}
    replayed = ReplayedInspection(ID)
    add_outcomes(replayed, delivery(SEND_LETTER, outcome))
    (row,) = replayed.outcomes
    assert (row.subject, row.at) == ("L1", ACCEPTED)
    assert row.letter is not None
    assert row.letter.accepted


def test_a_document_has_the_moment_its_last_attempt_began() -> None:
    replayed = ReplayedInspection(ID)
    add_outcomes(replayed, delivery(RENDER_DOCUMENT, None))
    assert [(row.activity, row.subject, row.at) for row in replayed.outcomes] == [(RENDER_DOCUMENT, "L1", STARTED)]
    assert replayed.in_progress == set()


@pytest.mark.parametrize(("activity", "in_progress"), [(SEND_LETTER, {"L1"}), (RENDER_DOCUMENT, set())])
def test_a_letter_whose_attempt_has_no_outcome_is_in_progress(activity: str, in_progress: set[str]) -> None:
    replayed = ReplayedInspection(ID)
    add_outcomes(replayed, delivery(activity, None, completes=False))
    assert replayed.outcomes == []
    assert replayed.in_progress == in_progress
