"""What all reading commands have in common, with engine and without, and the board."""

import json

import pytest

from tests.cli_harness import ID, CliHarness, fits, run

READING = (
    ("list",),
    ("agenda",),
    ("show", ID),
    ("do", ID),
    ("tasks",),
    ("tasks", ID),
    ("history",),
    ("history", ID),
    ("history", ID, "--full"),
    ("explain", ID),
    ("explain", ID, "draft_report"),
    ("authorities", "list"),
    ("authorities", "show", "330"),
    ("holidays", "list"),
    ("verify",),
    ("verify", ID),
)


# What all of them have in common ---------------------------------------------------------------------------------


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_without_an_engine_the_records_answer_and_the_end_is_4(
    cli_without_engine: CliHarness, words: tuple[str, ...]
) -> None:
    cli_without_engine.notified()
    result = cli_without_engine.run(*words, code=4)
    assert result.stdout
    assert "answered from the records alone" in result.stderr
    assert result.stderr.count("\n") == 1
    assert json.loads(cli_without_engine.run(*words, "--json", code=4).stdout) is not None


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_rehearsals_folder_needs_no_engine(cli: CliHarness, words: tuple[str, ...]) -> None:
    cli.notified()
    result = cli.run(*words)
    assert result.stderr == ""
    assert fits(result.stdout), result.stdout
    assert "\x1b" not in result.stdout
    assert json.loads(cli.run(*words, "--json").stdout) is not None


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_without_records_nothing_is_answered_and_nothing_is_made(
    cli_without_engine: CliHarness, words: tuple[str, ...]
) -> None:
    nowhere = cli_without_engine.data / "nowhere"
    result = run(*words, "--data", str(nowhere))
    assert (result.exit_code, result.stdout) == (4, "")
    assert "run `inspections up`" in result.stderr
    assert not nowhere.exists()


@pytest.mark.parametrize("words", [words for words in READING if ID in words], ids=" ".join)
def test_an_unknown_identifier_is_answered_with_the_nearest(cli: CliHarness, words: tuple[str, ...]) -> None:
    cli.start()
    wrong = ["SLAC-2010-01" if word == ID else word for word in words]
    result = cli.run(*wrong, code=2)
    assert f"there is no inspection SLAC-2010-01; nearest: {ID}" in result.stderr
    assert result.stdout == ""


# The board -----------------------------------------------------------------------------------------------------------


def test_the_board_says_for_whom_it_waits_since_when_and_what_is_due_next(cli: CliHarness) -> None:
    cli.notified()
    (row,) = cli.json("list")
    assert row["next"] == {"limit": "case_lists", "due": "2010-11-05", "waits_for": "link_officer"}
    cells = (row["authority"], row["authority_code"], row["scope"], row["stage"], row["lead"], row["late"])
    assert cells == ("Birmingham", "330", "joint", "notified", "i.ashdown", False)
    output = " ".join(cli.run("list").stdout.split())
    assert "notified Lists of cases Link officer" in output
    assert "joint Fri 5 Nov, in 2 working days since Wed 3 Nov" in output


def test_what_is_late_is_marked_in_words_and_does_not_vanish(cli: CliHarness) -> None:
    cli.notified().on("2010-11-08")
    (row,) = cli.json("list", "--late")
    assert row["late"]
    assert row["late_limits"] == ["case_lists"]
    assert "LATE by 1 working day" in " ".join(cli.run("list").stdout.split())


def test_what_is_due_soonest_comes_first(cli: CliHarness) -> None:
    cli.notified().on("2010-11-05")
    cli.start(reference="SLAC-2010-002", authority="331", notify="2010-11-12")
    cli.start(reference="SLAC-2010-003", authority="332", notify="2010-11-10")
    assert [row["id"] for row in cli.json("list")] == [ID, "SLAC-2010-003", "SLAC-2010-002"]


@pytest.mark.parametrize(
    ("words", "is_listed"),
    [
        (("--stage", "notified"), True),
        (("--stage", "planned"), False),
        (("--lead", "i.ashdown"), True),
        (("--lead", "i.bellamy"), False),
        (("--authority", "330"), True),
        (("--authority", "331"), False),
        (("--due-within", "2"), True),
        (("--due-within", "1"), False),
        (("--late",), False),
    ],
)
def test_the_boards_filters(cli: CliHarness, words: tuple[str, ...], is_listed: bool) -> None:
    cli.notified()
    assert bool(cli.json("list", *words)) is is_listed


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--stage", "fieldwrk"), "no stage «fieldwrk»; nearest: fieldwork"),
        (("--lead", "i.ashdow"), "nearest: i.ashdown"),
        (("--authority", "999"), "999"),
        (("--due-within", "soon"), "--due-within"),
    ],
)
def test_a_filter_that_names_nothing_is_wrong_input(cli: CliHarness, words: tuple[str, ...], expected: str) -> None:
    assert expected in cli.run("list", *words, code=2).stderr


def test_a_board_with_nothing_on_it_fits_the_screen(cli: CliHarness) -> None:
    output = cli.run("list", "--late").stdout
    assert "--stage closed, --stage" in output
    assert fits(output)
