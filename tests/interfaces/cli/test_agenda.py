"""`inspections agenda`: late things first, then by day what is due and agreed, and people bound in two places at once."""

import re
from typing import Any

import pytest

from tests.cli_harness import ID, CliHarness, fits

OTHER = "SLAC-2010-002"
LEAD, TEAM = "i.ashdown", ["i.ashdown", "i.bellamy", "i.choudhury", "h.dunmore"]
OTHERS = [
    {"person": "i.devereux", "role": "lead_inspector"},
    {"person": "i.farrow", "role": "inspector"},
    {"person": "i.greenhalgh", "role": "inspector"},
    {"person": "h.ellery", "role": "cqc_inspector"},
]


@pytest.fixture
def monday(cli: CliHarness) -> CliHarness:
    """Monday 8 November 2010: Birmingham notified on the 3rd, its case lists late; Coventry to be notified tomorrow by others."""
    cli.notified()
    cli.take("arrange_set_up_meeting", "i.ashdown", day="2010-11-09", at="14:00", place="Room 7")
    cli.take("arrange_fieldwork", "i.ashdown", starts="2010-11-17")
    cli.start(reference=OTHER, authority="331", notify="2010-11-09", team=OTHERS)
    return cli.on("2010-11-08")


def items(cli: CliHarness, *words: str) -> list[tuple[Any, ...]]:
    shown = cli.json("agenda", *words)["items"]
    return [(item["day"], item["kind"], item["what"], item["inspection"]) for item in shown]


def test_what_is_late_comes_first_then_the_days_in_order(monday: CliHarness) -> None:
    shown = monday.json("agenda")
    assert (shown["from"], shown["to"], shown["person"]) == ("2010-11-08", "2010-11-22", None)
    late = [item for item in shown["items"] if item["late"]]
    assert [(item["what"], item["day"], item["owner"], item["people"]) for item in late] == [
        ("case_lists", "2010-11-05", "link_officer", ["link.330"])
    ]
    assert shown["items"][0] == late[0]
    days = [item["day"] for item in shown["items"][1:]]
    assert days == sorted(days)
    assert min(days) >= "2010-11-08"
    assert max(days) <= "2010-11-22"


def test_an_appointment_stands_for_the_limit_that_it_meets_on_its_last_day(monday: CliHarness) -> None:
    of_meeting = [item for item in monday.json("agenda")["items"] if item["what"] == "set_up_meeting"]
    assert [(item["inspection"], item["kind"], item["day"], item["at"]) for item in of_meeting] == [
        (ID, "appointment", "2010-11-09", "14:00"),
        (OTHER, "limit", "2010-11-15", None),
    ]
    assert of_meeting[0]["people"] == ["i.ashdown", "h.dunmore"]


def test_days_on_site_are_one_item_with_its_end_and_its_last_day_is_a_limit(
    monday: CliHarness,
) -> None:
    on_site = [item for item in monday.json("agenda")["items"] if item["what"] == "fieldwork"]
    assert [(item["day"], item["until"], item["people"]) for item in on_site] == [("2010-11-17", "2010-11-30", TEAM)]
    assert ("2010-11-17", "limit", "fieldwork_starts", ID) not in items(monday)
    assert ("2010-11-30", "limit", "inspection_ends", ID) in items(monday, "--days", "30")


def test_what_is_not_agreed_is_no_appointment(monday: CliHarness) -> None:
    assert {row[3] for row in items(monday, "--days", "60") if row[1] == "appointment"} == {ID}


def test_an_agreed_day_that_passed_without_record_is_late(monday: CliHarness) -> None:
    monday.on("2010-11-10")
    late = [item for item in monday.json("agenda")["items"] if item["late"] and item["kind"] == "appointment"]
    assert [(item["what"], item["day"]) for item in late] == [("set_up_meeting", "2010-11-09")]
    printed = " ".join(monday.run("agenda").stdout.split())
    assert "14:00 Set-up meeting; i.ashdown, h.dunmore agreed for Tue 9 Nov and not recorded" in printed
    monday.take("hold_set_up_meeting", "i.ashdown", on="2010-11-09", attendees="All of us", decisions="As proposed")
    assert ("2010-11-09", "appointment", "set_up_meeting", ID) not in items(monday)


@pytest.mark.parametrize(("days", "last"), [("0", "2010-11-08"), ("1", "2010-11-09"), ("7", "2010-11-15")])
def test_the_horizon_is_in_calendar_days(monday: CliHarness, days: str, last: str) -> None:
    assert monday.json("agenda", "--days", days)["to"] == last
    whole = items(monday, "--days", "60")
    assert items(monday, "--days", days) == [row for row in whole if row[0] <= last]


