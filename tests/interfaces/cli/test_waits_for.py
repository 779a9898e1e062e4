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


def test_on_site_what_is_late_is_still_waited_for_where_fieldwork_cannot_end_without_it(cli: CliHarness) -> None:
    notice = {"notice": "none", "notice_ground": "serious_concerns", "notice_reason": "A child was hurt."}
    cli.start(**notice, service="by_hand", notify="2010-11-03", fieldwork="2010-11-03")
    cli.on("2010-11-03").take("record_service", "c.marsh", method="by_hand", proof="Handed over")
    cli.take("start_fieldwork", "i.ashdown")
    row, page = _shown(cli.on("2010-11-10"))
    assert (row["next"]["limit"], page["next"]["limit"]) == ("case_lists", "case_lists")
    cli.take("override", "m.okafor", gate="case_lists", reason="The files were flooded")
    assert _shown(cli)[0]["next"]["limit"] != "case_lists"
