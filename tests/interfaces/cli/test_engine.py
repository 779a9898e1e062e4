"""`start`, `do` and `correct` against the real thing: `inspections up` with its engine, worker and mailbox."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from application.caller import Caller
from application.commands import step_dispatch
from application.commands.start_inspection import StartInspection, record_order
from application.files.order_file import read_order
from application.runtime import run_file, settings
from application.runtime.context import AppContext
from records.database import connection
from tests.cli_harness import an_order, run
from tests.orders import ORDER, order_as_text

BOUND = 60.0


class RunningSystem:
    """The command line beside a system that runs."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *words: str, code: int = 0) -> Any:
        result = run(*words, "--data", str(self.data))
        assert result.exit_code == code, result.output
        return result

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json").stdout)

    def waiting(self, reference: str) -> list[Any]:
        """The tasks of an inspection but those of its people, who are in the inspections of other tests on the same days."""
        return [task for task in self.json("tasks", reference) if task["kind"] != "people_clash"]

    def order(self, reference: str, **changes: Any) -> str:
        """The path of an order that is notified at once; each authority is used once."""
        path = self.data / f"{reference}.yaml"
        path.write_text(order_as_text(**{"reference": reference, "notify": "now", **changes}))
        return str(path)

    def notified(self, reference: str, **changes: Any) -> str:
        """An inspection whose notification has been accepted."""
        self.run("start", self.order(reference, **changes))
        until(lambda: self.json("show", reference)["stage"] == "notified")
        return reference


def until(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """A system that is ready to take steps; one for all tests of this module."""
    data = tmp_path_factory.mktemp("office")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "INSPECTIONS_"))}
    command = [str(Path(sys.executable).parent / "inspections"), "up", "--data", str(data)]
    up = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    try:
        until(lambda: run_file.find(data) is not None)
        yield RunningSystem(data)
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(BOUND)


def test_an_order_starts_an_inspection_that_is_notified_at_once(system: RunningSystem) -> None:
    order = system.order("START-1", authority="301")
    assert system.run("start", order).stdout == "START-1\n"
    until(lambda: system.json("show", "START-1")["stage"] == "notified")
    (row,) = [row for row in system.json("list") if row["id"] == "START-1"]
    assert row["next"]["waits_for"] == "link_officer"
    again = system.run("start", order, "--json")
    assert json.loads(again.stdout) == {"id": "START-1"}
    assert "nothing new was started" in again.stderr


def test_a_start_that_was_cut_off_before_the_engine_is_finished_by_the_same_order(system: RunningSystem) -> None:
    chosen = settings.read(system.data)
    records = connection.connect(chosen.records_url)
    order = StartInspection(read_order(an_order(reference="CUT-1", authority="302", notify="now")), "cut")
    record_order(Caller(), AppContext(chosen, records), order)
    records.dispose()
    assert system.json("show", "CUT-1")["stage"] == "planned"
    assert system.run("start", system.order("CUT-1", authority="302")).stdout == "CUT-1\n"
    until(lambda: system.json("show", "CUT-1")["stage"] == "notified")
    kinds = [event["kind"] for event in system.json("history", "CUT-1")]
    assert (kinds.count("inspection_ordered"), kinds.count("notified")) == (1, 1)


def test_another_open_inspection_of_the_same_authority_and_scope_is_refused(system: RunningSystem) -> None:
    system.run("start", system.order("SAME-1", authority="303"))
    assert "SAME-1" in system.run("start", system.order("SAME-2", authority="303"), code=3).stderr
    assert "there is no inspection SAME-2" in system.run("show", "SAME-2", code=2).stderr


def test_what_the_gates_lack_waits_as_a_task_until_it_is_overridden(system: RunningSystem) -> None:
    started = system.run("start", system.order("GATE-1", authority="304", team=[ORDER["team"][0], ORDER["team"][3]]))
    assert "not notified yet: the team has 1 of at least three inspectors" in started.stderr
    until(lambda: bool(system.waiting("GATE-1")))
    (task,) = system.waiting("GATE-1")
    assert "«notify» could not be taken" in task["words"]
    reason = ("--set", "gate=team", "--set", "reason=Two are ill")
    system.run("do", "GATE-1", "override", *reason, "--by", "m.okafor")
    until(lambda: system.json("show", "GATE-1")["stage"] == "notified")
    assert system.waiting("GATE-1") == []


def test_a_step_prints_what_happened_the_stage_and_whom_it_now_waits_for(system: RunningSystem) -> None:
    system.notified("STEP-1", authority="305")
    output = system.run("do", "STEP-1", "receive_case_lists", "--by", "link.305").stdout
    assert output.startswith("STEP-1: case lists received on ")
    assert "Stage: notified\n" in output
    assert "Next: Set-up meeting, by " in output
    assert "Waits for: Lead inspector (i.ashdown)\n" in output


