"""A small measurement: every figure exists, and counts what its name says."""

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


def test_with_one_record_a_command_its_letters_and_documents_are_still_counted() -> None:
    plan = [[RECORD, RECORD, LETTER, RECORD, DOCUMENT], [RECORD, LETTER, PUBLICATION]]
    assert one_record_a_command(plan) == [[RECORD, LETTER, DOCUMENT], [RECORD, LETTER, PUBLICATION]]


def test_histories_are_counted_by_workflow_and_steps_by_their_updates() -> None:
    update = HistoryEvent()
    update.workflow_execution_update_accepted_event_attributes.accepted_request_message_id = "x"
    inspection = WorkflowHistory("inspection-A", [update, HistoryEvent(), update])
    figures = counted([inspection, WorkflowHistory("delivery-A", [HistoryEvent()])], reminders=1)
    assert figures["events"] == {"inspection": 3, "delivery": 1}
    assert (figures["steps"], figures["events_in_all"], figures["aim"]) == (2, 4, 60 + 2 * 12 + 11)


def test_memory_and_processor_time_of_a_process_are_measured() -> None:
    assert resident(os.getpid()) > 1000
    assert processor(os.getpid()) > 0


def test_the_synthetic_log_is_searched_and_timed(tmp_path: Path) -> None:
    figures = search.measure(tmp_path / "search", events=1000, repetitions=1)
    assert (figures["events"], figures["inspections"]) == (1000, 10)
    for name in ("page_ms", "single_history_ms", "statistics_ms"):
        assert 0 < figures[name]["p50"] <= figures[name]["p95"]
    records = connection.connect(f"sqlite:///{tmp_path / 'search' / 'records.sqlite'}")
    with reading(records) as session:
        assert len(history(session)) == 1000
        assert history(session, criteria=EventFilter(kind="heading_graded", words=synthetic_log.VOCABULARY[0]))
    records.dispose()


@pytest.mark.slow
async def test_a_measured_lifecycle_is_compared_with_as_many_commands_and_effects() -> None:
    options = run.BenchOptions(inspections=1, repetitions=1, parts=("throughput",), sandbox=False)
    document = await run.measure(options)
    lifecycles = document["lifecycles"]
    assert lifecycles["commands"] == len(COMMANDS) == document["history_of_a_lifecycle"]["steps"]
    assert lifecycles["effects_with_one_record_a_command"] < lifecycles["effects"]
    for kind in ("html", "pdf", "bare", "bare_one_record_a_command"):
        assert lifecycles[kind]["lifecycles_a_second"] > 0
        assert lifecycles[kind]["command_ms_alone"]["p50"] > 0
    assert lifecycles["ratio_html_to_bare"] > 0
    assert document["pages"]["report"]["pages"] >= 15
