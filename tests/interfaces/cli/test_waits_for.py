"""What the board and an inspection's page say it waits for, and what was never done."""

from typing import Any

from tests.cli_harness import ID, CliHarness


def _shown(cli: CliHarness) -> tuple[dict[str, Any], dict[str, Any]]:
    (row,) = cli.json("list")
    page = cli.json("show", ID)
    assert row["next"]["limit"] == page["next"]["limit"]
    return row, page


def test_on_site_the_board_names_the_end_and_not_the_documents_that_did_not_come(cli: CliHarness) -> None:
    cli.on_site().on("2010-11-24")
    row, page = _shown(cli)
    assert page["next"]["limit"] in ("oral_feedback", "inspection_ends")
    assert {"documents", "survey_invitations"} <= set(row["late_limits"])
    assert row["never_done"] == []
    assert "limits are LATE" in cli.run("list").stdout


def test_after_fieldwork_what_did_not_come_was_never_done(cli: CliHarness) -> None:
    cli.on_site().on("2010-11-30").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    cli.take("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    row, page = _shown(cli)
    assert (row["next"]["limit"], row["late_limits"]) == ("draft_report", [])
    assert {"documents", "survey_invitations"} <= set(row["never_done"])
    words = {limit["key"]: limit["words"] for limit in page["limits"]}
    assert words["documents"] == "never done"
    assert "never done: Documents asked for" in " ".join(cli.run("list").stdout.split())
