"""People whom two open inspections bind at the same time: nothing is refused, the dry run shows it, and it becomes a task."""

from pathlib import Path
from typing import Any

from tests.cli_harness import ID, CliHarness
from tests.orders import order_as_text

OTHER = "SLAC-2010-002"
ELSEWHERE: dict[str, Any] = {"reference": OTHER, "authority": "331"}
TEAM = ["h.dunmore", "i.ashdown", "i.bellamy", "i.choudhury"]


def _clashes(cli: CliHarness) -> list[tuple[str, list[dict[str, str]]]]:
    tasks = [task for task in cli.json("tasks") if task["kind"] == "people_clash"]
    return [(task["inspection"], task["facts"]["clashes"]) for task in tasks]


def _order_file(cli: CliHarness, **changes: Any) -> Path:
    path = cli.data / "other.yaml"
    path.write_text(str(order_as_text(**{**ELSEWHERE, **changes})))
    return path


def test_one_team_in_two_places_is_taken_and_becomes_one_task(cli: CliHarness) -> None:
    cli.start()
    cli.start(**ELSEWHERE)
    ((inspection, people),) = _clashes(cli)
    assert inspection == OTHER
    on_site = [person for person in people if person["from"] != person["to"]]
    assert [clash["person"] for clash in on_site] == TEAM
    assert {(clash["from"], clash["to"]) for clash in on_site} == {("2010-11-17", "2010-11-30")}
    meeting = [person for person in people if person["at"]]
    assert [(clash["person"], clash["from"], clash["at"]) for clash in meeting] == [
        ("h.dunmore", "2010-11-09", "10:00"),
        ("i.ashdown", "2010-11-09", "10:00"),
    ]
    words = cli.run("tasks").stdout
    assert f"Bound in {ID}, too" in " ".join(words.split())


def test_the_dry_run_shows_the_clash_and_refuses_nothing(cli: CliHarness) -> None:
    cli.start()
    path = _order_file(cli)
    shown = cli.json("start", str(path), "--dry-run")
    assert {(clash["inspection"], clash["person"]) for clash in shown["clashes"]} == {(ID, person) for person in TEAM}
    assert shown["refused"] is None
    assert "Bound in another inspection at the same time" in cli.run("start", str(path), "--dry-run").stdout


def test_another_team_or_other_days_do_not_clash(cli: CliHarness) -> None:
    cli.start()
    others = [
        {"person": "i.devereux", "role": "lead_inspector"},
        {"person": "i.farrow", "role": "inspector"},
        {"person": "i.greenhalgh", "role": "inspector"},
        {"person": "h.ellery", "role": "cqc_inspector"},
    ]
    cli.start(**ELSEWHERE, team=others)
    cli.start(reference="SLAC-2010-003", authority="332", notify="2011-02-01")
    assert _clashes(cli) == []


def test_the_task_ends_with_the_clash_whichever_of_the_two_moves(cli: CliHarness) -> None:
    cli.start()
    cli.start(**ELSEWHERE)
    assert len(_clashes(cli)) == 1
    cli.take("defer", "c.marsh", reason="The team is bound elsewhere", notify="2011-02-01")  # the first of the two
    assert _clashes(cli) == []
    cli.take("defer", "c.marsh", OTHER, reason="They changed places", notify="2011-02-02")
    assert [inspection for inspection, _ in _clashes(cli)] == [OTHER]
    cli.take("cancel", "m.okafor", OTHER, reason="It is not needed")
    assert _clashes(cli) == []


def test_a_person_who_joins_a_team_later_makes_a_clash_and_one_who_leaves_ends_it(cli: CliHarness) -> None:
    cli.start()
    others = [
        {"person": "i.devereux", "role": "lead_inspector"},
        {"person": "i.farrow", "role": "inspector"},
        {"person": "h.ellery", "role": "cqc_inspector"},
    ]
    cli.start(**ELSEWHERE, team=others)
    cli.take("change_team", "c.marsh", OTHER, person="i.bellamy", role="inspector")
    ((inspection, people),) = _clashes(cli)
    assert (inspection, [person["person"] for person in people]) == (OTHER, ["i.bellamy"])
    cli.take("change_team", "c.marsh", OTHER, person="i.bellamy", role="inspector", leaves=True)
    assert _clashes(cli) == []
