"""A8: to a person without part or office post, an inspection is not there, at every use case; the try is in the access log alone."""

from pathlib import Path

import pytest

from framework.calendar.london_time import london_day
from framework.common.errors import Refused
from framework.lifecycle.decide import refusal_event, require_open_to
from framework.messages.commands import Actor, Command
from records.database.connection import writing
from records.inspections import repository, submissions
from tests.cli_harness import ID, CliHarness
from tests.orders import order_as_text

STRANGER = "dcs.331"
"""The Director of another authority."""
READINGS = (
    ("show", ID),
    ("show", ID, "--as-of", "2010-11-03"),
    ("tasks", ID),
    ("history", ID),
    ("explain", ID),
    ("explain", ID, "draft_report"),
    ("letter", ID),
    ("letter", ID, "1"),
    ("verify", ID),
    ("what-if", ID, "--notified", "2010-11-04"),
    ("do", ID),
)
STEPS = (
    ("do", ID, "receive_case_lists"),
    ("do", ID, "cancel", "--set", "reason=Not now"),
    ("do", ID, "cancel", "--set", "reason=x"),
    ("do", ID, "publish"),
    ("do", ID, "grade", "--set", "heading=safeguarding.ambition"),
    ("concern", "add", ID, "--set", "raised_by=other", "--set", "text=It was cold."),
    ("concern", "settle", ID, "1", "--set", "text=It is warm now."),
    ("correct", ID, "notified", "--on", "2010-11-02", "--reason", "It was wrong"),
    ("erase", ID, "--reason", "Its time is over"),
    ("erase", ID, "--reason", "Its time is over", "--preview"),
)


def answers(harness: CliHarness, command: tuple[str, ...]) -> tuple[int, str, str]:
    result = harness.run_freely(*command)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliHarness:
    """Records in which the inspection was never ordered."""
    (tmp_path / "without").mkdir()
    return CliHarness(tmp_path / "without", monkeypatch)


@pytest.fixture
def with_it(cli: CliHarness) -> CliHarness:
    """Records in which it was notified, with a second one that a stranger cannot see either."""
    return cli.notified()


