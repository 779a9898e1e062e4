"""`inspections holidays` and `what-if` at the command line: what is shown, what is refused, and that looking writes nothing."""

import json
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from application.caller import Caller
from application.commands.change_calendar import ChangeCalendar, _write
from application.commands.order_validation import check
from framework.calendar.bank_holidays import from_json
from framework.calendar.holiday_changes import HolidayChange
from framework.inspection.calendar_change import apply_calendar
from framework.lifecycle.decide import build_commit
from records.calendars import versions
from records.database.connection import writing
from records.inspections import commit as recordings
from records.inspections import repository
from tests.cli_harness import ID, CliHarness, fits

FRIDAY = "2010-11-12"


def make_version(cli: CliHarness, day: str = FRIDAY, command: str = "") -> None:
    """A version with this day, as the entry point writes it."""
    change = HolidayChange("add", cli.now.date().fromisoformat(day), "Proclaimed")
    _write(Caller("c.marsh"), cli.system, ChangeCalendar(change, "As proclaimed", command), command or str(uuid4()))


def test_a_preview_names_each_limit_that_would_move_and_each_appointment_that_would_clash(cli: CliHarness) -> None:
    cli.notified().take("override", "m.okafor", gate="notice", reason="Agreed with the authority")
    cli.take("arrange_fieldwork", "i.ashdown", starts=FRIDAY)
    result = cli.json("holidays", "add", FRIDAY, "Proclaimed", "--by", "c.marsh", "--preview")
    (moved,) = result["inspections"]
    assert (result["calendar"], result["open"], moved["inspection"]) == ("england-2026.1", 1, ID)
    days = {limit["limit"]: (limit["from"], limit["to"], limit["paragraph"]) for limit in moved["moved"]}
    assert days["fieldwork_starts"] == ("2010-11-17", "2010-11-18", 8)
    (clash,) = moved["clashes"]
    assert (clash["appointment"], clash["day"], "Proclaimed" in clash["why"]) == ("fieldwork", FRIDAY, True)
    output = cli.run("holidays", "add", FRIDAY, "Proclaimed", "--by", "c.marsh", "--preview").stdout
    assert "Wed 17 Nov 2010" in output
    assert "nothing was changed" in output
    assert "First day on site, Fri 12 Nov 2010" in output


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (("add", "12.11.2010", "A day", "--by", "c.marsh"), 2, "must be a day like"),
        (("add", FRIDAY, "A day", "--by", "n.obody"), 2, "knows nobody called n.obody"),
        (("add", FRIDAY, "A day", "--by", "i.ashdown"), 3, "policy, not in the source"),
        (("add", "2010-12-27", "A day", "--by", "c.marsh"), 2, "bank holiday already"),
        (("add", "2031-01-02", "A day", "--by", "c.marsh"), 2, "outside"),
        (("move", FRIDAY, "2010-11-15", "--by", "m.okafor"), 2, "no bank holiday"),
        (("move", "2010-12-27", "2010-12-28", "--by", "m.okafor"), 2, "bank holiday already"),
        (("remove", FRIDAY, "--by", "m.okafor"), 2, "no bank holiday"),
    ],
)
@pytest.mark.parametrize("preview", [(), ("--preview",)])
def test_what_cannot_be_done_says_why_and_changes_nothing(
    cli: CliHarness, words: tuple[str, ...], code: int, expected: str, preview: tuple[str, ...]
) -> None:
    assert expected in cli.run("holidays", *words, *preview, code=code).stderr
    assert len(cli.json("holidays", "list", "--versions")) == 1


def test_without_an_engine_the_calendar_is_not_changed(cli_without_engine: CliHarness) -> None:
    cli_without_engine.start()
    ended = cli_without_engine.run("holidays", "add", FRIDAY, "A day", "--by", "c.marsh", code=4)
    assert "the calendar was not changed" in ended.stderr
    assert len(cli_without_engine.rows("SELECT version FROM calendars")) == 1


