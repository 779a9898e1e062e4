"""`inspections do` and `correct` where no engine runs: what is open, what is wrong, and what is still stored."""

from pathlib import Path

import pytest

from tests.cli_harness import ID, CliHarness, fits, run


def test_without_a_step_those_open_now_are_listed_with_what_each_needs(cli: CliHarness) -> None:
    cli.notified()
    steps = {step["step"]: step for step in cli.json("do", ID)}
    meeting = steps["hold_set_up_meeting"]
    assert (meeting["to"], meeting["paragraph"], meeting["people"]) == ("set_up", 32, ["c.marsh", "i.ashdown"])
    assert [(field["name"], field["required"]) for field in meeting["fields"]] == [
        ("attendees", True),
        ("decisions", True),
    ]
    assert meeting["ready"]
    fieldwork = steps["start_fieldwork"]
    assert not fieldwork["ready"]
    assert any("set-up meeting has not been held" in need["why"] for need in fieldwork["needs"])
    assert "publish" not in steps
    assert "close_window" not in steps


def test_what_a_need_finds_out_from_the_form_is_left_open(cli: CliHarness) -> None:
    cli.notified()
    steps = {step["step"]: step for step in cli.json("do", ID)}
    needs = {need["name"]: need["holds"] for need in steps["arrange_fieldwork"]["needs"]}
    assert needs["within_notice"] is None


