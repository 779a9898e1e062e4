"""`inspections migrate`: the tables without an engine."""

import json
from pathlib import Path

import pytest

from application.runtime import rehearsal_marker
from tests.cli_harness import run


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in ("TEMPORAL_ADDRESS", "DATABASE_URL", "INSPECTIONS_DATA"):
        monkeypatch.delenv(name, raising=False)
    return str(tmp_path / "data")


def test_tables_directory_and_calendar_are_made_without_an_engine_and_without_an_owner(data: str) -> None:
    result = run("migrate", "--json", "--data", data)
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"was": None, "revision": "0001"})
    assert len(json.loads(run("authorities", "list", "--json", "--data", data).stdout)) == 152
    again = run("migrate", "--data", data)
    assert (again.exit_code, again.stdout) == (0, "The tables are at revision 0001: nothing to migrate.\n")
    assert not (Path(data) / "engine.id").exists()


def test_a_check_names_what_is_missing_and_makes_nothing(data: str) -> None:
    result = run("migrate", "--check", "--data", data)
    assert result.exit_code == 5
    assert "without tables, and this product needs revision 0001: run `inspections migrate`" in result.stderr
    assert not Path(data).exists()
    run("migrate", "--data", data)
    assert run("migrate", "--check", "--data", data).exit_code == 0


def test_a_rehearsal_folder_is_wrong_input(data: str) -> None:
    Path(data).mkdir()
    rehearsal_marker.write(Path(data), {})
    assert run("migrate", "--data", data).exit_code == 2