def test_a_refusal_ends_with_3_names_the_paragraph_and_is_recorded(system: RunningSystem) -> None:
    system.notified("NO-1", authority="306")
    output = system.run("do", "NO-1", "publish", "--by", "c.marsh", code=3).stderr
    assert "publish is taken from final_issued; NO-1 is at notified (para 53)" in output
    wrong = ("--set", "attendees=x", "--set", "decisions=y", "--by", "dcs.306")
    assert "(para 32)" in system.run("do", "NO-1", "hold_set_up_meeting", *wrong, code=3).stderr
    refused = system.json("history", "NO-1", "--kind", "step_refused")
    assert [event["by"] for event in refused] == ["c.marsh", "dcs.306"]


def test_a_fault_of_input_ends_with_2_and_is_not_recorded(system: RunningSystem) -> None:
    system.notified("BAD-1", authority="307")
    output = system.run("do", "BAD-1", "hold_set_up_meeting", "--by", "i.ashdown", code=2).stderr
    assert "attendees: is missing" in output
    tomorrow = ("receive_documents", "--by", "link.307", "--on", "2099-01-01")
    assert "lies in the future" in system.run("do", "BAD-1", *tomorrow, code=2).stderr
    assert system.json("history", "BAD-1", "--kind", "step_refused") == []


def test_the_same_command_again_is_one_command(system: RunningSystem) -> None:
    system.notified("TWICE-1", authority="308")
    words = ("do", "TWICE-1", "receive_case_lists", "--by", "link.308", "--command", "c-1")
    first = system.json(*words)
    assert system.json(*words)["events"] == first["events"]
    assert len(system.json("history", "TWICE-1", "--kind", "case_lists_received")) == 1


def test_a_wrong_day_is_corrected_and_what_depends_on_it_follows(system: RunningSystem) -> None:
    system.run("start", system.order("DAY-1", authority="309", service="by_hand"))
    proof = ("--set", "method=by_hand", "--set", "proof=Signed for at the desk")
    system.run("do", "DAY-1", "record_service", "--by", "c.marsh", "--on", "2024-01-03", *proof)
    before = {limit["key"]: limit["due"] for limit in system.json("show", "DAY-1")["limits"]}
    (event,) = system.json("history", "DAY-1", "--kind", "notified")
    words = ("--on", "2024-01-08", "--by", "c.marsh", "--reason", "It was handed over then")
    result = system.json("correct", "DAY-1", str(event["number"]), *words)
    assert [event["kind"] for event in result["events"]] == ["corrected"]
    after = {limit["key"]: limit["due"] for limit in system.json("show", "DAY-1")["limits"]}
    assert (after["notification"], after["set_up_meeting"]) == ("2024-01-08", "2024-01-12")
    assert before["set_up_meeting"] != after["set_up_meeting"]
    (corrected,) = system.json("history", "DAY-1", "--kind", "corrected")
    assert corrected["why"] == "It was handed over then"
    assert "It was handed over then" not in json.dumps({**corrected, "why": ""})  # the log itself holds its identifier


def test_where_no_answer_comes_the_end_is_4_and_the_command_to_repeat_is_named(
    system: RunningSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    system.notified("WAIT-1", authority="310")
    monkeypatch.setattr(step_dispatch, "ANSWER_TIMEOUT_SECONDS", 1.0)
    found_file = run_file.find(system.data)
    assert found_file
    os.kill(found_file.worker, signal.SIGSTOP)
    try:
        output = system.run("do", "WAIT-1", "receive_documents", "--by", "link.310", "--command", "c-9", code=4).stderr
    finally:
        os.kill(found_file.worker, signal.SIGCONT)
    assert "--command c-9" in output
    monkeypatch.setattr(step_dispatch, "ANSWER_TIMEOUT_SECONDS", BOUND)
    result = system.json("do", "WAIT-1", "receive_documents", "--by", "link.310", "--command", "c-9")
    assert [event["kind"] for event in result["events"]] == ["documents_received"]
    assert len(system.json("history", "WAIT-1", "--kind", "documents_received")) == 1


def test_reading_beside_a_running_engine_ends_with_0_and_says_nothing_more(system: RunningSystem) -> None:
    for words in (("list",), ("tasks",), ("history",), ("authorities", "list"), ("holidays", "list")):
        assert system.run(*words).stderr == ""


def test_verify_asks_the_engine_that_runs(system: RunningSystem) -> None:
    reference = system.notified("SLAC-2010-977", authority="384")
    report = system.json("verify", reference)
    assert (report["right"], report["witnesses"]["engine_asked"]) == (True, True)
    assert report["checked"]["recordings"] > 1
