"""`inspections do ID report`: the file is taken out, filled in, and written, at a screen of 80 columns."""

import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli_harness import ID, CliHarness, fits
from tests.paths import ROOT
from tests.report_file import report_fields, report_file

TEXT = "Says: «ein Ärger», \"quoted\" and 'so'.\n\n- a point: with a colon\n- another # no comment\n\n\ttabbed\n  indented \nlast"
OPTIONS = ("--by", "i.ashdown")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "report.yaml"


def write(cli: CliHarness, file: Path, *more: str, code: int = 0) -> Any:
    return cli.run("do", ID, "report", "--with", str(file), *OPTIONS, *more, code=code)


def take_out(cli: CliHarness, file: Path, *more: str, code: int = 0) -> Any:
    return cli.run("do", ID, "report", "--take-out", str(file), *more, code=code)


def numbers(cli: CliHarness) -> list[Any]:
    return cli.rows("SELECT number FROM events")


def test_one_file_writes_the_whole_report_and_the_records_verify(cli: CliHarness, file: Path) -> None:
    cli.on_site()
    file.write_text(report_file())
    output = write(cli, file).stdout
    assert f"{ID}: 27 sections written, 0 as they were" in output
    assert fits(output)
    assert len(cli.json("show", ID)["sections"]) == 27
    assert cli.json("verify", ID)["right"]


def test_the_example_is_a_whole_joint_report_and_as_it_would_be_taken_out(cli: CliHarness, file: Path) -> None:
    cli.on_site()
    example = ROOT / "examples" / "report.yaml"
    output = write(cli, example).stdout
    assert f"{ID}: 27 sections written, 0 as they were" in output
    assert "The report is complete." in output
    take_out(cli, file)
    assert file.read_text() == example.read_text()


def test_a_second_run_writes_nothing_and_says_so(cli: CliHarness, file: Path) -> None:
    cli.on_site()
    file.write_text(report_file())
    write(cli, file)
    before = numbers(cli)
    assert write(cli, file).stdout.splitlines()[0] == f"{ID}: 0 sections written, 27 as they were"
    file.write_text(report_file(about={"text": "Other words."}))
    output = write(cli, file, "--json").stdout
    assert yaml.safe_load(output)["written"][0]["heading"] == "about"
    assert len(numbers(cli)) == len(before) + 1


def test_an_empty_report_is_taken_out_with_every_heading_to_be_filled(cli: CliHarness, file: Path) -> None:
    cli.on_site()
    output = take_out(cli, file)
    text = file.read_text()
    assert list(yaml.safe_load(text)) == list(report_fields())
    assert "# outstanding: Well above" in text
    assert "  grade:  # outstanding | good | adequate | inadequate" in text
    assert "# Performance management and quality assurance" in text
    assert "immediately | within_three_months | within_six_months" in text
    assert fits(text)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert f"inspections do {ID} report --with {file}" in output.stderr
    before = numbers(cli)
    written = write(cli, file).stdout
    assert "0 sections written, 27 as they were" in written
    assert "Still to be written: about, service, safeguarding.overall_effectiveness," in written
    assert "and 21 more" in written
    assert numbers(cli) == before


def test_the_lines_that_show_an_area_can_be_filled_in_where_they_stand(cli: CliHarness, file: Path) -> None:
    cli.on_site()
    take_out(cli, file)
    text = file.read_text()
    for line in (
        "- when: immediately | within_three_months | within_six_months",
        "  text: |-",
        "    What is to be done.",
    ):
        assert f"  # {line}\n" in text
        text = text.replace(f"  # {line}\n", f"  {line.partition(' |')[0] if 'when' in line else line}\n", 1)
    file.write_text(text)
    assert "1 section written, 26 as they were" in write(cli, file).stdout


def test_a_report_that_was_taken_out_writes_nothing_when_it_is_put_in_again(cli: CliHarness, file: Path) -> None:
    cli.on_site()
    areas = {"areas": [{"when": "immediately", "text": TEXT}, {"when": "within_six_months", "text": "One: line."}]}
    about, outcomes = {"text": TEXT, "equality": "A note."}, {"equality": TEXT}
    graded = {"grade": "inadequate", "text": TEXT, "equality": TEXT}
    sections = {"about": about, "looked_after__outcomes": outcomes, "safeguarding__capacity": graded}
    file.write_text(report_file(**sections, safeguarding__areas_for_improvement=areas))
    write(cli, file)
    out = file.with_name("out.yaml")
    take_out(cli, out)
    before = numbers(cli)
    assert "0 sections written, 27 as they were" in write(cli, out).stdout
    assert numbers(cli) == before


