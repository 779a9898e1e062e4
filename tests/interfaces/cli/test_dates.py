"""`inspections dates`, as a user types it."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from framework.common.errors import BadInput
from interfaces.cli.dates import dates

EXAMPLE = ("--notified", "2010-11-03")


def run(*words: str) -> str:
    """What the command prints; its errors are raised."""
    app = typer.Typer()
    app.command()(dates)
    result = CliRunner().invoke(app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def answer(*words: str) -> dict[str, dict[str, Any]]:
    return {milestone["key"]: milestone for milestone in json.loads(run(*words, "--json"))["milestones"]}


def faults_of(*words: str) -> tuple[str, ...]:
    with pytest.raises(BadInput) as caught:
        run(*words)
    return caught.value.faults


def usage_error(*words: str) -> str:
    app = typer.Typer(rich_markup_mode=None)
    app.command()(dates)
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    return result.stderr


def test_dates_follow_what_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTIONS_LIMIT_SET_UP_MEETING_UNIT", "calendar days")
    meeting = answer(*EXAMPLE)["set_up_meeting"]
    assert (meeting["due"], meeting["unit"]) == ("2010-11-07", "calendar days")
    assert "7 Nov 2010" in run(*EXAMPLE)


def holidays_in(folder: Path, text: str) -> tuple[str, str]:
    file = folder / "days.json"
    file.write_text(text, encoding="utf-8")
    return "--holidays", str(file)


def test_the_example_others_rely_on() -> None:
    printed = json.loads(run(*EXAMPLE, "--explain", "--json"))
    assert printed["calendar"] == "england-2026.1"
    assert printed["milestones"][:2] == [
        {"key": "notification", "due": "2010-11-03", "paragraph": 8},
        {
            "key": "set_up_meeting",
            "due": "2010-11-09",
            "anchor": "notification",
            "anchor_date": "2010-11-03",
            "count": 4,
            "unit": "working days",
            "paragraph": 32,
            "skipped": [{"date": "2010-11-06", "why": "Saturday"}, {"date": "2010-11-07", "why": "Sunday"}],
        },
    ]


def test_every_option_moves_what_follows_from_it() -> None:
    known = (
        "--fieldwork",
        "2010-11-15",
        "--ended",
        "2010-11-26",
        "--draft-sent",
        "2010-12-01",
        "--published",
        "2011-01-04",
    )
    milestones = answer(*EXAMPLE, *known)
    assert {key: milestone["due"] for key, milestone in milestones.items()} == {
        "notification": "2010-11-03",
        "set_up_meeting": "2010-11-09",
        "fieldwork_starts": "2010-11-17",
        "case_audits": "2010-11-15",
        "inspection_ends": "2010-11-26",
        "draft_report": "2010-12-10",
        "factual_comments": "2010-12-08",
        "final_report": "2010-12-24",
        "publication": "2011-01-05",
        "complaints_close": "2011-02-03",
    }
    assert not any("projected" in milestone or "skipped" in milestone for milestone in milestones.values())


def test_given_holidays_are_used_instead_of_the_kept_ones(tmp_path: Path) -> None:
    given = holidays_in(tmp_path, '[{"date": "2010-11-05", "title": "Local holiday"}]')
    printed = json.loads(run(*EXAMPLE, *given, "--explain", "--json"))
    assert printed["calendar"] == "days.json"
    assert printed["milestones"][1]["due"] == "2010-11-10"
    assert printed["milestones"][1]["skipped"][0] == {"date": "2010-11-05", "why": "Local holiday"}
    christmas = answer("--notified", "2010-12-24", *given)
    assert christmas["set_up_meeting"]["due"] == "2010-12-30"


def test_given_holidays_written_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    assert answer(*EXAMPLE, *holidays_in(tmp_path, "\ufeff[]"))["set_up_meeting"]["due"] == "2010-11-09"


def test_given_holidays_reach_beyond_the_shipped_calendar(tmp_path: Path) -> None:
    assert answer("--notified", "2040-01-02", *holidays_in(tmp_path, "[]"))["set_up_meeting"]["due"] == "2040-01-06"


@pytest.mark.parametrize("text", ["", "{}", "not json", '[{"date": "soon", "title": "x"}]', "[1]"])
def test_holidays_that_cannot_be_read_are_bad_input_naming_the_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match=r"days\.json"):
        run(*EXAMPLE, *holidays_in(tmp_path, text))


def test_a_file_that_is_not_there_or_no_text_is_bad_input_naming_the_option(tmp_path: Path) -> None:
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00[")
    for file in (tmp_path / "nothing.json", tmp_path, binary):
        with pytest.raises(BadInput, match=r"--holidays .*cannot be read"):
            run(*EXAMPLE, "--holidays", str(file))


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("--fieldwork", "2010-11-13"), "--fieldwork"),
        (("--fieldwork", "2010-11-02"), "--fieldwork"),
        (("--fieldwork", "2010-11-15", "--ended", "2010-11-12"), "--ended"),
        (("--fieldwork", "2010-11-15", "--ended", "2010-11-29"), "--ended"),
        (("--ended", "2010-11-28"), "--ended"),
        (("--ended", "2010-11-26", "--draft-sent", "2010-11-25"), "--draft-sent"),
        (("--draft-sent", "2010-12-03", "--published", "2010-12-02"), "--published"),
    ],
)
def test_a_day_that_cannot_be_is_named_by_its_option(words: tuple[str, ...], option: str) -> None:
    (fault,) = faults_of(*EXAMPLE, *words)
    assert fault.startswith(f"{option} 2010-1")


@pytest.mark.parametrize("text", ["3/11/2010", "2010-11-31", "20101103", "2010-11-03T09:00", "today", ""])
def test_what_is_no_day_is_wrong_usage_naming_the_option(text: str) -> None:
    assert "'--notified': " in usage_error("--notified", text)
    assert "'--ended': " in usage_error(*EXAMPLE, "--ended", text)


def test_the_day_of_notification_must_be_given() -> None:
    assert "--notified" in usage_error()


@pytest.mark.parametrize("notified", ["1999-01-04", "2031-01-06", "9999-12-31"])
def test_years_the_calendar_does_not_hold_are_bad_input_naming_those_it_does(notified: str) -> None:
    with pytest.raises(BadInput, match=r"2009-01-01 to 2030-12-31|leaves the years"):
        run("--notified", notified)


def test_people_get_a_table_of_eighty_columns_with_weekday_paragraph_and_what_is_projected() -> None:
    printed = run(*EXAMPLE, "--fieldwork", "2010-11-15")
    assert max(len(line) for line in printed.splitlines()) <= 80
    words = " ".join(printed.split())
    assert "Set-up meeting Tue 9 Nov 2010 32 4 working days from Wed 3 Nov 2010" in words
    assert "Calendar england-2026.1" in words
    assert words.count("(projected)") == 5
    assert "not counted" not in words


def test_people_see_the_days_skipped_and_how_the_source_is_read_when_they_ask() -> None:
    words = " ".join(run("--notified", "2010-12-23", "--explain").split())
    assert "Mon 27 Dec 2010 not counted: Christmas Day" in words
    assert "reading: the source says only “days”" in words


def test_people_see_that_short_notice_brought_a_limit_forward() -> None:
    words = " ".join(run(*EXAMPLE, "--fieldwork", "2010-11-05").split())
    assert "Set-up meeting Fri 5 Nov 2010" in words
    assert words.count("not after") == 1


def test_no_colour_is_printed_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run(*EXAMPLE)
