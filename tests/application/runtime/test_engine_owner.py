"""The records know which engine and namespace owns them, and nothing acts on them with another."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from application.runtime import engine_owner, rehearsal_marker, settings
from application.runtime.settings import Settings
from framework.common.errors import Unreachable
from records.audit.engine_owner import EngineName
from records.database.connection import connect, reading
from records.tables.inspections import EVENTS
from tests.cli_harness import ID, CliHarness, run

SERVICE = ("temporal.example:7233", "inspections")
OTHER = ("temporal.example:7233", "another")


@pytest.fixture
def owned(cli_without_engine: CliHarness, monkeypatch: pytest.MonkeyPatch) -> CliHarness:
    """A folder whose records belong to the service; the settings name the same address and another namespace."""
    cli_without_engine.notified()
    engine_owner.claim(cli_without_engine.records, EngineName(*SERVICE))
    monkeypatch.setenv("TEMPORAL_ADDRESS", OTHER[0])
    monkeypatch.setenv("TEMPORAL_NAMESPACE", OTHER[1])
    return cli_without_engine


def events(here: CliHarness) -> int:
    with reading(here.records) as session:
        return len(session.connection().execute(EVENTS.select()).all())


def names_both(text: str) -> bool:
    return all(f"temporal.example:7233, namespace {namespace}" in text for namespace in (SERVICE[1], OTHER[1]))


@pytest.mark.parametrize(
    "words",
    [
        ("do", ID, "receive_documents", "--by", "link.330"),
        ("do", ID, "hold_set_up_meeting", "--by", "i.ashdown"),
        ("correct", ID, "notified", "--on", "2010-11-02", "--by", "c.marsh", "--reason", "It was the day before"),
        ("holidays", "add", "2011-03-01", "A day", "--by", "c.marsh"),
        ("start", "examples/order.yaml"),
    ],
)
def test_an_entry_point_with_another_namespace_is_refused_naming_both(
    owned: CliHarness, words: tuple[str, ...]
) -> None:
    before = events(owned)
    assert names_both(owned.run(*words, code=4).stderr)
    assert events(owned) == before


def test_reading_is_not_refused(owned: CliHarness) -> None:
    for words in (("show", ID), ("list",), ("history", ID), ("tasks",)):
        result = owned.run(*words, code=4)  # no engine answers there
        assert "answered from the records alone" in result.stderr
        assert not names_both(result.stderr)


def test_verify_asks_no_other_engine(owned: CliHarness) -> None:
    result = owned.run("verify", code=4)
    assert names_both(result.stderr)


def test_a_rehearsal_folder_is_not_refused(owned: CliHarness) -> None:
    rehearsal_marker.write(owned.data, {})
    owned.run("show", ID)
    engine_owner.require(owned.settings, owned.records)


def _worker(here: CliHarness, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "INSPECTIONS_DATA": str(here.data), **variables}
    return subprocess.run(
        [sys.executable, "-m", "worker"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_worker_with_another_namespace_is_refused_naming_both(owned: CliHarness) -> None:
    ended = _worker(owned)
    assert ended.returncode == 4, ended.stderr
    assert names_both(ended.stderr)


def test_up_on_another_folder_with_the_database_of_a_live_system_is_refused_before_anything_is_done(
    owned: CliHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = events(owned)
    monkeypatch.setenv("DATABASE_URL", owned.settings.records_url)
    result = run("up", "--data", str(tmp_path / "second"))
    assert result.exit_code == 4, result.output
    assert "temporal.example:7233, namespace inspections" in result.stderr
    assert f"the engine of the data folder {tmp_path / 'second'}" in result.stderr
    assert not (tmp_path / "second" / "engine.sqlite").exists()
    assert events(owned) == before


def _settings(data: Path) -> Settings:
    data.mkdir(parents=True, exist_ok=True)
    return settings.read(data)


def test_a_new_store_and_a_moved_folder_are_the_same_engine(cli_without_engine: CliHarness) -> None:
    name = engine_owner.embedded(cli_without_engine.settings)
    engine_owner.claim(cli_without_engine.records, name)
    (cli_without_engine.data / "engine.sqlite").write_bytes(b"")
    (cli_without_engine.data / "engine.sqlite").unlink()
    assert engine_owner.embedded(cli_without_engine.settings) == name
    cli_without_engine.records.dispose()
    moved = cli_without_engine.data.rename(cli_without_engine.data.with_name("moved"))
    there = settings.read(moved)
    records = connect(there.records_url)
    engine_owner.claim(records, engine_owner.embedded(there))
    engine_owner.require(there, records)
    records.dispose()


def test_the_worker_of_the_embedded_engine_is_the_same_engine_whatever_its_port(
    cli_without_engine: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = engine_owner.embedded(cli_without_engine.settings)
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:4711")
    monkeypatch.setenv(engine_owner.VARIABLE, engine_owner.identifier(cli_without_engine.data))
    assert engine_owner.of_settings(cli_without_engine.settings).is_same(name)


def test_of_two_engines_that_claim_the_records_the_first_owns_them(
    cli_without_engine: CliHarness, tmp_path: Path
) -> None:
    first, second = (engine_owner.embedded(_settings(tmp_path / folder)) for folder in ("first", "second"))
    engine_owner.claim(cli_without_engine.records, first)
    with pytest.raises(Unreachable, match=r"belong to the engine of the data folder .*first"):
        engine_owner.claim(cli_without_engine.records, second)
    engine_owner.claim(cli_without_engine.records, first)
