"""`inspections explain`, `authorities` and `holidays`: why a date is what it is, and what it is worked out from."""

import json

import pytest
import yaml

from tests.cli_harness import ID, CliHarness, an_order, run

CASE_LISTS = "INSPECTIONS_LIMIT_CASE_LISTS_COUNT"

# Explanations --------------------------------------------------------------------------------------------------------


def test_explain_counts_every_day_and_says_which_were_skipped_and_why(cli: CliHarness) -> None:
    cli.notified()
    output = cli.run("explain", ID, "set_up_meeting").stdout
    assert "counted from: Notification, Wed 3 Nov 2010" in output
    assert "rule: 4 working days" in output
    assert "reading: the source says only" in output
    assert "calendar: england-2026.1" in output
    assert "Fri 5 Nov 2010   day 2" in output
    assert "Sat 6 Nov 2010   not counted: Saturday" in output
    assert "Tue 9 Nov 2010   day 4" in output


def test_explain_as_json_has_the_shape_of_dates_always_with_what_was_skipped(cli: CliHarness) -> None:
    cli.notified()
    explained = cli.json("explain", ID, "set_up_meeting")
    assert explained["calendar"] == "england-2026.1"
    (milestone,) = explained["milestones"]
    expected = {
        "key": "set_up_meeting",
        "due": "2010-11-09",
        "anchor": "notification",
        "anchor_date": "2010-11-03",
        "count": 4,
        "unit": "working days",
        "paragraph": 32,
        "skipped": [{"date": "2010-11-06", "why": "Saturday"}, {"date": "2010-11-07", "why": "Sunday"}],
    }
    assert expected.items() <= milestone.items()
    assert all("skipped" in milestone for milestone in cli.json("explain", ID)["milestones"])


def test_explain_names_the_event_it_is_counted_from_and_every_day_that_was_counted(cli: CliHarness) -> None:
    cli.notified()
    ((notified,),) = cli.rows("SELECT number FROM events WHERE kind = 'notified'")
    (result,) = cli.json("explain", ID, "set_up_meeting")["milestones"]
    assert result["anchor_event"] == notified
    assert result["counted"] == ["2010-11-04", "2010-11-05", "2010-11-08", "2010-11-09"]
    assert f"Wed 3 Nov 2010 (event {notified})" in cli.run("explain", ID, "set_up_meeting").stdout
    (worked_out,) = cli.json("explain", ID, "draft_report")["milestones"]
    assert "anchor_event" not in worked_out


def test_explain_names_the_correction_of_the_event_it_is_counted_from(cli: CliHarness) -> None:
    cli.on_site()
    ((began,),) = cli.rows("SELECT number FROM events WHERE kind = 'fieldwork_started'")
    cli.on("2010-11-18").take("correct", "i.ashdown", event=began, reason="Misread")
    ((correction,),) = cli.rows("SELECT number FROM events WHERE kind = 'corrected'")
    (result,) = cli.json("explain", ID, "inspection_ends")["milestones"]
    assert (result["anchor_event"], result["anchor_corrected_by"], result["due"]) == (began, correction, "2010-12-01")
    output = " ".join(cli.run("explain", ID, "inspection_ends").stdout.split())
    assert f"(event {began}, corrected by event {correction})" in output


def test_explain_shows_the_ledger_of_deferrals(cli: CliHarness) -> None:
    cli.notified()
    assert cli.json("explain", ID, "set_up_meeting")["milestones"][0]["deferrals"] == []
    cli.on("2010-11-05").take("defer", "m.okafor", reason="A flood", ground="other")
    (result,) = cli.json("explain", ID, "set_up_meeting")["milestones"]
    assert result["deferrals"] == [{"began": "2010-11-05", "ended": None}]
    output = " ".join(cli.run("explain", ID, "set_up_meeting").stdout.split())
    assert "deferred: Fri 5 Nov 2010, and suspended until it is notified anew (para 9)" in output


def test_explain_of_calendar_days_says_that_every_day_counts(cli: CliHarness) -> None:
    cli.notified()
    assert "every day counts: " in cli.run("explain", ID, "complaints_close").stdout
    assert len(cli.json("explain", ID, "complaints_close")["milestones"][0]["counted"]) == 30


