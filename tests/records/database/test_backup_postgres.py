"""A backup of records in PostgreSQL, and its restore there: another schema takes the place of the one in use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from application.runtime import settings
from application.runtime.settings import Settings
from framework.common.errors import Refused
from operations.backup import create, restore
from operations.backup.models import RestoreCommand, RestoreResult
from records.database import connection
from records.database.connection import reading
from records.directory import directory
from records.log.read import history
from tests.records.builders import ID, MOMENT, begin, event, record
from tests.records.conftest import _create, _named


def quiet(_: str) -> None:
    """Discards messages of progress."""


@pytest.fixture
def chosen(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with a database of its own on the server."""
    name = f"restored_{tmp_path.name[-6:]}".lower().replace("-", "_")
    _create(postgres_url, name)
    monkeypatch.setenv("DATABASE_URL", _named(postgres_url, name))
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
    (tmp_path / "var").mkdir()
    return settings.read(tmp_path / "var")


@pytest.fixture
def records(chosen: Settings) -> Iterator[Engine]:
    """Its records, with one inspection and one event."""
    engine = connection.connect(chosen.records_url)
    connection.upgrade(engine)
    directory.seed(engine)
    begin(engine)
    record(engine, "c1", 0, (event(),))
    yield engine
    engine.dispose()


def kinds(engine: Engine) -> list[Any]:
    with reading(engine) as session:
        return list(session.connection().execute(text("SELECT kind FROM events ORDER BY number")).scalars())


async def put_back(chosen: Settings, file: Path) -> RestoreResult:
    return await restore.restore(chosen, RestoreCommand(file, "c.marsh", "The disk failed", "portal"), MOMENT, quiet)


async def test_a_restore_takes_the_same_place_and_leaves_the_former_schema_beside(
    chosen: Settings, records: Engine
) -> None:
    file = chosen.data / "b.zip"
    create.take(chosen, records, file, MOMENT, quiet)
    record(records, "c2", 1, (event("documents_received"),))
    records.dispose()
    done = await put_back(chosen, file)
    assert kinds(records) == ["case_lists_received", "event_lost", "records_restored"]
    with reading(records) as session:
        assert history(session, ID)[-1].event.entry_point == "portal"
    (aside,) = [path.removeprefix("the schema ") for path in done.aside if path.startswith("the schema")]
    with reading(records) as session:
        old = session.connection().execute(text(f"SELECT kind FROM {aside}.events ORDER BY number")).scalars()
        assert list(old) == ["case_lists_received", "documents_received"]
    records.dispose()
    assert (await put_back(chosen, file)).again


async def test_a_restore_is_refused_while_another_client_is_connected(chosen: Settings, records: Engine) -> None:
    file = chosen.data / "b.zip"
    create.take(chosen, records, file, MOMENT, quiet)
    with records.connect(), pytest.raises(Refused, match="stop what uses it"):
        await put_back(chosen, file)
    assert kinds(records) == ["case_lists_received"]


async def test_a_backup_of_sqlite_can_be_restored_into_postgresql(
    chosen: Settings, records: Engine, sqlite: Engine, tmp_path: Path
) -> None:
    begin(sqlite)
    record(sqlite, "c1", 0, (event("oral_feedback_given"),))
    create.take(chosen, sqlite, tmp_path / "b.zip", MOMENT, quiet)
    records.dispose()
    await put_back(chosen, tmp_path / "b.zip")
    assert kinds(records)[0] == "oral_feedback_given"
