"""How a rehearsal that goes wrong ends: with which exit code, and saying where in the script."""

import itertools
from pathlib import Path

import pytest

from application.runtime import rehearsal_marker
from framework.common.errors import CheckFailed
from rehearsal import player
from rehearsal.entries import Turn
from tests.rehearsal.run_rehearsal import FIRST_LINE, a_script, reading, rehearse_here


def test_a_fault_of_the_script_ends_with_2_and_starts_nothing(tmp_path: Path) -> None:
    script = a_script(tmp_path, "steps:\n- {at: 2010-11-05, do: vanish, by: c.marsh}\n")
    ran = rehearse_here(script, tmp_path / "data")
    assert ran.code == 2
    assert f"{script}:{FIRST_LINE + 1}:20: steps.0.do: there is no step «vanish»" in ran.err
    assert not (tmp_path / "data").exists()


def test_a_script_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    assert rehearse_here(tmp_path / "none.yaml", tmp_path / "data").code == 2


def test_a_folder_with_something_else_in_it_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "records.sqlite").write_text("real")
    ran = rehearse_here(a_script(tmp_path), tmp_path / "data")
    assert ran.code == 2
    assert "holds no rehearsal" in ran.err
    assert rehearsal_marker.find(tmp_path / "data") is None


def test_an_unexpected_refusal_ends_with_5_at_its_line(tmp_path: Path) -> None:
    script = a_script(tmp_path, "steps:\n- do: cancel\n  by: c.marsh\n  with: {reason: Not mine to do}\n")
    ran = rehearse_here(script, tmp_path / "data")
    assert ran.code == 5, ran.err
    assert f"{script}:{FIRST_LINE + 1}:3: cancel was refused: cancel is taken by: Inspection manager" in ran.err
    marker = rehearsal_marker.find(tmp_path / "data")
    assert marker is not None
    assert marker["state"] == "failed"


def test_people_are_brought_in_by_an_office_post_only(tmp_path: Path) -> None:
    columns, row = (
        "person,name,email,organisation,role,authority",
        "new.link,Nora New,n@x.example,Council,link_officer,330",
    )
    (tmp_path / "people.csv").write_text(f"{columns}\n{row}\n")
    entries = "steps:\n- {import: people.csv, by: c.marsh}\n- {import: people.csv, by: i.ashdown}\n"
    ran = rehearse_here(a_script(tmp_path, entries), tmp_path / "data")
    assert ran.code == 5, ran.err
    assert f"{FIRST_LINE + 2}:3: the directory is changed by:" in ran.err


def test_a_failed_expectation_ends_with_5_naming_everything_that_is_not_so(tmp_path: Path) -> None:
    script = a_script(
        tmp_path,
        "steps:\n- at: 2010-11-03 12:00\n  nobody: comes\n"
        "  expect: {stage: planned, letters: [announcement], due: {final_report: 2010-12-24}, tasks: [gate]}\n",
    )
    ran = rehearse_here(script, tmp_path / "data")
    assert ran.code == 5, ran.err
    assert f"{script}:{FIRST_LINE + 1}:3: " in ran.err
    assert "the stage is notified, not planned" in ran.err
    assert "letters not expected: assignment" in ran.err
    assert "final_report is due 2010-12-30, not 2010-12-24" in ran.err
    assert "open tasks missing: gate" in ran.err


def test_a_script_that_leaves_the_inspection_waiting_for_people_ends_with_5(tmp_path: Path) -> None:
    ran = rehearse_here(a_script(tmp_path, "steps:\n- {at: 2010-11-03 12:00, nobody: comes}\n"), tmp_path / "data")
    assert ran.code == 5, ran.err
    assert "ends at stage notified" in ran.err


async def test_a_command_that_is_taken_as_another_when_it_is_sent_again_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = itertools.count()
    monkeypatch.setattr(Turn, "command", property(lambda _: f"new-{next(numbers)}"))
    script = "steps:\n- {at: 2010-11-05, do: receive_documents, by: link.330, submit_again: true}\n"
    with pytest.raises(CheckFailed, match="the same command again was taken as another one"):
        await player.rehearse(reading(tmp_path, script), tmp_path / "data", quietly=True)