@pytest.mark.parametrize(
    ("by", "person", "end"),
    [("", "", " --by PERSON"), ("i.ashdown", "i.bellamy", " --by i.ashdown"), ("", "i.ashdown", "")],
)
def test_the_command_that_writes_it_back_names_the_person_who_took_it_out(
    cli: CliHarness, file: Path, by: str, person: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.on_site()
    monkeypatch.setenv("INSPECTIONS_PERSON", person)
    output = take_out(cli, file, *(("--by", by) if by else ())).stderr
    assert output.endswith(f"write it back: inspections do {ID} report --with {file}{end}\n")


@pytest.mark.parametrize("written_before", [False, True])
def test_a_day_that_has_not_come_is_wrong_input_whether_or_not_anything_changes(
    cli: CliHarness, file: Path, written_before: bool
) -> None:
    cli.on_site()
    file.write_text(report_file())
    if written_before:
        write(cli, file)
    before = numbers(cli)
    write(cli, file, "--on", "2010-12-24", code=2)
    assert numbers(cli) == before


def test_a_file_is_never_overwritten_with_something_else(cli: CliHarness, file: Path) -> None:
    cli.on_site()
    take_out(cli, file)
    take_out(cli, file)
    file.write_text("my work\n")
    output = take_out(cli, file, code=2).stderr
    assert "is there already" in output
    assert file.read_text() == "my work\n"


def test_a_file_that_cannot_be_written_is_wrong_input(cli: CliHarness, file: Path) -> None:
    cli.on_site()
    assert "cannot be written" in take_out(cli, file.parent / "no" / "report.yaml", code=2).stderr
    assert "is there already" in take_out(cli, file.parent, code=2).stderr


def test_taking_the_report_out_is_logged_and_a_stranger_gets_nothing(cli: CliHarness, file: Path) -> None:
    cli.on_site()
    take_out(cli, file, "--by", "i.bellamy")
    (entry,) = cli.json("access", "--by", "i.bellamy")
    assert (entry["command"], entry["asked"]) == ("do", {"step": "report", "take_out": "report.yaml"})
    other = file.with_name("other.yaml")
    output = take_out(cli, other, "--by", "dcs.331", code=2).stderr
    assert output.startswith(f"there is no inspection {ID}")
    assert not other.exists()


def test_faults_are_printed_with_line_and_column_and_nothing_is_written(cli: CliHarness, file: Path) -> None:
    cli.on_site()
    file.write_text("about:\n  text: Words.\nsafeguarding.ambitoin:\n  grade: good\nservice: Words.\n")
    output = write(cli, file, code=2).stderr
    assert f"{file}: 2 faults, nothing was written" in output
    assert f"{file}:3:1: safeguarding.ambitoin: there is no such heading" in output
    assert f"{file}:5:1: service: must hold fields" in output
    assert cli.json("show", ID)["sections"] == []


def test_a_file_that_is_no_yaml_is_named_with_its_place(cli: CliHarness, file: Path) -> None:
    cli.on_site()
    file.write_text("about:\n  text: [Words.\n")
    assert f"{file}:" in write(cli, file, code=2).stderr
    assert "nothing.yaml" in write(cli, file.with_name("nothing.yaml"), code=2).stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((ID, "report", "--by", "i.ashdown"), "say --with FILE to write the report, or --take-out FILE"),
        ((ID, "report", "--with", "a", "--take-out", "b"), "say --with FILE to write the report, or --take-out FILE"),
        ((ID, "report", "--set", "about=x"), "--set: the report is written with a file"),
        ((ID, "report", "--take-out", "b", "--command", "c"), "leave out --on and --command"),
        ((ID, "publish", "--take-out", "b"), "--take-out goes with the step report alone"),
        ((ID, "--take-out", "b"), "--take-out goes with the step report alone"),
        (("SLAC-2010-01", "report", "--take-out", "b"), "no inspection SLAC-2010-01; nearest: SLAC-2010-001"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_input(
    cli: CliHarness, words: tuple[str, ...], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cli.on_site()
    assert expected in cli.run("do", *words, code=2).stderr
    assert not (tmp_path / "b").exists()


def test_the_report_is_written_by_the_person_of_the_settings(
    cli: CliHarness, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.on_site()
    file.write_text(report_file())
    words = ("do", ID, "report", "--with", str(file))
    assert "--by PERSON (or INSPECTIONS_PERSON)" in cli.run(*words, code=2).stderr
    monkeypatch.setenv("INSPECTIONS_PERSON", "i.ashdown")
    cli.run(*words)
    assert {event["by"] for event in cli.json("history", ID, "--kind", "heading_graded")} == {"i.ashdown"}


def test_an_erased_report_is_not_taken_out(cli: CliHarness, file: Path) -> None:
    cli.start()
    cli.take("cancel", "m.okafor", reason="Not now, there is too much else")
    cli.on("2030-01-02").run("erase", ID, "--by", "m.okafor", "--reason", "Its time is over")
    assert "were erased with its personal data" in take_out(cli, file, code=3).stderr
    assert not file.exists()
