"""`inspections history`: searched by words, stage, authority and limit, page by page, as lines of JSON or CSV."""

import csv
import io
import json
from datetime import datetime

import pytest

from framework.inspection.event_kinds import EVENT_KINDS
from framework.messages.events import system_event
from interfaces.cli.history_formats import COLUMNS, harmless
from records.database.connection import writing
from records.log.append import append
from tests.cli_harness import ID, CliHarness, fits

OTHER = "SLAC-2010-002"
UNWISE = '=cmd|"/c calc"!A1'


@pytest.fixture
def two(cli: CliHarness) -> CliHarness:
    """One on site, and one planned whose lead was changed for a reason that looks like a formula."""
    cli.on_site()
    cli.start(reference=OTHER, authority="331", notify="2011-01-12")
    cli.take("change_lead", "c.marsh", OTHER, person="i.bellamy", reason=UNWISE)
    return cli


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (("--words", "council house"), {"inspection_ordered", "set_up_meeting_arranged"}),
        (("--words", "PROPOSED"), {"set_up_meeting_held"}),
        (("--words", "calc"), {"lead_changed"}),
        (("--authority", "331"), {"inspection_ordered", "lead_changed"}),
        (("--stage", "planned", "--by", "c.marsh"), {"inspection_ordered", "lead_changed"}),
        (("--limit", "set_up_meeting"), {"set_up_meeting_held"}),
        (("--limit", "draft_report"), set()),
        (("--limit", "risk_confirmation"), set()),  # no step meets it yet
        (("--by", "a.vale"), set()),
        (("--kind", "letter_failed"), set()),
    ],
)
def test_the_log_of_all_is_searched(two: CliHarness, words: tuple[str, ...], kinds: set[str]) -> None:
    assert {event["kind"] for event in two.json("history", *words)} == kinds
    assert fits(two.run("history", *words).stdout)
    assert fits(two.run("history", *words, "--full").stdout)


def test_a_page_ends_with_the_key_of_the_next(two: CliHarness) -> None:
    whole = two.json("history")
    first = two.run("history", "--json", "--page-size", "3")
    assert json.loads(first.stdout) == whole[:3]
    assert first.stderr == f"There are more: the next page begins --after {whole[2]['key']}\n"
    assert two.json("history", "--page-size", "2", "--after", whole[2]["key"]) == whole[3:5]
    assert two.json("history", "--after", whole[2]["key"]) == whole[3:]
    last = two.run("history", "--page-size", str(len(whole)))
    assert "There are more" not in last.stdout + last.stderr


def test_a_screen_of_all_shows_fifty_and_says_that_there_are_more(two: CliHarness) -> None:
    for _ in range(50):
        two.take("write_section", "i.ashdown", heading="about", text="What was found.")
    output = two.run("history").stdout
    assert output.count("section written") < 50
    assert f"There are more: the next page begins --after {two.json('history')[49]['key']}" in output
    assert "There are more" not in two.run("history", ID).stdout


def test_the_reason_is_shown_in_its_words(two: CliHarness) -> None:
    (changed,) = two.json("history", "--kind", "lead_changed")
    assert changed["why"] == UNWISE
    assert f"why: {UNWISE}" in two.run("history", "--kind", "lead_changed", "--full").stdout


def test_lines_of_json_hold_what_the_list_holds(two: CliHarness) -> None:
    lines = two.run("history", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == two.json("history")


def test_a_csv_holds_everything_and_no_formula(two: CliHarness) -> None:
    rows = list(csv.DictReader(io.StringIO(two.run("history", "--format", "csv").stdout)))
    whole = two.json("history")
    assert [row["key"] for row in rows] == [event["key"] for event in whole]
    for row, event in zip(rows, whole, strict=True):
        assert json.loads(row["data"]) == event["data"]
        assert datetime.fromisoformat(row["recorded"]) == datetime.fromisoformat(event["recorded"])
    assert rows[-1]["why"] == f"'{UNWISE}"
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


WIDE = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The same signs as East Asian fonts have them: spreadsheets take them for the narrow ones."""


def test_a_csv_of_nothing_still_has_its_columns(two: CliHarness) -> None:
    assert two.run("history", "--format", "csv", "--by", "a.vale").stdout.strip() == ",".join(COLUMNS)
    assert tuple(two.json("history")[0]) == COLUMNS


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0@", *WIDE])
def test_a_cell_that_begins_like_a_formula_is_made_harmless(sign: str) -> None:
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"
    assert harmless(f"1{sign}") == f"1{sign}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--kind", "draft_snt"), "nearest: draft_sent"),
        (("--by", "i.ashdow"), "nearest: i.ashdown"),
        (("--stage", "fieldwrk"), "nearest: fieldwork"),
        (("--authority", "birm"), "nearest: 330 (Birmingham)"),
        (("--authority", "33o"), "nearest: 330"),
        (("--limit", "draft"), "nearest: draft_report"),
        (("--paragraph", "70"), "--paragraph"),
        (("--from", "2010-12-01", "--to", "2010-11-30"), "--from 2010-12-01 is after --to 2010-11-30"),
        (("--words", "?!"), "must hold a word"),
        (("--after", "SLAC-2010-001/99"), "names no event"),
        (("--page-size", "0"), "--page-size"),
        (("--format", "xml"), "--format"),
    ],
)
def test_a_filter_that_names_nothing_is_wrong_input(two: CliHarness, words: tuple[str, ...], expected: str) -> None:
    result = two.run("history", *words, code=2)
    assert expected in result.stderr
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1


def test_every_kind_of_event_that_happens_is_known(two: CliHarness) -> None:
    assert {event["kind"] for event in two.json("history")} <= set(EVENT_KINDS)


def test_headings_go_by_their_titles_and_their_half(two: CliHarness) -> None:
    for heading in ("looked_after.positive_contribution", "safeguarding.capacity"):
        two.take("grade", "i.ashdown", heading=heading, grade="good", text="So.", equality="So.")
    result = [event["words"] for event in two.json("history", ID, "--kind", "heading_graded")]
    assert result[0].startswith(
        "heading graded: Making a positive contribution including user engagement (Services for"
    )
    assert result[1].startswith("heading graded: Capacity for improvement (Safeguarding)")


def test_a_screen_says_where_each_event_came_in_and_what_brought_it_about(two: CliHarness) -> None:
    with writing(two.records) as session:
        rungs = [{"limit": "case_lists", "rung": 0, "due": "2010-11-05", "passed_over": []}]
        reminded = system_event("reminder_sent", two.now, {"to": "link.330", "rungs": rungs}, "limit:case_lists", 42)
        append(session, ID, "remind:case_lists", [reminded], two.now)
    printed = two.run("history", ID, "--full").stdout
    output = " ".join(printed.split())
    assert fits(printed)
    assert "(engine; cause: limit case lists)" in output
    assert output.count("(command line)") >= 1
