"""Engines, reading and writing transactions, and migration of the tables, on SQLite (the default) and PostgreSQL.

Modules above this one do not depend on which of the two it is."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from framework.common.errors import BadInput, Unreachable
from records.database.error_messages import translate_db_errors
from records.database.revisions import MIGRATIONS, known_revisions, revision

BUSY_SECONDS = 30
"""Seconds a writer waits for a lock."""
READER_SECONDS = 1.5
"""Seconds a reading command waits for a lock. It applies to its line in the access log too, which must not keep the command
from reading (decision 0014)."""

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",  # INSERT OR REPLACE fires delete triggers only with this
)
_BEGINNINGS = {
    # SQLite refuses to upgrade a read transaction to a write at once, whatever the time-out: writers begin IMMEDIATE.
    ("sqlite", "write"): ("BEGIN IMMEDIATE",),
    ("sqlite", "read"): ("PRAGMA query_only=ON", "BEGIN"),
    ("postgresql", "read"): ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",),
}


def connect(url: str, timeout_seconds: float = BUSY_SECONDS) -> Engine:
    """Returns an engine for `url`: «sqlite:///path», «postgresql://…» or «postgres://…». Opens no connection.

    Statements wait up to `timeout_seconds` for a lock. A SQLite file that this user cannot write is opened read-only.
    Raises `BadInput` for any other URL."""
    parsed = _parsed(url)
    return (
        _sqlite(parsed, timeout_seconds)
        if parsed.get_backend_name() == "sqlite"
        else _postgresql(parsed, timeout_seconds)
    )


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Opens a session in one writing transaction: committed at exit, rolled back when anything is raised.

    Never hold it while waiting for the engine, whose activities write to the same database. Raises `Unreachable` when the
    database cannot be reached or written."""
    with _transaction(engine, "write") as session:
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Opens a session that reads one snapshot of the database and cannot write.

    Raises `Unreachable` when the database cannot be reached."""
    with _transaction(engine, "read") as session:
        yield session


def require_reachable(session: Session) -> None:
    """Reads one row, so that an error of a database that cannot be read is raised here."""
    session.connection().execute(text("SELECT 1 FROM inspections LIMIT 1"))


def upgrade(engine: Engine) -> None:
    """Migrates the tables to the newest revision; does nothing where they are there already.

    Raises `Unreachable` when the database cannot be reached, and for a revision newer than this product knows."""
    revisions = known_revisions()
    with translate_db_errors(engine):
        with engine.connect() as connection:
            current = revision(connection)
        if current == revisions[-1]:
            return
        if current is not None and current not in revisions:
            raise Unreachable(
                f"the database {url_without_password(engine)} is at revision {current}, newer than this product knows "
                f"({revisions[-1]}): install the newer product"
            )
        _migrate(engine)


def url_without_password(engine: Engine) -> str:
    """Returns the URL of the database as messages show it: without the password."""
    return engine.url.render_as_string(hide_password=True)


def _migrate(engine: Engine) -> None:
    from alembic import command  # imported here: it costs a tenth of a second, and most starts migrate nothing
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.connect() as plain:
        connection = plain.execution_options(records="write")
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(20101001)"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


@contextmanager
def _transaction(engine: Engine, kind: str) -> Iterator[Session]:
    with translate_db_errors(engine), engine.connect() as plain:
        connection = plain.execution_options(records=kind)
        with connection.begin(), Session(bind=connection) as session:
            yield session
            session.flush()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number is a plain ValueError
        raise BadInput("DATABASE_URL: cannot be read; write sqlite:///path or postgresql://host:port/name") from None
    backend = parsed.get_backend_name()
    if backend in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise BadInput(f"DATABASE_URL: begins with {backend}; only sqlite and postgresql are known")
    if parsed.database in (None, "", ":memory:"):
        raise BadInput("DATABASE_URL: records need a file; write sqlite:///path")
    return parsed


def _sqlite(url: URL, timeout_seconds: float) -> Engine:
    path = Path(str(url.database))
    is_read_only = path.is_file() and not _is_writable(path)
    read_only = {"creator": partial(_open_read_only, path, timeout_seconds)} if is_read_only else {}
    engine = create_engine(
        url,
        pool_size=5,
        max_overflow=35,
        pool_timeout=BUSY_SECONDS,
        connect_args={"timeout": timeout_seconds},
        **read_only,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "checkin", _allow_writing_again)
    event.listen(engine, "begin", _begin)
    return engine


def _is_writable(path: Path) -> bool:
    # The folder counts too: SQLite creates the write-ahead log beside the file.
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _open_read_only(path: Path, timeout_seconds: float) -> sqlite3.Connection:
    # Without `immutable` SQLite would create a write-ahead log, which this user may not. Where a log with content exists,
    # a process is writing, and `immutable` would miss its pages.
    log = path.with_name(f"{path.name}-wal")
    mode = "mode=ro" if log.is_file() and log.stat().st_size else "immutable=1"
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}", uri=True, check_same_thread=False, timeout=timeout_seconds
    )


def _postgresql(url: URL, timeout_seconds: float) -> Engine:
    engine = create_engine(
        url,
        pool_size=5,
        max_overflow=35,
        pool_timeout=BUSY_SECONDS,
        pool_pre_ping=True,
        connect_args={**_from_environment(url), "connect_timeout": 10, "application_name": "inspections"},
    )
    event.listen(engine, "begin", _begin)
    if timeout_seconds < BUSY_SECONDS:
        event.listen(engine, "begin", partial(_set_lock_timeout, timeout_seconds))
    return engine


def _from_environment(url: URL) -> dict[str, str]:
    """Returns what libpq's variables (PGPASSWORD and kin) add to the URL.

    Read here, once: a worker takes them out of its environment, and later connections would not find them."""
    from psycopg.pq import Conninfo

    given = {*url.translate_connect_args(username="user", database="dbname"), *url.query}
    return {
        option.keyword.decode(): option.val.decode()
        for option in Conninfo.get_defaults()
        if option.val
        and option.envvar
        and option.envvar.decode() in os.environ
        and option.keyword.decode() not in given
    }


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _allow_writing_again(connection: Any, _: object) -> None:
    if connection is not None:
        connection.execute("PRAGMA query_only=OFF")


def _begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get("records", "plain")
    plain = ("BEGIN",) if connection.dialect.name == "sqlite" else ()
    for statement in _BEGINNINGS.get((connection.dialect.name, kind), plain):
        connection.exec_driver_sql(statement)


def _set_lock_timeout(seconds: float, connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(seconds * 1000)}")
