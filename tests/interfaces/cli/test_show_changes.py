"""`inspections show` lists for quality assurance what changed since the draft was sent, computed from the two reports."""

from framework.editions.registry import edition
from tests.cli_harness import ID, CliHarness
from tests.report_fields import step_that_writes

LEAD = "i.ashdown"
HEALTH = {"heading": "looked_after.being_healthy", "text": "Nurses are in post.", "equality": "Needs are met."}


def finalising(cli: CliHarness) -> CliHarness:
    """A draft graded good throughout was sent on 10 December 2010, and came back with one comment."""
    cli.on_site()
    for heading in edition("2010-10").report.headings("joint"):
        step, fields = step_that_writes(heading, f"What was found of {heading.key}.")
        cli.take(step, LEAD, **fields)
    for key in ("about", "service"):
        cli.take("write_section", LEAD, heading=key, text=f"Words on {key}.")
    cli.on("2010-11-30").take("give_oral_feedback", LEAD, headings="As discussed")
    cli.take("end_fieldwork", LEAD, spoke_with_children=True, sought_views_of_parents=True)
    cli.on("2010-12-10")
    cli.take("submit_draft", LEAD)
    _rendered(cli)
    cli.take("approve_draft", "q.lindqvist")
    cli.take("send_draft", LEAD)
    cli.take("return_comments", "dcs.330", comments=[{"where": "page 7", "text": "Five nurses, not four."}])
    return cli


def _rendered(cli: CliHarness) -> None:
    with cli.records.begin() as connection:
        connection.exec_driver_sql("UPDATE documents SET status = 'rendered', pdf_sha256 = 'abc'")


def test_a_grade_that_fell_after_the_draft_is_shown_until_the_lead_has_explained_it(cli: CliHarness) -> None:
    finalising(cli).take("grade", LEAD, grade="inadequate", **HEALTH)
    (change,) = cli.json("show", ID)["changes"]
    assert (change["grade_was"], change["grade_now"], change["word"]) == ("good", "inadequate", None)
    output = " ".join(cli.run("show", ID).stdout.split())
    assert "Changed since the draft was sent (worked out from the two reports)" in output
    assert "Being healthy (Services for looked after children): grade from good to inadequate; " in output
    assert "no comment asked for it: THE LEAD INSPECTOR HAS NOT SAID WHY (explain_change)" in output
    assert "- What was found of looked_after.being_healthy. + Nurses are in post." in output
    cli.take("explain_change", LEAD, heading=HEALTH["heading"], reason="The inquiry into three deaths was read.")
    assert "no comment asked for it: The inquiry into three deaths was read." in cli.run("show", ID).stdout


def test_an_accepted_comment_without_a_change_is_shown(cli: CliHarness) -> None:
    finalising(cli).take("answer_comment", LEAD, number=1, accepted=True, reason="So it is.")
    assert cli.json("show", ID)["accepted_without_change"] == [{"number": 1, "titles": [], "word": None}]
    output = " ".join(cli.run("show", ID).stdout.split())
    assert "Comment 1 was accepted and nothing it is about changed: THE LEAD INSPECTOR HAS NOT SAID WHY" in output


def test_what_was_submitted_is_what_quality_assurance_is_shown(cli: CliHarness) -> None:
    finalising(cli).take("grade", LEAD, grade="adequate", **HEALTH)
    cli.take("answer_comment", LEAD, number=1, accepted=True, reason="So it is.", sections=[HEALTH["heading"]])
    live = cli.json("show", ID)["changes"]
    cli.on("2010-12-20").take("submit_final", LEAD)
    assert cli.json("show", ID)["changes"] == live
    assert live[0]["comments"] == [1]
    assert cli.json("show", ID, "--as-of", "2010-12-15")["changes"] == []
    assert "Nothing." not in cli.run("show", ID).stdout.partition("Changed since")[2].partition("\n\n")[0]


def test_no_changes_are_shown_before_the_draft_came_back(cli: CliHarness) -> None:
    cli.on_site()
    assert cli.json("show", ID)["changes"] == []
    assert "Changed since the draft" not in cli.run("show", ID).stdout