def test_the_listing_knows_what_the_records_lack(cli: CliHarness) -> None:
    cli.on_site()
    cli.on("2010-11-30").take("give_oral_feedback", "i.ashdown", headings="As said")
    cli.take("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    steps = {step["step"]: step for step in cli.json("do", ID, "--by", "i.ashdown")}
    assert not steps["submit_draft"]["ready"]
    assert "approve_draft" not in steps


def test_the_headings_that_can_be_graded_are_listed_with_their_titles(cli: CliHarness) -> None:
    reasons = {"scope_ground": "serious_concerns", "scope_reason": "Told of them"}
    cli.start(scope="safeguarding", **reasons)
    cli.on("2010-11-03").take("notify")
    cli.take("record_service", method="email")
    cli.on("2010-11-09").take("hold_set_up_meeting", "i.ashdown", attendees="All of us", decisions="As proposed")
    for gate in ("case_lists", "cases"):
        cli.take("override", "m.okafor", gate=gate, reason="The files were flooded")
    cli.on("2010-11-17").take("start_fieldwork", "i.ashdown")
    steps = {step["step"]: {field["name"]: field for field in step["fields"]} for step in cli.json("do", ID)}
    graded, written = steps["grade"]["heading"], steps["write_section"]["heading"]
    assert len(graded["choices"]) == len(graded["titles"]) == 10
    assert (
        dict(zip(graded["choices"], graded["titles"], strict=True))["safeguarding.capacity"]
        == "Capacity for improvement"
    )
    assert written["choices"] == ["about", "service", "safeguarding.areas_for_improvement"]
    output = cli.run("do", ID).stdout
    assert fits(output)
    assert "safeguarding.capacity: Capacity for improvement" in output
    assert "about: About this inspection" in output


def test_with_a_person_only_what_they_may_do_is_listed(cli: CliHarness) -> None:
    cli.notified()
    steps = {step["step"] for step in cli.json("do", ID, "--by", "link.330")}
    assert "receive_case_lists" in steps
    assert "hold_set_up_meeting" not in steps


def test_the_listing_fits_the_screen(cli: CliHarness) -> None:
    cli.notified()
    output = cli.run("do", ID).stdout
    assert fits(output)
    assert "attendees*, decisions*" in output


def test_what_can_be_taken_comes_first_and_each_obstacle_is_one_line(cli: CliHarness) -> None:
    cli.on_site()
    output = cli.run("do", ID, "--by", "i.ashdown").stdout
    assert fits(output)
    assert output.startswith(f"{ID} is at fieldwork; can be taken now by i.ashdown:\nreceive_case_lists (para 42)\n")
    can, _, rest = output.partition("\nNot now:\n")
    cannot = rest.partition("\n\n")[0].splitlines()
    assert "give_oral_feedback (para 55)\n    fields: headings*, reason\n" in can
    assert "end_fieldwork" not in can
    assert [line.partition(":")[0] for line in cannot] == ["  hold_set_up_meeting", "  end_fieldwork"]
    assert cannot[0] == "  hold_set_up_meeting: the set-up meeting has been held"
    assert cannot[1].startswith("  end_fieldwork: oral feedback has not been given to the Director of")
    assert cannot[1].endswith("\N{HORIZONTAL ELLIPSIS}")


def test_where_several_things_stand_in_the_way_the_first_is_named_and_the_others_counted(cli: CliHarness) -> None:
    cli.on_site().on("2010-11-20")
    output = cli.run("do", ID, "--by", "i.ashdown").stdout
    assert "\n  end_fieldwork: 2010-11-20 is not a working day (Saturday) (and 1 more)\n" in output


def test_where_nothing_can_be_taken_the_listing_says_so(cli: CliHarness) -> None:
    cli.notified()
    cli.take("cancel", "m.okafor", reason="Not now")
    output = cli.run("do", ID, "--by", "link.330").stdout
    assert output.startswith(f"{ID} is at cancelled; nothing can be taken now by link.330.\n")


def test_where_headings_are_listed_the_way_to_write_all_at_once_is_named(cli: CliHarness) -> None:
    cli.on_site()
    assert "inspections do ID report --take-out FILE" in cli.run("do", ID, "--by", "i.ashdown").stdout
    assert "report --take-out" not in cli.run("do", ID, "--by", "link.330").stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ("SLAC-2010-01", "receive_case_lists", "--by", "c.marsh"),
            "no inspection SLAC-2010-01; nearest: SLAC-2010-001",
        ),
        ((ID, "publsh", "--by", "c.marsh"), "no step «publsh»; nearest: publish"),
        ((ID, "receive_case_lists", "--by", "c.mash"), "nobody called c.mash; nearest: c.marsh"),
        ((ID, "receive_case_lists"), "--by PERSON"),
        ((ID, "receive_case_lists", "--by", "link.330", "--on", "3/11/2010"), "--on 3/11/2010: must be a day"),
        ((ID, "receive_case_lists", "--by", "link.330", "--set", "note"), "--set note: write NAME=VALUE"),
        ((ID, "receive_case_lists", "--by", "link.330", "--set", "notes=x"), "--set notes: there is no such field"),
        ((ID, "receive_case_lists", "--by", "link.330", "--with", "nothing.yaml"), "nothing.yaml"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_recorded(cli: CliHarness, words: tuple[str, ...], expected: str) -> None:
    before = cli.notified().rows("SELECT count(*) FROM events")
    assert expected in cli.run("do", *words, code=2).stderr
    assert cli.rows("SELECT count(*) FROM events") == before
    assert cli.rows("SELECT * FROM submissions") == []


def test_a_fault_in_a_file_is_named_with_line_and_column(cli: CliHarness, tmp_path: Path) -> None:
    cli.notified()
    file = tmp_path / "note.yaml"
    file.write_text("# a note\nnote:\n  - one\nmore: 2\n")
    output = cli.run("do", ID, "receive_documents", "--by", "link.330", "--with", str(file), code=2).stderr
    assert f"{file}:2:1: note: " in output
    assert f"{file}:4:1: more: " in output


def test_what_is_set_goes_over_the_file(cli: CliHarness, tmp_path: Path) -> None:
    cli.notified()
    file = tmp_path / "note.yaml"
    file.write_text("note: from the file\n")
    words = ("do", ID, "receive_documents", "--by", "link.330", "--with", str(file), "--set", "note=yes, set: here")
    cli.run(*words, code=4)
    assert ("yes, set: here",) in cli.rows("SELECT body FROM texts")


def test_content_is_written_without_an_engine(cli: CliHarness) -> None:
    cli.on_site()
    fields = ("grade=good", "text=What was found.", "equality=What was seen.")
    heading = "heading=safeguarding.partnership_working"
    words = [part for field in (heading, *fields) for part in ("--set", field)]
    result = cli.json("do", ID, "grade", "--by", "i.ashdown", *words)
    assert result["stage"] == "fieldwork"
    assert [event["kind"] for event in result["events"]] == ["heading_graded"]
    assert cli.json("show", ID)["sections"] == [{"heading": "safeguarding.partnership_working", "grade": "good"}]


def test_content_by_the_wrong_person_is_refused_with_3_and_recorded(cli: CliHarness) -> None:
    cli.on_site()
    fields = ("heading=safeguarding.partnership_working", "grade=good", "text=x", "equality=y")
    words = [part for field in fields for part in ("--set", field)]
    output = cli.run("do", ID, "grade", "--by", "c.marsh", *words, code=3).stderr
    assert "(para 27)" in output
    assert cli.json("history", ID, "--kind", "step_refused")[0]["by"] == "c.marsh"


def test_what_the_authority_submits_is_stored_with_its_moment_though_no_engine_runs(cli: CliHarness) -> None:
    cli.notified()
    words = ("do", ID, "receive_case_lists", "--by", "link.330", "--command", "c-7")
    output = cli.run(*words, code=4).stderr
    assert "--command c-7" in output
    (waiting,) = cli.json("show", ID)["waiting"]
    assert (waiting["command"], waiting["step"], waiting["by"]) == ("c-7", "receive_case_lists", "link.330")


def test_a_command_without_a_name_gets_one_to_repeat_it_with(cli: CliHarness) -> None:
    cli.notified()
    output = cli.run("do", ID, "receive_case_lists", "--by", "link.330", code=4).stderr
    (command,) = cli.rows("SELECT command_id FROM submissions")[0]
    assert f"--command {command}" in output


def test_a_step_of_the_office_is_not_begun_where_no_engine_runs(cli: CliHarness) -> None:
    cli.notified()
    output = cli.run("do", ID, "cancel", "--by", "m.okafor", "--set", "reason=Floods", code=4).stderr
    assert "inspections up" in output
    assert cli.rows("SELECT * FROM submissions") == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("99", "--on", "2010-11-02", "--by", "c.marsh", "--reason", "x"), "has no event 99; they are 1 to 4"),
        (("3", "--on", "2010-11-02", "--by", "c.marsh", "--reason", " "), "reason: must not be empty"),
        (("3", "--on", "soon", "--by", "c.marsh", "--reason", "x"), "--on soon: must be a day"),
        (("three", "--on", "2010-11-02", "--by", "c.marsh", "--reason", "x"), "has no event three"),
        (("3", "--on", "2010-11-02", "--by", "c.marsh"), "--reason"),
    ],
)
def test_a_correction_that_says_too_little_is_wrong_input(
    cli: CliHarness, words: tuple[str, ...], expected: str
) -> None:
    cli.notified()
    assert expected in cli.run("correct", ID, *words, code=2).stderr


