"""`inspections start`: dry runs without any service, and what ends with which code."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from records.database.connection import writing
from records.tables.directory import PEOPLE
from tests.cli_harness import CliHarness, fits, run
from tests.orders import ORDER, order_as_text
from tests.paths import EXAMPLES

EXAMPLE = EXAMPLES / "order.yaml"


def written(folder: Path, **changes: Any) -> str:
    """The path of an order written to a file."""
    path = folder / "order.yaml"
    path.write_text(order_as_text(**changes))
    return str(path)


def test_a_dry_run_needs_no_service_no_folder_and_leaves_none(cli_without_engine: CliHarness, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    result = run("start", str(EXAMPLE), "--dry-run", "--data", str(nowhere))
    assert result.exit_code == 0
    assert "shipped directory" in result.stderr
    assert not nowhere.exists()
    assert fits(result.stdout)


def test_a_dry_run_shows_every_date_with_paragraph_owner_and_what_is_policy(cli: CliHarness, tmp_path: Path) -> None:
    output = " ".join(cli.run("start", written(tmp_path), "--dry-run").stdout.split())
    assert "Set-up meeting Tue 9 Nov 2010 32 Lead inspector (i.ashdown)" in output
    assert "Lists of cases Fri 5 Nov 2010 42* Link officer (link.330)" in output
    assert "* policy, not in the source" in output
    assert "dcs@birmingham.example" in output
    assert "Everything holds." in output
    assert cli.rows("SELECT id FROM inspections") == []


def test_a_dry_run_as_json_has_the_milestones_in_the_shape_of_dates(cli: CliHarness, tmp_path: Path) -> None:
    preview = cli.json("start", written(tmp_path), "--dry-run")
    meeting = next(milestone for milestone in preview["milestones"] if milestone["key"] == "set_up_meeting")
    assert (meeting["due"], meeting["anchor"], meeting["count"]) == ("2010-11-09", "notification", 4)
    assert [day["date"] for day in meeting["skipped"]] == ["2010-11-06", "2010-11-07"]
    assert {recipient["role"] for recipient in preview["recipients"]} >= {
        "dcs",
        "lead_member",
        "lscb_chair",
        "pct_chief_executive",
    }
    assert (preview["gates"], preview["faults"], preview["refused"]) == ([], [], None)


def test_a_dry_run_of_a_reference_that_was_started_says_so_and_shows_what_is_kept(
    cli: CliHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.notified().on("2010-11-08")
    order, other = written(tmp_path), tmp_path / "other"
    monkeypatch.setenv("INSPECTIONS_LIMIT_CASE_LISTS_COUNT", "3")
    result = cli.run("start", order, "--dry-run")
    assert result.stderr.strip() == "SLAC-2010-001 was started before: nothing new was started"
    output = " ".join(result.stdout.split())
    assert "As it is kept, at stage notified; `inspections show SLAC-2010-001` says more." in output
    assert "Lists of cases Fri 5 Nov 2010 42* Link officer (link.330)" in output
    assert "Before the authority is notified" not in output
    other.mkdir()
    result = cli.run("start", written(other, team=ORDER["team"][:2], coordinator="c.mash"), "--dry-run", "--json")
    assert "SLAC-2010-001 was started before with another order; nothing of this one was taken over" in result.stderr
    printed = json.loads(result.stdout)
    assert (printed["existing"], printed["stage"], printed["notification"]) == (True, "notified", "2010-11-03")
    assert (printed["gates"], printed["faults"]) == ([], [])
    assert (
        next(milestone for milestone in printed["milestones"] if milestone["key"] == "case_lists")["due"]
        == "2010-11-05"
    )


def test_a_dry_run_of_a_day_that_is_over_names_the_fault(cli: CliHarness, tmp_path: Path) -> None:
    cli.on("2010-11-08")
    result = cli.run("start", written(tmp_path), "--dry-run", code=2)
    assert "3:1: notify: 2010-11-03 is over" in result.stderr


def test_a_dry_run_says_which_day_becomes_day_0(cli: CliHarness, tmp_path: Path) -> None:
    output = " ".join(cli.run("start", written(tmp_path), "--dry-run").stdout.split())
    assert "The authority is notified at 3 Nov 2010 09:00 (London): Wed 3 Nov 2010 becomes day 0" in output
    assert cli.json("start", written(tmp_path), "--dry-run")["notified_at"].startswith("2010-11-03T09:00")


def test_a_dry_run_wants_the_same_confirmation_as_start(cli: CliHarness, tmp_path: Path) -> None:
    order = written(tmp_path, notify="2010-11-06")
    result = cli.run("start", order, "--dry-run", code=3)
    assert "confirm it with --confirm" in result.stderr
    cli.run("start", order, "--dry-run", "--confirm")


def test_a_dry_run_takes_the_overrides_of_the_person_who_starts_it(cli: CliHarness, tmp_path: Path) -> None:
    override = {"gate": "team", "by": "m.okafor", "reason": "Two are ill"}
    order = written(tmp_path, team=ORDER["team"][:1], overrides=[override])
    cli.run("start", order, "--dry-run", code=2)
    preview = cli.json("start", order, "--dry-run", "--by", "m.okafor")
    assert preview["gates"] == []


def test_a_dry_run_shows_gates_that_do_not_hold_and_ends_well(cli: CliHarness, tmp_path: Path) -> None:
    order = written(tmp_path, team=ORDER["team"][:2])
    preview = cli.json("start", order, "--dry-run")
    assert [gate["gate"] for gate in preview["gates"]] == ["team", "team"]


CANNOT_START = {
    "a person nobody knows": ({"coordinator": "c.mash"}, 2),
    "a day off without a confirmation": ({"notify": "2010-11-06"}, 3),
    "a day that is over": ({"notify": "2010-10-29"}, 2),
}


@pytest.mark.parametrize(("changes", "code"), CANNOT_START.values(), ids=list(CANNOT_START))
def test_a_dry_run_never_says_that_everything_holds_of_an_order_that_cannot_be_started(
    cli: CliHarness, tmp_path: Path, changes: dict[str, str], code: int
) -> None:
    result = cli.run("start", written(tmp_path, **changes), "--dry-run", code=code)
    assert "Everything holds" not in result.stdout
    assert "cannot be started as it stands" in result.stdout
    assert "becomes day 0" not in result.stdout, "what is not started notifies nobody"


@pytest.mark.parametrize(("by", "code", "why"), [("c.mash", 2, "c.mash"), ("link.330", 3, "is started by")])
def test_a_dry_run_of_a_person_who_may_not_start_it_ends_as_start_does(
    cli: CliHarness, tmp_path: Path, by: str, code: int, why: str
) -> None:
    words = ("start", written(tmp_path), "--by", by)
    preview = cli.run(*words, "--dry-run", code=code)
    assert why in preview.stderr
    assert "Everything holds" not in preview.stdout
    assert cli.run(*words, code=code).stderr == preview.stderr


def test_a_dry_run_says_that_everything_holds_only_where_no_gate_waits(cli: CliHarness, tmp_path: Path) -> None:
    output = cli.run("start", written(tmp_path, team=ORDER["team"][:2]), "--dry-run").stdout
    assert "Everything holds" not in output
    assert "cannot be started" not in output


def test_a_dry_run_with_faults_names_each_and_still_shows_the_dates(cli: CliHarness, tmp_path: Path) -> None:
    order = written(tmp_path, coordinator="c.mash", manager="c.marsh")
    result = cli.run("start", order, "--dry-run", "--json", code=2)
    output = json.loads(result.stdout)
    assert len(output["faults"]) == 2
    assert output["milestones"]
    assert f"{order}:4:1: coordinator" in result.stderr


def test_an_edition_that_is_not_there_hides_no_other_fault_of_a_dry_run(cli: CliHarness, tmp_path: Path) -> None:
    order = written(tmp_path, coordinator="c.mash", edition="2012-01")
    result = cli.run("start", order, "--dry-run", "--json", code=2)
    assert len(json.loads(result.stdout)["faults"]) == 2
    assert f"{order}:4:1: coordinator" in result.stderr
    assert "there is no edition «2012-01» of the framework" in result.stderr


def test_a_dry_run_that_start_would_refuse_ends_with_3(cli: CliHarness, tmp_path: Path) -> None:
    with writing(cli.records) as session:
        session.connection().execute(update(PEOPLE).where(PEOPLE.c.id == "lscb.330").values(email=""))
    result = cli.run("start", written(tmp_path), "--dry-run", code=3)
    assert "lscb.330" in result.stderr
    assert "(para 52)" in result.stderr


def test_a_dry_run_of_a_known_reference_is_the_same_inspection(cli: CliHarness, tmp_path: Path) -> None:
    cli.start()
    assert cli.json("start", written(tmp_path), "--dry-run")["existing"] is True


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("reference: [", "order.yaml:1:"),
        ("", "reference: is missing"),
        ("reference: X-1\nreference: X-2\n", "reference: stands here twice"),
        ("- 1\n", "order.yaml:1:1"),
    ],
)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_file_that_is_no_order_is_wrong_input(
    cli_without_engine: CliHarness, tmp_path: Path, text: str, words: str, dry: tuple[str, ...]
) -> None:
    path = tmp_path / "order.yaml"
    path.write_text(text)
    assert words in cli_without_engine.run("start", str(path), *dry, code=2).stderr


def test_an_unknown_field_is_named_with_its_line(cli_without_engine: CliHarness, tmp_path: Path) -> None:
    result = cli_without_engine.run("start", written(tmp_path, colour="blue"), code=2)
    assert "order.yaml:18:1: colour" in result.stderr


def test_a_file_that_is_not_there_is_wrong_input(cli_without_engine: CliHarness, tmp_path: Path) -> None:
    assert "nothing.yaml" in cli_without_engine.run("start", str(tmp_path / "nothing.yaml"), code=2).stderr


def test_without_an_engine_start_ends_with_4_and_writes_nothing(cli_without_engine: CliHarness, tmp_path: Path) -> None:
    assert "inspections up" in cli_without_engine.run("start", written(tmp_path), code=4).stderr
    assert cli_without_engine.rows("SELECT id FROM inspections") == []


BOTH_WAYS = pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["start", "dry run"])


@BOTH_WAYS
def test_faults_of_form_hide_neither_unknown_people_nor_the_authority(
    cli_without_engine: CliHarness, tmp_path: Path, dry: tuple[str, ...]
) -> None:
    team = [*ORDER["team"], {"person": "i.nobody", "role": "chief"}]
    changes = {"notify": "soon", "authority": "339", "coordinator": "c.mash", "team": team, "colour": "blue"}
    order = written(tmp_path, **changes)
    output = cli_without_engine.run("start", order, *dry, code=2).stderr.splitlines()
    assert output[0] == f"{order}: 6 faults, nothing was started"
    places = [line.removeprefix(f"{order}:").split(": ")[:2] for line in output[1:]]
    assert places == [
        ["2:1", "authority"],
        ["3:1", "notify"],
        ["4:1", "coordinator"],
        ["16:3", "team.4.person"],
        ["17:3", "team.4.role"],
        ["20:1", "colour"],
    ]


def test_a_dry_run_as_json_names_faults_of_form_in_the_document_too(cli: CliHarness, tmp_path: Path) -> None:
    result = cli.run("start", written(tmp_path, notify="soon"), "--dry-run", "--json", code=2)
    assert len(json.loads(result.stdout)["faults"]) == 1


@BOTH_WAYS
@pytest.mark.parametrize(
    ("team", "position", "words"),
    [
        ([*ORDER["team"], dict(ORDER["team"][1])], "16:3: team.4.person", "i.bellamy is named more than once"),
        ([*ORDER["team"], {"person": "i.farrow", "role": "lead_inspector"}], "17:3: team.4.role", "exactly one lead"),
        (ORDER["team"][1:], "7:1: team", "exactly one lead_inspector is needed, found 0"),
    ],
    ids=["twice", "two leads", "no lead"],
)
def test_a_fault_of_the_team_names_its_own_line(
    cli_without_engine: CliHarness, tmp_path: Path, team: Any, position: str, words: str, dry: tuple[str, ...]
) -> None:
    order = written(tmp_path, team=team)
    (output,) = cli_without_engine.run("start", order, *dry, code=2).stderr.splitlines()
    assert output.startswith(f"{order}: 1 fault, nothing was started: {order}:{position}: {words}")


def test_without_records_start_names_the_faults_of_form_alone(tmp_path: Path) -> None:
    result = run("start", written(tmp_path, notify="soon", coordinator="c.mash"), "--data", str(tmp_path / "nowhere"))
    assert result.exit_code == 2
    assert "notify: must be a day like 2010-11-03, or now" in result.stderr
    assert "c.mash" not in result.stderr
