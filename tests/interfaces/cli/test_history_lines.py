"""`inspections history` on a screen: a line an event, without identifiers; `--full` has the rest."""

import json
import re
from typing import Any

import pytest

from framework.messages.events import system_event
from records.database.connection import writing
from records.log.append import append
from tests.cli_harness import ID, CliHarness, fits


@pytest.fixture
def on_site(cli: CliHarness) -> CliHarness:
    """On site, with letters, reasons, grades, a late entry, and a reminder of two limits."""
    cli.on_site()
    heading = {"heading": "looked_after.positive_contribution", "text": "So.", "equality": "So."}
    cli.take("grade", "i.ashdown", grade="good", **heading)
    cli.on("2010-11-18").take("grade", "i.ashdown", grade="adequate", **heading)
    rungs: list[dict[str, Any]] = [
        {"limit": limit, "rung": -1, "due": "2010-11-19", "passed_over": []} for limit in ("cases", "documents")
    ]
    with writing(cli.records) as session:
        reminded = system_event("reminder_sent", cli.now, {"to": "link.330", "rungs": rungs}, "limit:documents", 30)
        append(session, ID, "c-0001", [reminded], cli.now)
    return cli


@pytest.mark.parametrize("of", [(ID,), ()], ids=["one", "all"])
def test_an_event_takes_a_line_and_no_line_holds_an_identifier(on_site: CliHarness, of: tuple[str, ...]) -> None:
    printed = on_site.run("history", *of).stdout
    events = on_site.json("history", *of)
    headings, *lines = printed.splitlines()
    assert fits(printed)
    assert len(lines) == len(events)
    for line, event in zip(lines, events, strict=True):
        assert line.startswith(str(event["number"]) if of else event["key"])
        assert event["by"] in line
        assert event["command"] not in line
        assert event["hash"][:8] not in line
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|command line|cause", line)
    assert headings.split()[1:] == ["Happened", "By", "Para", "What"]


def test_a_line_has_the_grade_before_the_heading_and_what_it_was(on_site: CliHarness) -> None:
    lines = on_site.run("history", ID, "--kind", "heading_graded").stdout.splitlines()[1:]
    assert "graded: good, looked_after.positive_" in lines[0]
    assert "graded: adequate (was good), looked_aft" in lines[1]
    assert lines[0].endswith("…")


def test_a_line_names_the_letters_the_limits_reminded_of_and_the_reason(on_site: CliHarness) -> None:
    printed = on_site.run("history", ID).stdout
    assert "notification issued (letter 1)" in printed
    assert "reminder sent to link.330: cases (-1)" in printed
    assert "gate overridden: cases; why: The files wer" in printed
    assert "letter accepted" not in printed


def test_an_entry_that_was_recorded_on_a_later_day_is_marked(on_site: CliHarness) -> None:
    assert "*" not in on_site.run("history", ID).stdout
    on_site.take("change_lead", "c.marsh", on="2010-11-17", person="i.bellamy", stays=True, reason="Taken ill")
    printed = on_site.run("history", ID, "--kind", "lead_changed").stdout
    assert "17 Nov 2010*  c.marsh" in printed
    assert "* Recorded on a later day: --full shows when." in printed
    assert "recorded 18 Nov 2010 09:00" in on_site.run("history", ID, "--kind", "lead_changed", "--full").stdout


def test_a_reason_of_several_lines_stays_on_one(on_site: CliHarness) -> None:
    on_site.take("override", "m.okafor", gate="notice", reason="Taken\n\nill")
    headings, line = on_site.run("history", ID, "--kind", "gate_overridden").stdout.splitlines()[::3]
    assert "notice; why: Taken ill" in line
    assert headings.startswith("No")


def test_lines_and_all_of_each_change_nothing_of_json_and_csv(on_site: CliHarness) -> None:
    for shape in ("json", "jsonl", "csv"):
        assert (
            on_site.run("history", "--format", shape).stdout
            == on_site.run("history", "--full", "--format", shape).stdout
        )
    assert json.loads(on_site.run("history", ID, "--format", "json").stdout) == on_site.json("history", ID)


def test_an_empty_result_is_stated(on_site: CliHarness) -> None:
    assert on_site.run("history", ID, "--kind", "letter_failed").stdout == "Nothing like that happened.\n"