@pytest.mark.parametrize("command", READINGS, ids=" ".join)
def test_a_reading_is_answered_as_if_the_inspection_did_not_exist(
    with_it: CliHarness, without: CliHarness, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECTIONS_PERSON", STRANGER)
    code, printed, error = answers(with_it, command)
    assert (code, printed) == (2, "")
    assert error.startswith(f"there is no inspection {ID}")
    without.now = with_it.now
    assert answers(without, command) == (code, printed, error)


@pytest.mark.parametrize("command", STEPS, ids=" ".join)
def test_a_step_is_answered_as_if_the_inspection_did_not_exist(
    with_it: CliHarness, without: CliHarness, command: tuple[str, ...]
) -> None:
    by = (*command, "--by", STRANGER)
    code, printed, error = answers(with_it, by)
    assert (code, printed) == (2, "")
    assert error.startswith(f"there is no inspection {ID}")
    without.now = with_it.now
    assert answers(without, by) == (code, printed, error)


def test_a_strangers_step_leaves_a_line_in_the_access_log_and_none_in_the_chain(with_it: CliHarness) -> None:
    chain = with_it.rows("SELECT count(*) FROM events")
    with_it.run("do", ID, "cancel", "--set", "reason=Not now", "--by", STRANGER, code=2)
    assert with_it.rows("SELECT count(*) FROM events") == chain
    (entry,) = with_it.json("access", "--by", STRANGER)
    assert (entry["command"], entry["inspection"]) == ("do", ID)
    assert entry["asked"] == {"step": "cancel", "outcome": "refused", "why": "has no part in it"}


def test_an_inspection_that_does_not_exist_leaves_no_line_for_a_step(with_it: CliHarness) -> None:
    with_it.run("do", "SLAC-2010-999", "cancel", "--set", "reason=Not now", "--by", STRANGER, code=2)
    assert with_it.json("access", "--by", STRANGER) == []


def test_an_export_is_not_written_for_a_stranger(with_it: CliHarness, without: CliHarness, tmp_path: Path) -> None:
    command = ("export", ID, "--to", str(tmp_path / "taken.zip"), "--by", STRANGER)
    code, printed, error = answers(with_it, command)
    assert (code, printed) == (2, "")
    without.now = with_it.now
    assert answers(without, command) == (code, printed, error)
    assert not (tmp_path / "taken.zip").exists()


@pytest.mark.parametrize("dry_run", [(), ("--dry-run",)], ids=["start", "dry run"])
def test_an_order_of_a_known_reference_shows_a_stranger_nothing(
    with_it: CliHarness, without: CliHarness, tmp_path: Path, dry_run: tuple[str, ...]
) -> None:
    (tmp_path / "order.yaml").write_text(order_as_text(notify="now"))
    command = ("start", str(tmp_path / "order.yaml"), "--by", STRANGER, *dry_run)
    without.now = with_it.now
    known, unknown = answers(with_it, command), answers(without, command)
    assert known == unknown
    assert known[0] == 3


def test_the_dry_run_of_a_stranger_names_no_other_inspection(with_it: CliHarness, tmp_path: Path) -> None:
    (tmp_path / "order.yaml").write_text(order_as_text(reference="NEW-1", authority="331", notify="now"))
    command = ("start", str(tmp_path / "order.yaml"), "--dry-run", "--json")
    assert ID in with_it.run(*command, "--by", "c.marsh").stdout, "its team is bound in the other one"
    assert ID not in with_it.run(*command, "--by", STRANGER, code=3).output


def test_the_lists_of_all_inspections_hold_none_that_a_stranger_may_not_see(
    with_it: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECTIONS_PERSON", STRANGER)
    assert with_it.json("list") == []
    assert with_it.json("tasks") == []
    assert with_it.json("history") == []
    assert with_it.json("authorities", "show", "330")["inspections"] == []
    assert with_it.json("what-if", "--notified", "2010-11-04")["inspections"] == []
    assert with_it.json("statistics")["groups"] == []


def test_a_person_with_a_part_or_an_office_post_is_answered(
    with_it: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in ("link.330", "i.ashdown", "a.vale", "m.okafor"):
        monkeypatch.setenv("INSPECTIONS_PERSON", person)
        assert with_it.json("show", ID)["id"] == ID


def test_a_person_who_leaves_the_team_does_not_see_it_any_more(
    with_it: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECTIONS_PERSON", "i.bellamy")
    assert with_it.json("show", ID)["id"] == ID
    with_it.take("change_team", "c.marsh", person="i.devereux", role="inspector")
    with_it.take("change_team", "c.marsh", person="i.bellamy", role="inspector", leaves=True)
    with_it.run("show", ID, code=2)


def test_the_refusal_of_a_person_without_a_role_says_so(with_it: CliHarness) -> None:
    """Only a command that came another way than through an entry point, or whose person left meanwhile, gets so far."""
    actor = Actor(person=STRANGER, entry_point="command line", ran_as="tester")
    day = london_day(with_it.now)
    command = Command(id="c-1", step="cancel", actor=actor, on=day, received=with_it.now, fields={"reason": "Not now"})
    with writing(with_it.records) as session:
        state = repository.state(session, ID)
        with pytest.raises(Refused, match=f"{STRANGER} is without a role in this inspection") as raised:
            require_open_to(state, "cancel", actor)
        event = refusal_event(state, command, raised.value)
        submissions.refuse(session, ID, command.id, [event], with_it.now)
    (refusal,) = with_it.json("history", ID, "--kind", "step_refused")
    assert (refusal["by"], refusal["role"]) == (STRANGER, "no_role")
    assert "no role" in with_it.run("history", ID, "--kind", "step_refused", "--full").stdout
    assert with_it.json("verify", ID)["right"]