def test_a_correction_may_name_the_kind_of_event_and_means_the_newest(cli: CliHarness) -> None:
    cli.notified()
    output = cli.run(
        "correct", ID, "notified", "--on", "2010-11-02", "--by", "c.marsh", "--reason", "Mistyped", code=4
    ).stderr
    assert "inspections up" in output, "it is understood, and only the engine is missing"


def test_several_fields_that_are_missing_are_named_in_one_line(cli: CliHarness) -> None:
    cli.notified()
    output = cli.run("do", ID, "hold_set_up_meeting", "--by", "i.ashdown", code=2).stderr
    assert output.count("\n") == 1
    assert "attendees: is missing; decisions: is missing" in output


def test_several_entries_of_a_calendar_that_are_wrong_are_named_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "days.json"
    file.write_text('[{"date": "soon", "title": "x"}, {"date": "2010-12-27"}]')
    ended = run("dates", "--notified", "2010-11-03", "--holidays", str(file))
    assert (ended.exit_code, ended.stderr.count("\n")) == (2, 1)
    assert "entry 0: date: must be a day" in ended.stderr
    assert "entry 1: title: must say" in ended.stderr


def test_the_person_of_the_settings_takes_a_step_where_none_is_named(
    cli: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.on_site()
    step = ("do", ID, "write_section", "--set", "heading=about", "--set", "text=Words.")
    assert "--by PERSON (or INSPECTIONS_PERSON)" in cli.run(*step, code=2).stderr
    monkeypatch.setenv("INSPECTIONS_PERSON", "i.ashdown")
    cli.run(*step)
    cli.run(*step[:2], "write_section", "--set", "heading=service", "--set", "text=Words.", "--by", "i.bellamy", code=3)
    events = cli.json("history", ID, "--kind", "section_written")
    assert [event["by"] for event in events] == ["i.ashdown"]


def test_other_words_under_the_command_of_a_step_that_was_taken_are_a_fault(cli: CliHarness) -> None:
    cli.notified()
    cli.take("cancel", "m.okafor", reason="The roads are closed")
    ((command,),) = cli.rows("SELECT command_id FROM events WHERE kind = 'cancelled'")
    again = ("do", ID, "cancel", "--by", "m.okafor", "--command", command)
    cli.run(*again, "--set", "reason=The roads are closed")
    assert "with other words" in cli.run(*again, "--set", "reason=The office moved", code=2).stderr