def test_the_list_says_which_version_it_is_who_made_it_when_and_why(cli: CliHarness) -> None:
    assert "as shipped" in cli.run("holidays", "list").stdout
    make_version(cli)
    output = " ".join(cli.run("holidays", "list").stdout.split())
    assert "england-2026.2: by Carol Marsh, 1 Nov 2010 10:00: As proclaimed" in output
    newest, first = cli.json("holidays", "list", "--versions")
    assert (newest["made_by"], newest["reason"], first["made_by"]) == ("c.marsh", "As proclaimed", "system")
    assert newest["added"] == [{"day": FRIDAY, "title": "Proclaimed"}]
    days = cli.run("holidays", "list", "--json").stdout
    assert len(from_json(days, "listed").holidays) == len(json.loads(days))


def test_the_same_command_is_the_same_version_and_another_change_under_it_is_wrong(cli: CliHarness) -> None:
    make_version(cli, command="h1")
    make_version(cli, command="h1")
    assert len(cli.json("holidays", "list", "--versions")) == 2
    ended = cli.run("holidays", "add", "2010-11-15", "B", "--by", "c.marsh", "--command", "h1", code=2)
    assert "--command h1 was another change" in ended.stderr


def test_dates_are_counted_with_the_calendar_that_is_kept(cli: CliHarness, tmp_path: Path) -> None:
    make_version(cli)
    result = cli.json("dates", "--notified", "2010-11-03")
    assert result["calendar"] == "england-2026.2"
    assert (
        next(milestone["due"] for milestone in result["milestones"] if milestone["key"] == "fieldwork_starts")
        == "2010-11-18"
    )
    shutil.rmtree(cli.data)
    assert cli.json("dates", "--notified", "2010-11-03")["calendar"] == "england-2026.1"


# What if --------------------------------------------------------------------------------------------------------------


def test_what_if_for_one_and_for_all(cli: CliHarness) -> None:
    cli.notified()
    result = cli.json("what-if", ID, "--holiday", FRIDAY)
    assert result == cli.json("what-if", "--holiday", FRIDAY)
    days = {limit["limit"]: limit["to"] for limit in result["inspections"][0]["moved"]}
    assert days["fieldwork_starts"] == "2010-11-18"
    assert result["supposed"] == {"holiday": FRIDAY}
    assert "Nothing would move" in cli.run("what-if", ID, "--notified", "2010-11-03").stdout


def test_what_if_names_what_would_clash(cli: CliHarness) -> None:
    cli.notified()
    output = cli.run("what-if", ID, "--fieldwork", "2010-11-13").stdout
    assert "First day on site, Sat 13 Nov 2010: that is not a working day (Saturday)" in " ".join(output.split())


def test_what_would_clash_fits_the_screen(cli: CliHarness) -> None:
    cli.notified().take("override", "m.okafor", gate="notice", reason="Agreed with the authority")
    cli.take("arrange_fieldwork", "i.ashdown", starts=FRIDAY)
    for words in (("what-if", "--holiday", FRIDAY), ("what-if", ID, "--notified", "2010-11-15"), PREVIEW, MOVE):
        assert fits(cli.run(*words).stdout), words


PREVIEW = ("holidays", "add", FRIDAY, "Proclaimed", "--by", "c.marsh", "--preview")
MOVE = ("holidays", "move", "2010-12-27", FRIDAY, "--by", "c.marsh", "--preview")


def test_what_if_of_one_that_is_over_says_that_nothing_moves_any_more(cli: CliHarness) -> None:
    cli.start(notify="2010-11-03")
    cli.take("cancel", "m.okafor", reason="No longer needed")
    assert f"{ID} is over: no day of it moves any more" in cli.run("what-if", ID, "--holiday", FRIDAY).stdout
    (result,) = cli.json("what-if", ID, "--holiday", FRIDAY)["inspections"]
    assert (result["moved"], "is over" in result["note"]) == ([], True)


