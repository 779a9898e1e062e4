"""`--as-of`: which moments can be named, wherever one is read."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cli_harness import ID, CliHarness
from tests.records.verify.verified_records import verify

EVERYWHERE = [("show", ID), ("statistics",)]
LEFT_OUT, TWICE = "2011-03-27T01:30", "2011-10-30T01:30"


@pytest.fixture
def later(cli: CliHarness) -> CliHarness:
    cli.notified()
    return cli.on("2011-11-30")


@pytest.mark.parametrize("command", EVERYWHERE)
def test_an_hour_that_london_leaves_out_is_wrong_input(later: CliHarness, command: tuple[str, ...]) -> None:
    output = later.run(*command, "--as-of", LEFT_OUT, code=2).stderr
    assert f"--as-of {LEFT_OUT}: there is no such time in London" in output
    assert len(output.splitlines()) == 1


@pytest.mark.parametrize("command", EVERYWHERE)
def test_an_hour_that_comes_twice_says_how_each_is_written(later: CliHarness, command: tuple[str, ...]) -> None:
    output = later.run(*command, "--as-of", TWICE, code=2).stderr
    assert f"write {TWICE}+01:00 or {TWICE}+00:00" in output
    assert len(output.splitlines()) == 1
    first, second = (later.json(*command, "--as-of", f"{TWICE}{offset}")["as_of"] for offset in ("+01:00", "+00:00"))
    assert (first, second) == ("2011-10-30T00:30:00+00:00", "2011-10-30T01:30:00+00:00")


@pytest.mark.parametrize("command", EVERYWHERE)
@pytest.mark.parametrize("when", ["9999-12-31", "0001-01-01T00:00+14:00", "2011-13-01", "2011-02-30T09:00"])
def test_what_no_calendar_has_is_wrong_input(later: CliHarness, command: tuple[str, ...], when: str) -> None:
    assert f"--as-of {when}: must be a day like" in later.run(*command, "--as-of", when, code=2).stderr


@pytest.mark.parametrize("command", ["history", "access"])
@pytest.mark.parametrize("option", ["--from", "--to"])
@pytest.mark.parametrize("when", [LEFT_OUT, TWICE, "2011-03-26T09:00+00:00"])
def test_whole_days_are_asked_of_the_logs_and_a_moment_is_refused(
    later: CliHarness, command: str, option: str, when: str
) -> None:
    assert f"{option} {when}: must be a day like 2010-11-03" in later.run(command, option, when, code=2).stderr


def crossed(cli: CliHarness) -> str:
    """A grade is written at an entry point whose clock is five seconds ahead of the engine's; answers a moment between the two."""
    cli.on_site()
    fields = {
        "heading": "safeguarding.overall_effectiveness",
        "grade": "good",
        "text": "Found.",
        "equality": "Equality.",
    }
    cli.now += timedelta(seconds=5)
    cli.take("grade", "i.ashdown", **fields)
    cli.now -= timedelta(seconds=5)
    cli.take("give_oral_feedback", "i.ashdown", headings="As discussed", reason="She leaves tomorrow.")
    between = cli.now + timedelta(seconds=2)
    cli.now += timedelta(hours=1)
    return between.isoformat()


def test_a_step_recorded_by_an_entry_point_whose_clock_is_ahead_is_not_known_before_it(cli: CliHarness) -> None:
    between = crossed(cli)
    then, now = cli.json("show", ID, "--as-of", between), cli.json("show", ID)
    assert stands(then, "oral_feedback") == "open"
    assert stands(now, "oral_feedback") == "met"
    assert (then["sections"], len(now["sections"])) == ([], 1)
    figures = cli.json("statistics", "--as-of", between)["total"]["limits"]["met"]["number"]
    assert figures == sum(limit["state"] == "met" for limit in then["limits"])
    assert verify(cli.data).findings == []


def stands(shown: dict[str, Any], limit: str) -> str:
    return next(str(status["state"]) for status in shown["limits"] if status["key"] == limit)
