"""`inspections statistics`: figures by paragraph, lead, authority, region and quarter, each with its inspections."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.cli_harness import ID, CliHarness, fits

OTHER = "SLAC-2010-002"


@pytest.fixture
def two(cli: CliHarness) -> CliHarness:
    """One on site, its case lists a day late and other things owed; another begun later and deferred."""
    cli.on_site()
    cli.start(reference=OTHER, authority="331", notify="2010-11-22", team=TEAM)
    cli.on("2010-11-22").take("notify", identifier=OTHER)
    cli.take("record_service", identifier=OTHER, method="email")
    cli.on("2010-11-24").take("defer", "m.okafor", OTHER, reason="Another inspection on site.")
    return cli.on("2010-12-01")


TEAM = [
    {"person": "i.bellamy", "role": "lead_inspector"},
    {"person": "i.ashdown", "role": "inspector"},
    {"person": "i.choudhury", "role": "inspector"},
    {"person": "h.dunmore", "role": "cqc_inspector"},
]


def group(cli: CliHarness, by: str, key: str, *words: str) -> dict[str, Any]:
    statistics = cli.json("statistics", "--by", by, *words)["groups"]
    (group,) = [group for group in statistics if group["key"] == key]
    return {name: group["limits"][name]["number"] for name in ("met", "missed", "at_risk", "open", "suspended")}


def test_each_limit_counts_once_and_names_its_inspections(two: CliHarness) -> None:
    statistics = two.json("statistics")
    lists = next(group for group in statistics["groups"] if group["key"] == "42")
    assert lists["title"] == "the four case lists"
    assert lists["limits"]["missed"] == {"number": 1, "inspections": [ID]}
    assert lists["limits"]["suspended"] == {"number": 1, "inspections": [OTHER]}
    total = sum(limit["number"] for limit in statistics["total"]["limits"].values())
    assert total == sum(len(two.json("show", inspection)["limits"]) for inspection in (ID, OTHER))


def test_missed_is_what_the_inspections_own_page_calls_late(two: CliHarness) -> None:
    shown = [limit for inspection in (ID, OTHER) for limit in two.json("show", inspection)["limits"]]
    late = [limit["key"] for limit in shown if limit["late"]]
    assert two.json("statistics")["total"]["limits"]["missed"]["number"] == len(late) > 1


def test_every_way_of_grouping_comes_to_the_same_total(two: CliHarness) -> None:
    totals = [two.json("statistics", "--by", by) for by in ("paragraph", "lead", "authority", "region", "quarter")]
    assert all(answer["total"] == totals[0]["total"] for answer in totals)
    for answer in totals:
        for name, count in answer["total"]["limits"].items():
            assert sum(group["limits"][name]["number"] for group in answer["groups"]) == count["number"]
    keys = {answer["by"]: [group["key"] for group in answer["groups"]] for answer in totals}
    assert keys["lead"] == ["i.ashdown", "i.bellamy"]
    assert keys["authority"] == ["330", "331"]
    assert keys["quarter"] == ["2010-Q4", "2011-Q1"]
    assert keys["paragraph"] == sorted(keys["paragraph"], key=int)


def test_what_is_reminded_of_is_at_risk(two: CliHarness) -> None:
    two.on("2010-11-25")
    ends = {limit["key"]: limit for limit in two.json("show", ID)["limits"]}["inspection_ends"]
    assert (ends["due"], ends["state"]) == ("2010-11-30", "open")
    assert group(two, "paragraph", "11")["at_risk"] == 1
    two.on("2010-11-24")
    assert group(two, "paragraph", "11")["at_risk"] == 0


def test_of_one_that_is_planned_no_reminder_is_sent_and_nothing_is_at_risk(cli: CliHarness) -> None:
    cli.start()
    for day in ("2010-11-02", "2010-11-03"):
        statistics = cli.on(day).json("statistics")["total"]["limits"]
        at_risk = ["notification"] if day == "2010-11-03" else []
        assert statistics["at_risk"]["number"] == len(at_risk), day
    cli.take("notify")
    cli.take("record_service", method="email")
    assert group(cli, "paragraph", "42")["at_risk"] == 0
    assert group(cli.on("2010-11-04"), "paragraph", "42")["at_risk"] == 1


def test_a_reminder_whose_day_was_over_before_the_notification_was_never_sent(cli: CliHarness) -> None:
    """Due on Friday the 5th: the reminder of three days before fell on the 2nd, and the next one goes on the 4th."""
    cli.notified()
    assert group(cli, "paragraph", "42") == {"met": 0, "missed": 0, "at_risk": 0, "open": 1, "suspended": 0}


def test_days_are_counted_by_who_used_them(two: CliHarness) -> None:
    by_paragraph = {group["key"]: group["working_days"] for group in two.json("statistics")["groups"]}
    assert by_paragraph["42"]["authority"] == {"number": 3, "inspections": [ID]}
    assert by_paragraph["32"]["inspectorate"] == {"number": 4, "inspections": [ID]}
    assert by_paragraph["9"]["deferred"] == {"number": 5, "inspections": [OTHER]}
    assert by_paragraph["53"]["inspectorate"]["number"] == 0


def test_of_several_recordings_of_one_moment_the_one_with_the_newest_number_stands(two: CliHarness) -> None:
    before = two.json("statistics")["total"]
    moment = f"SELECT max(recorded_at) FROM limit_history WHERE inspection_id = '{ID}'"
    with two.records.begin() as connection:
        connection.execute(text(f"UPDATE limit_history SET recorded_at = ({moment}) WHERE inspection_id = '{ID}'"))
    assert two.json("statistics")["total"] == before


def test_of_the_days_on_site_the_first_is_day_one(two: CliHarness) -> None:
    """From Wednesday 17 November to Wednesday 1 December: the eleventh working day, of ten that are allowed (para 11)."""
    on_site = {group["key"]: group["working_days"] for group in two.json("statistics")["groups"]}["11"]
    assert on_site["inspectorate"] == {"number": 11, "inspections": [ID]}


def test_only_limits_due_in_the_days_asked_for_are_counted(two: CliHarness) -> None:
    days = ("--from", "2010-11-05", "--to", "2010-11-05")
    statistics = two.json("statistics", *days)
    assert [group["key"] for group in statistics["groups"]] == ["42"]
    assert (statistics["from"], statistics["to"]) == ("2010-11-05", "2010-11-05")
    assert group(two, "quarter", "2010-Q4", *days)["missed"] == 1


def test_a_past_days_report_is_the_same_when_it_is_run_again(two: CliHarness) -> None:
    then = two.json("statistics", "--by", "lead", "--as-of", "2010-11-30")
    two.take("correct", "c.marsh", ID, event=7, reason="Handed in on the Friday.")
    two.on("2010-12-06").take("give_oral_feedback", "i.ashdown", headings="As discussed")
    assert two.json("statistics", "--by", "lead", "--as-of", "2010-11-30") == then
    assert two.json("statistics", "--by", "lead")["total"] != then["total"]


def test_the_screen_fits_and_names_inspections_where_asked(two: CliHarness) -> None:
    for by in ("paragraph", "lead", "authority", "region", "quarter"):
        output = two.run("statistics", "--by", by, "--list").stdout
        assert fits(output), output
        assert "missed (" in output
    assert ID not in two.run("statistics").stdout
    assert f"  missed (7): {ID}\n" in output


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--by", "person"), "--by"),
        (("--as-of", "2011-01-01"), "has not come yet"),
        (("--as-of", "soon"), "must be a day"),
        (("--from", "2010-12-01", "--to", "2010-11-30"), "is after --to"),
    ],
)
def test_what_cannot_be_asked_is_wrong_input(two: CliHarness, words: tuple[str, ...], expected: str) -> None:
    assert expected in two.run("statistics", *words, code=2).stderr


def test_before_anything_began_there_is_nothing_to_count(two: CliHarness) -> None:
    statistics = two.json("statistics", "--as-of", "2009-12-31")
    assert statistics["groups"] == []
    assert "No limit like that." in two.run("statistics", "--as-of", "2009-12-31").stdout
