"""What is over, and what was met, stays as it was when a calendar is made later: on every screen, now and as of then."""

from datetime import date
from typing import Any

import pytest

from framework.calendar.bank_holidays import Calendar
from framework.inspection.calendar_change import apply_calendar
from framework.lifecycle.decide import build_commit
from records.calendars import versions
from records.database.connection import writing
from records.inspections import commit as recordings
from records.inspections import repository
from tests.cli_harness import ID, CliHarness

BACKWARDS = ("2010-11-05", "2010-11-24", "2010-12-06")
"""Days behind the end, among those its limits were counted over."""


def proclaim(cli: CliHarness, *days: str) -> Calendar:
    """Makes a new version, as the entry point does; no inspection has applied it yet."""
    with writing(cli.records) as session:
        named = {date.fromisoformat(day): "Proclaimed" for day in days}
        holidays = {**versions.calendar_in_force(session).holidays, **named}
        return Calendar(**versions.add_version(session, holidays, cli.now, "c.marsh", "As proclaimed").model_dump())


def applied(cli: CliHarness, *days: str) -> None:
    """The same, and the inspection has taken it in."""
    with writing(cli.records) as session:
        old = versions.calendar_in_force(session)
    new = proclaim(cli, *days)
    with writing(cli.records) as session:
        state = repository.state(session, ID)
        head = repository.find(session, ID)["head_number"]
        commit, _ = build_commit(apply_calendar(state, old, new, cli.now, head), "calendar", cli.now, head, new)
        recordings.commit(session, commit.model_copy(update={"letters": (), "tasks": ()}))


@pytest.fixture
def over(cli: CliHarness) -> CliHarness:
    """Cancelled while on site, and the window for complaints is over."""
    cli.on_site().on("2010-11-30").take("cancel", "m.okafor", reason="Merged")
    cli.take("record_cancellation_service", method="email")
    cli.on("2010-12-31").take("close_window")
    return cli.on("2011-01-10")


def limits(cli: CliHarness, *words: str) -> dict[str, Any]:
    shown = cli.json("show", ID, *words)
    return {limit["key"]: (limit["due"], limit["state"]) for limit in shown["limits"]} | {"calendar": shown["calendar"]}


def used(cli: CliHarness, *words: str) -> Any:
    return {group["key"]: group["working_days"] for group in cli.json("statistics", *words)["groups"]}


def test_one_that_is_over_keeps_its_days_on_every_screen(over: CliHarness) -> None:
    before, days = limits(over), used(over)
    board = over.json("list", "--stage", "cancelled")
    proclaim(over, *BACKWARDS)
    over.on("2011-01-12")
    assert limits(over) == before
    assert limits(over, "--as-of", "2011-01-11") == before
    assert over.json("list", "--stage", "cancelled") == board
    explained = over.json("explain", ID)
    assert explained["calendar"] == before["calendar"]
    assert {
        milestone["key"]: (milestone["due"], milestone["state"]) for milestone in explained["milestones"]
    }.items() <= before.items()
    stored = {key: (str(due), state) for key, due, state in over.rows("SELECT key, due, state FROM limits")}
    assert stored == {key: stands for key, stands in before.items() if key != "calendar"}
    assert used(over) == days


def test_of_one_that_is_over_a_past_moment_has_the_calendar_of_then(cli: CliHarness) -> None:
    cli.on_site()
    first = limits(cli)
    cli.on("2010-11-18")
    applied(cli, "2010-11-26")
    cli.on("2010-11-30").take("cancel", "m.okafor", reason="Merged")
    cli.take("record_cancellation_service", method="email")
    cli.on("2010-12-31").take("close_window")
    second = limits(cli)
    cli.on("2011-01-10")
    proclaim(cli, *BACKWARDS)
    cli.on("2011-01-12")
    assert limits(cli, "--as-of", "2010-11-17") == first
    assert limits(cli) == limits(cli, "--as-of", "2011-01-11") == second
    assert (first["calendar"], second["calendar"]) == ("england-2026.1", "england-2026.2")
    assert first["inspection_ends"] != second["inspection_ends"]


def test_a_limit_that_was_met_keeps_the_working_days_that_were_used_for_it(cli: CliHarness) -> None:
    cli.on_site()
    before = used(cli)
    cli.on("2010-11-18")
    applied(cli, "2010-11-05")
    assert used(cli)["32"] == before["32"]
    assert used(cli)["42"] == before["42"]
    assert used(cli, "--as-of", "2010-11-17") == before
    assert before["42"]["authority"]["number"] == 3


def test_a_correction_counts_them_anew(cli: CliHarness) -> None:
    cli.on_site().on("2010-11-18")
    applied(cli, "2010-11-05")
    ((lists,),) = cli.rows("SELECT number FROM events WHERE kind = 'case_lists_received'")
    proof = {"reason": "Misread", "proof": "Signed for at the desk"}
    cli.take("correct", "c.marsh", on="2010-11-04", event=lists, **proof)
    assert used(cli)["32"]["inspectorate"]["number"] == 3, "the 4th, 8th and 9th; the 5th is a holiday now"