def test_explain_marks_what_is_policy(cli: CliHarness) -> None:
    cli.notified()
    assert "(policy, not in the source)" in cli.run("explain", ID, "case_lists").stdout
    assert cli.json("explain", ID, "case_lists")["milestones"][0]["policy"] == "policy, not in the source"


def test_an_inspection_keeps_the_settings_of_its_limits_whatever_is_set_later(
    cli: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CASE_LISTS, "3")
    cli.notified()
    monkeypatch.setenv(CASE_LISTS, "7")
    result = cli.json("explain", ID, "case_lists")["milestones"][0]
    assert (result["due"], result["count"]) == ("2010-11-08", 3)
    assert result["setting"] == {"name": CASE_LISTS, "value": 3, "paragraph": 42}
    assert f"setting: {CASE_LISTS} = 3 (para 42)" in cli.run("explain", ID, "case_lists").stdout
    assert cli.rows("SELECT due FROM limits WHERE key = 'case_lists'") == [("2010-11-08",)]


def test_what_the_source_settles_has_no_setting(cli: CliHarness) -> None:
    cli.notified()
    assert "setting" not in cli.json("explain", ID, "draft_report")["milestones"][0]
    assert "setting:" not in cli.run("explain", ID, "draft_report").stdout


def test_a_dry_run_follows_what_is_set(cli: CliHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CASE_LISTS, "3")
    (cli.data / "order.yaml").write_text(yaml.safe_dump(an_order().data))
    output = json.loads(
        run("start", str(cli.data / "order.yaml"), "--dry-run", "--json", "--data", str(cli.data)).stdout
    )
    assert {milestone["key"]: milestone["due"] for milestone in output["milestones"]}["case_lists"] == "2010-11-08"


@pytest.mark.parametrize("words", [("list",), ("dates", "--notified", "2010-11-03")])
def test_a_wrong_setting_of_a_limit_is_wrong_input_and_named(
    cli: CliHarness, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv(CASE_LISTS, "soon")
    assert f"{CASE_LISTS}: " in cli.run(*words, code=2).stderr


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("draft_raport", "nearest: draft_report"), ("complaint_answer", "has not happened in SLAC-2010-001")],
)
def test_a_limit_that_is_not_there_is_wrong_input(cli: CliHarness, limit: str, expected: str) -> None:
    cli.notified()
    assert expected in cli.run("explain", ID, limit, code=2).stderr


def test_an_inspection_to_be_notified_at_once_is_explained_as_if_today(cli: CliHarness) -> None:
    cli.start(notify="now", team=[{"person": "i.ashdown", "role": "lead_inspector"}])
    assert cli.json("explain", ID, "notification")["milestones"][0]["due"] == "2010-11-01"


# Directory and calendar ----------------------------------------------------------------------------------------------


def test_all_authorities_are_listed(cli: CliHarness) -> None:
    authorities = cli.json("authorities", "list")
    assert len(authorities) == 152
    assert {"code": "330", "name": "Birmingham"}.items() <= next(
        authority for authority in authorities if authority["code"] == "330"
    ).items()


def test_one_authority_is_shown_with_its_people_and_inspections(cli: CliHarness) -> None:
    cli.start()
    shown = cli.json("authorities", "show", "330")
    assert shown["inspections"] == [ID]
    assert "dcs.330" in [person["person"] for person in shown["people"]]


@pytest.mark.parametrize(("code", "near"), [("birm", "Birmingham (330)"), ("33", "330")])
def test_an_unknown_authority_is_answered_with_the_nearest(cli: CliHarness, code: str, near: str) -> None:
    assert near in cli.run("authorities", "show", code, code=2).stderr


def test_the_holidays_are_listed_in_the_form_that_dates_reads(cli: CliHarness) -> None:
    holidays = cli.json("holidays", "list")
    assert {"date": "2011-04-29"}.items() <= next(
        holiday for holiday in holidays if holiday["date"] == "2011-04-29"
    ).items()
    file = cli.data / "days.json"
    file.write_text(json.dumps(holidays))
    given = run("dates", "--notified", "2011-04-20", "--holidays", str(file), "--json")
    output = run("dates", "--notified", "2011-04-20", "--json")
    assert json.loads(given.stdout)["milestones"] == json.loads(output.stdout)["milestones"]
