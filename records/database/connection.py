"""The way into the database: connecting, writing and reading transactions, and bringing the tables up to date.

SQLite is the default, PostgreSQL the grown-up choice; nothing above this module knows which of the two it has."""

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
"""How long a writer waits for its turn before it gives up."""
READER_SECONDS = 1.5
"""How long whoever only reads waits for a lock: also to write down that it reads, which bars nobody (decision 0014)."""

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",  # INSERT OR REPLACE fires delete triggers only with this
)
_BEGINNINGS = {
    # A read that turns into a write fails at once whatever the time-out, so writers say so at the beginning.
    ("sqlite", "write"): ("BEGIN IMMEDIATE",),
    ("sqlite", "read"): ("PRAGMA query_only=ON", "BEGIN"),
    ("postgresql", "read"): ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",),
}


def connect(url: str, timeout_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine for `url`: «sqlite:///path», «postgresql://…» or «postgres://…». Opens nothing yet.

    Who finds what it wants locked waits `timeout_seconds` seconds. A SQLite file that this user cannot write is opened to be read. Raises `BadInput` for a URL that is none of these."""
    parsed = _parsed(url)
    return (
        _sqlite(parsed, timeout_seconds)
        if parsed.get_backend_name() == "sqlite"
        else _postgresql(parsed, timeout_seconds)
    )


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session in one writing transaction: committed at exit, rolled back when anything is raised.

    Raises `Unreachable` when the database cannot be reached or written. Never hold it while waiting for the engine."""
    with _transaction(engine, "write") as session:
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one moment of the database and cannot write. Raises `Unreachable`."""
    with _transaction(engine, "read") as session:
        yield session


def require_reachable(session: Session) -> None:
    """Asks for one row of the log. Raises what the database says that cannot be read."""
    session.connection().execute(text("SELECT 1 FROM inspections LIMIT 1"))


def upgrade(engine: Engine) -> None:
    """Brings the tables up to date; quick when they are. Raises `Unreachable`, also for a database of a newer product."""
    revisions = known_revisions()
    with translate_db_errors(engine):
        with engine.connect() as connection:
            stands_at = revision(connection)
        if stands_at == revisions[-1]:
            return
        if stands_at is not None and stands_at not in revisions:
            raise Unreachable(
                f"the database {url_without_password(engine)} is at revision {stands_at}, newer than this product knows "
                f"({revisions[-1]}): install the newer product"
            )
        _migrate(engine)


def url_without_password(engine: Engine) -> str:
    """The database as messages name it: without its password."""
    return engine.url.render_as_string(hide_password=True)


def _migrate(engine: Engine) -> None:
    from alembic import command  # costs a tenth of a second, and is wanted once in a database's life
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
    except ArgumentError:
        raise BadInput("the database's URL cannot be read; write sqlite:///path or postgresql://host/name") from None
    backend = parsed.get_backend_name()
    if backend in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise BadInput(f"the database's URL begins with {backend}: only sqlite and postgresql are known")
    if parsed.database in (None, "", ":memory:"):
        raise BadInput("records need a file: write sqlite:///path")
    return parsed


def _sqlite(url: URL, timeout_seconds: float) -> Engine:
    path = Path(str(url.database))
    only_read = (
        {"creator": partial(_open_to_read, path, timeout_seconds)} if path.is_file() and not _may_write(path) else {}
    )
    engine = create_engine(
        url,
        pool_size=5,
        max_overflow=35,
        pool_timeout=BUSY_SECONDS,
        connect_args={"timeout": timeout_seconds},
        **only_read,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "checkin", _writable_again)
    event.listen(engine, "begin", _begin)
    return engine


def _may_write(path: Path) -> bool:
    """Whether this user may write the file, and beside it, where SQLite keeps its log."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _open_to_read(path: Path, timeout_seconds: float) -> sqlite3.Connection:
    """Without a log beside it nobody is writing, and SQLite is told so: it would want to make one otherwise."""
    log = path.with_name(f"{path.name}-wal")
    how = "mode=ro" if log.is_file() and log.stat().st_size else "immutable=1"
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}", uri=True, check_same_thread=False, timeout=timeout_seconds
    )


def _postgresql(url: URL, timeout_seconds: float) -> Engine:
    engine = create_engine(
        url,
        pool_size=5,
        max_overflow=35,
        pool_timeout=BUSY_SECONDS,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "application_name": "inspections"},
    )
    event.listen(engine, "begin", _begin)
    if timeout_seconds < BUSY_SECONDS:
        event.listen(engine, "begin", partial(_give_up_after, timeout_seconds))
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _writable_again(connection: Any, _: object) -> None:
    if connection is not None:
        connection.execute("PRAGMA query_only=OFF")


def _begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get("records", "plain")
    plain = ("BEGIN",) if connection.dialect.name == "sqlite" else ()
    for statement in _BEGINNINGS.get((connection.dialect.name, kind), plain):
        connection.exec_driver_sql(statement)


def _give_up_after(seconds: float, connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(seconds * 1000)}")