def test_one_persons_agenda_is_what_they_owe_and_are_bound_by(monday: CliHarness) -> None:
    assert {row[2] for row in items(monday, "--person", "link.330")} == {
        "case_lists",
        "documents",
        "survey_invitations",
        "case_audits",
    }
    assert items(monday, "--person", "i.bellamy") == [("2010-11-17", "appointment", "fieldwork", ID)]
    assert items(monday, "--person", "a.vale") == []
    assert monday.run("agenda", "--person", "a.vale").stdout.endswith("Nothing is late, due or agreed.\n")


def test_who_reads_does_not_choose_whose_agenda_it_is(monday: CliHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = items(monday)
    monkeypatch.setenv("INSPECTIONS_PERSON", "c.marsh")
    assert items(monday) == everybody


def test_a_reader_sees_what_they_may_see(monday: CliHarness) -> None:
    shown = monday.json("--as", "dcs.331", "agenda")["items"]
    assert {item["inspection"] for item in shown} == {OTHER}


def test_people_bound_in_two_inspections_are_a_clash_of_its_first_day(cli: CliHarness) -> None:
    cli.start()
    cli.start(reference=OTHER, authority="331")
    clashes = [item for item in cli.json("agenda", "--days", "30")["items"] if item["kind"] == "clash"]
    assert [
        (item["day"], item["at"], item["until"], item["people"], item["inspection"], item["other"]) for item in clashes
    ] == [
        ("2010-11-09", "10:00", None, ["h.dunmore", "i.ashdown"], ID, OTHER),
        ("2010-11-17", None, "2010-11-30", ["h.dunmore", "i.ashdown", "i.bellamy", "i.choudhury"], ID, OTHER),
    ]
    assert [row[:2] for row in items(cli, "--days", "30", "--person", "i.bellamy")] == [("2010-11-17", "clash")]
    printed = " ".join(cli.run("agenda", "--days", "30").stdout.split())
    assert "CLASH: bound in h.dunmore, i.ashdown" in printed
    cli.on("2010-11-22")
    running = [item["day"] for item in cli.json("agenda")["items"] if item["kind"] == "clash"]
    assert running == ["2010-11-22"]


def test_a_screen_of_eighty_columns_names_each_day_once(monday: CliHarness) -> None:
    printed = monday.run("agenda").stdout
    assert fits(printed)
    assert printed.startswith("Agenda, Mon 8 Nov 2010 to Mon 22 Nov 2010\n")
    assert printed.count("Tue 9 Nov ") == 1
    assert re.search(r"LATE +SLAC-2010-001 +Lists of cases, due Fri 5 ", printed)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--person", "i.ashdow"), "nearest: i.ashdown"),
        (("--days", "-1"), "--days"),
        (("--days", "367"), "--days"),
        (("--days", "soon"), "--days"),
        (("--json", "now"), "now"),
    ],
)
def test_bad_input_is_named(monday: CliHarness, words: tuple[str, ...], message: str) -> None:
    result = monday.run("agenda", *words, code=2)
    assert message in result.stderr
    assert result.stdout == ""


# The board shows all that is due within its horizon ----------------------------------------------------------------


def test_the_board_shows_everything_that_is_due_within_its_horizon(monday: CliHarness) -> None:
    (row,) = [row for row in monday.json("list", "--due-within", "1") if row["id"] == ID]
    assert [(limit["limit"], limit["due"], limit["waits_for"], limit["late"]) for limit in row["due"]] == [
        ("case_lists", "2010-11-05", "link_officer", True),
        ("set_up_meeting", "2010-11-09", "lead_inspector", False),
        ("documents", "2010-11-09", "link_officer", False),
        ("survey_invitations", "2010-11-09", "link_officer", False),
        ("first_cases_choice", "2010-11-09", "lead_inspector", False),
    ]
    printed = monday.run("list", "--due-within", "1").stdout
    assert fits(printed)
    words = " ".join(printed.split())
    assert "Documents asked for (link officer)" in words
    assert printed.count("Tue 9 Nov, in 1 working day") == 2, "once for each inspection"


def test_the_board_without_a_horizon_shows_the_next_thing_and_json_holds_all_that_is_open(monday: CliHarness) -> None:
    printed = monday.run("list").stdout
    assert "Documents asked for" not in printed
    (row,) = [row for row in monday.json("list") if row["id"] == ID]
    assert row["next"]["limit"] == "case_lists"
    assert [limit["limit"] for limit in row["due"]][-1] == "complaints_close"


def test_a_horizon_of_today_shows_what_is_late_and_due_today(monday: CliHarness) -> None:
    rows = monday.json("list", "--due-within", "0")
    assert [(row["id"], [limit["limit"] for limit in row["due"]]) for row in rows] == [(ID, ["case_lists"])]
