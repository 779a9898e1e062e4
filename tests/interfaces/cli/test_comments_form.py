"""`inspections do ID return_comments --with FORM.pdf`: what the authority typed into the form is kept as it stands there."""

from pathlib import Path

from tests.application.files.test_comments_form import FIRST, filled_form
from tests.cli_harness import ID, CliHarness
from tests.interfaces.cli.test_show_changes import finalising


def texts(cli: CliHarness) -> set[str]:
    return {row[0] for row in cli.rows("SELECT body FROM texts")}


def test_a_filled_in_form_is_kept_with_every_word_even_without_an_engine(cli: CliHarness, tmp_path: Path) -> None:
    finalising(cli)
    form = filled_form(tmp_path, returned_by="Pat Reed", comment_3_right="The ward has 40 beds.", **FIRST)
    cli.run("do", ID, "return_comments", "--with", str(form), "--by", "dcs.330", code=4)
    assert texts(cli) >= {
        "12",
        "It says that four nurses are in post.",
        "place not named",
        "What is right: The ward has 40 beds.",
        "Pat Reed",
    }


def test_a_form_of_another_inspection_leaves_nothing_behind(cli: CliHarness, tmp_path: Path) -> None:
    finalising(cli)
    before = texts(cli)
    form = filled_form(tmp_path, reference="SLAC-2010-002", **FIRST)
    result = cli.run("do", ID, "return_comments", "--with", str(form), "--by", "dcs.330", code=2)
    assert "is a form of the inspection «SLAC-2010-002», not of SLAC-2010-001" in result.stderr
    assert texts(cli) == before
    assert cli.rows("SELECT * FROM submissions") == []
