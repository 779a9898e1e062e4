"""A tiny measurement: every figure is there, and counts what it says it counts."""

import os
from pathlib import Path

import pytest
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from operations.bench import run, search, synthetic_log
from operations.bench.effect_plan import DOCUMENT, LETTER, PUBLICATION, RECORD, one_record_a_command
from operations.bench.figures import milliseconds, processor, resident
from operations.bench.histories import counted
from operations.bench.lifecycle import COMMANDS
from records.database import connection
from records.database.connection import reading
from records.log.criteria import EventFilter
from records.log.read import history


def test_the_median_and_the_95th_percentile_are_in_milliseconds() -> None:
    assert milliseconds(number / 1000 for number in range(1, 101)) == {"p50": 50.5, "p95": 95.0}


def test_one_value_is_its_own_percentile() -> None:
    assert milliseconds([0.25]) == {"p50": 250.0, "p95": 250.0}


def test_a_command_keeps_its_letters_and_documents_when_it_is_counted_with_one_record() -> None:
    plan = [[RECORD, RECORD, LETTER, RECORD, DOCUMENT], [RECORD, LETTER, PUBLICATION]]
    assert one_record_a_command(plan) == [[RECORD, LETTER, DOCUMENT], [RECORD, LETTER, PUBLICATION]]


def test_histories_are_counted_by_workflow_and_steps_by_their_updates() -> None:
    update = HistoryEvent()
    update.workflow_execution_update_accepted_event_attributes.accepted_request_message_id = "x"
    inspection = WorkflowHistory("inspection-A", [update, HistoryEvent(), update])
    found = counted([inspection, WorkflowHistory("delivery-A", [HistoryEvent()])], reminders=1)
    assert found["events"] == {"inspection": 3, "delivery": 1}
    assert (found["steps"], found["events_in_all"], found["aim"]) == (2, 4, 60 + 2 * 12 + 11)


def test_a_process_has_a_size_and_has_used_the_processor() -> None:
    assert resident(os.getpid()) > 1000
    assert processor(os.getpid()) > 0


def test_a_log_made_for_searching_is_searched_and_counted(tmp_path: Path) -> None:
    found = search.measure(tmp_path / "search", events=1000, repetitions=1)
    assert (found["events"], found["inspections"]) == (1000, 10)
    for name in ("page_ms", "single_history_ms", "statistics_ms"):
        assert 0 < found[name]["p50"] <= found[name]["p95"]
    records = connection.connect(f"sqlite:///{tmp_path / 'search' / 'records.sqlite'}")
    with reading(records) as session:
        assert len(history(session)) == 1000
        assert history(session, criteria=EventFilter(kind="heading_graded", words=synthetic_log.VOCABULARY[0]))
    records.dispose()


@pytest.mark.slow
async def test_a_measured_lifecycle_is_compared_with_as_many_commands_and_effects() -> None:
    wanted = run.Wanted(inspections=1, repetitions=1, parts=("throughput",), sandbox=False)
    document = await run.measure(wanted)
    lived = document["lifecycles"]
    assert lived["commands"] == len(COMMANDS) == document["history_of_a_lifecycle"]["steps"]
    assert lived["effects_with_one_record_a_command"] < lived["effects"]
    for kind in ("html", "pdf", "bare", "bare_one_record_a_command"):
        assert lived[kind]["lifecycles_a_second"] > 0
        assert lived[kind]["command_ms_alone"]["p50"] > 0
    assert lived["ratio_html_to_bare"] > 0
    assert document["pages"]["report"]["pages"] >= 15
