"""Who does a thing: --by, or else the person whom INSPECTIONS_PERSON names; a command that acts is refused without either."""

from pathlib import Path

import pytest

from tests.cli_harness import ID, CliHarness
from tests.orders import order_as_text

ACTING = (
    ("do", ID, "hold_set_up_meeting"),
    ("do", ID, "report", "--with", "report.yaml"),
    ("concern", "add", ID, "--set", "raised_by=other", "--set", "text=It was cold.", "--command", "c1"),
    ("concern", "settle", ID, "1", "--set", "text=It is warm now."),
    ("correct", ID, "notified", "--on", "2010-11-02", "--reason", "It was wrong"),
    ("erase", ID, "--reason", "Its time is over"),
    ("holidays", "add", "2011-04-29", "A wedding"),
    ("holidays", "move", "2011-04-25", "2011-04-26"),
    ("holidays", "remove", "2011-04-25"),
    ("holidays", "remove", "2011-04-25", "--preview"),
    ("authorities", "import", "people.csv"),
    ("restore", "backup.zip", "--reason", "The disk failed"),
)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the commands name, in which they run."""
    monkeypatch.chdir(tmp_path)
    for name in ("report.yaml", "people.csv", "backup.zip"):
        (tmp_path / name).write_text("about:\n  text: Words.\n")
    return tmp_path


@pytest.mark.parametrize("words", ACTING, ids=" ".join)
def test_a_command_that_acts_wants_a_person(cli: CliHarness, files: Path, words: tuple[str, ...]) -> None:
    cli.notified()
    before = cli.rows("SELECT count(*) FROM events")
    output = cli.run(*words, code=2).stderr
    assert output.endswith(": say who does this with --by PERSON (or INSPECTIONS_PERSON)\n")
    assert cli.rows("SELECT count(*) FROM events") == before


@pytest.mark.parametrize("words", ACTING, ids=" ".join)
def test_the_person_of_the_settings_is_the_one_who_acts(
    cli: CliHarness, files: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same answer as with --by, be it a refusal that names the person."""
    cli.notified()
    given = cli.run_freely(*words, "--by", "i.bellamy")
    monkeypatch.setenv("INSPECTIONS_PERSON", "i.bellamy")
    taken = cli.run_freely(*words)
    assert "--by PERSON" not in taken.stderr
    assert (taken.exit_code, taken.stdout, taken.stderr) == (given.exit_code, given.stdout, given.stderr)


def test_by_goes_before_the_person_of_the_settings(
    cli: CliHarness, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.on_site()
    monkeypatch.setenv("INSPECTIONS_PERSON", "i.bellamy")
    words = ("do", ID, "report", "--with", "report.yaml")
    assert "i.bellamy is Inspector" in cli.run(*words, code=3).stderr
    cli.run(*words, "--by", "i.ashdown")
    assert [event["by"] for event in cli.json("history", ID, "--kind", "section_written")] == ["i.ashdown"]


def test_an_order_is_started_by_the_person_of_the_settings(
    cli: CliHarness, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "order.yaml").write_text(order_as_text(notify="2010-11-03"))
    cli.run("start", "order.yaml", "--dry-run")
    monkeypatch.setenv("INSPECTIONS_PERSON", "i.ashdown")
    assert "i.ashdown" in cli.run("start", "order.yaml", "--dry-run", code=3).stderr
    cli.run("start", "order.yaml", "--dry-run", "--by", "m.okafor")


def test_the_open_steps_are_those_of_the_person_of_the_settings(
    cli: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.notified()
    own = cli.json("do", ID, "--by", "link.330")
    monkeypatch.setenv("INSPECTIONS_PERSON", "link.330")
    assert cli.json("do", ID) == own
    assert "can be taken now by link.330:" in cli.run("do", ID).stdout


def test_the_reader_of_as_is_whom_the_open_steps_are_for(cli: CliHarness) -> None:
    """`--as` names who reads for every reading command."""
    cli.notified()
    assert cli.json("--as", "link.330", "do", ID) == cli.json("do", ID, "--by", "link.330")