def test_a_deferral_from_fieldwork_on_is_refused_for_one_and_noted_among_all(cli: CliHarness) -> None:
    cli.on_site()
    assert "(para 9)" in cli.run("what-if", ID, "--defer-to", "2011-01-10", code=3).stderr
    (result,) = cli.json("what-if", "--defer-to", "2011-01-10")["inspections"]
    assert "no deferral" in result["note"]


@pytest.mark.parametrize(
    "words",
    [
        ("SLAC-2010-009", "--holiday", FRIDAY),
        (),
        ("--holiday", "tomorrow"),
        ("--fieldwork", "2010-02-30"),
        ("--holiday", "2010-12-27"),
        ("--notified", "2010-11-04", "--defer-to", "2010-11-05"),
        ("--notified", "2040-11-04"),
    ],
)
def test_what_is_asked_wrongly_is_wrong_input(cli: CliHarness, words: tuple[str, ...]) -> None:
    cli.start()
    cli.run("what-if", *words, code=2)


def test_looking_writes_nothing(cli: CliHarness) -> None:
    cli.notified()
    before = _dump(cli)
    cli.run("what-if", "--holiday", FRIDAY, "--fieldwork", "2010-11-16")
    cli.run("what-if", ID, "--defer-to", "2011-01-10")
    cli.run("holidays", "add", FRIDAY, "A day", "--by", "c.marsh", "--preview")
    assert _dump(cli) == before


def _dump(cli: CliHarness) -> list[str]:
    """Everything there is, row by row: chain heads among it."""
    with cli.records.connect() as connection:
        return list(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]


def test_an_inspection_that_is_written_down_in_the_very_moment_counts_with_the_new_calendar(
    cli: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def checked_while_a_day_is_proclaimed(*arguments: Any) -> Any:
        outcome = check(*arguments)
        make_version(cli)
        return outcome

    monkeypatch.setattr("application.commands.start_inspection.check", checked_while_a_day_is_proclaimed)
    cli.start()
    assert cli.rows("SELECT calendar_version FROM inspections") == [("england-2026.2",)]
    assert cli.rows("SELECT due FROM limits WHERE key = 'fieldwork_starts'") == [("2010-11-18",)]


def test_explain_says_that_a_limit_met_before_the_change_keeps_its_day(cli: CliHarness) -> None:
    cli.on_site()
    with writing(cli.records) as session:
        state, old = repository.state(session, ID), versions.calendar_in_force(session)
        versions.add_version(session, {**old.holidays, cli.now.date().replace(day=8): "Late"}, cli.now, "c.marsh", "x")
        head, new = repository.find(session, ID)["head_number"], versions.calendar_in_force(session)
        decision = apply_calendar(state, old, new, cli.now, head)
        recordings.commit(session, build_commit(decision, "calendar", cli.now, head, new)[0])
    (met,) = cli.json("explain", ID, "set_up_meeting")["milestones"]
    assert (met["due"], met["state"], "keeps the day" in met["kept"]) == ("2010-11-09", "met", True)
    assert "keeps the day it was due on" in cli.run("explain", ID, "set_up_meeting").stdout
    assert "keeps" not in cli.run("explain", ID, "draft_report").stdout
    assert met["calendar"] == "england-2026.1"
    assert (met["counted"][-1], len(met["counted"])) == ("2010-11-09", met["count"])
    output = cli.run("explain", ID, "set_up_meeting").stdout
    assert "calendar: england-2026.1" in output
    assert "Mon 8 Nov 2010   day 3" in output


def test_explain_of_one_that_is_over_keeps_the_calendar_it_ended_with(cli: CliHarness) -> None:
    cli.start(notify="2010-11-03")
    cli.take("cancel", "m.okafor", reason="No longer needed")
    before = cli.json("explain", ID)
    make_version(cli)
    assert cli.json("explain", ID) == before
    assert before["calendar"] == "england-2026.1"
