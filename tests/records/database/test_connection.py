"""Transactions on both databases, and the errors of one that cannot be used."""

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError

from framework.common.errors import BadInput, Remedy, Unreachable
from records.database import connection as database
from records.database.connection import connect, reading, writing
from records.database.revisions import known_revisions, revision


def _write_row(engine: Engine, code: str = "999") -> None:
    with writing(engine) as session:
        row = {"code": code}
        session.connection().execute(text("INSERT INTO authorities VALUES (:code, 'A', 'B', 'C')"), row)


def _codes(engine: Engine) -> set[str]:
    with reading(engine) as session:
        return set(session.connection().execute(text("SELECT code FROM authorities")).scalars())


def test_a_transaction_that_raises_writes_nothing(records: Engine) -> None:
    _write_row(records)
    with pytest.raises(ZeroDivisionError), writing(records) as session:  # noqa: PT012 - the transaction is the point
        session.connection().execute(text("INSERT INTO authorities VALUES ('998', 'A', 'B', 'C')"))
        raise ZeroDivisionError
    assert {"999"} == _codes(records) & {"998", "999"}


def test_a_reader_cannot_write_and_the_next_writer_can(records: Engine) -> None:
    with pytest.raises((DBAPIError, Unreachable)), reading(records) as session:
        session.connection().execute(text("DELETE FROM holidays"))
    _write_row(records)


def test_what_libpq_takes_from_the_environment_is_read_once(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = make_url(postgres_url)
    monkeypatch.setenv("PGHOST", str(url.query["host"]))
    monkeypatch.setenv("PGUSER", str(url.username))
    monkeypatch.setenv("PGDATABASE", "another")
    engine = connect(f"postgresql:///{url.database}")
    for name in ("PGHOST", "PGUSER", "PGDATABASE"):
        monkeypatch.delenv(name)
    with reading(engine) as session:
        assert session.connection().execute(text("SELECT current_database()")).scalar_one() == url.database
    engine.dispose()


def test_a_reader_sees_one_snapshot(records: Engine) -> None:
    with reading(records) as session:
        count = text("SELECT count(*) FROM authorities")
        before = session.connection().execute(count).scalar_one()
        _write_row(records)
        assert session.connection().execute(count).scalar_one() == before


def test_a_writer_waits_for_the_other_instead_of_failing(records: Engine) -> None:
    began, done = threading.Event(), threading.Event()

    def slow() -> None:
        with writing(records) as session:
            session.connection().execute(text("UPDATE authorities SET name = 'first' WHERE code = '330'"))
            began.set()
            done.wait(0.3)

    thread = threading.Thread(target=slow)
    thread.start()
    assert began.wait(10)
    with writing(records) as session:
        session.connection().execute(text("UPDATE authorities SET name = name || ' second' WHERE code = '330'"))
    thread.join()
    with reading(records) as session:
        name = session.connection().execute(text("SELECT name FROM authorities WHERE code = '330'")).scalar_one()
    assert name == "first second"


def test_sqlite_syncs_each_commit_and_enforces_its_keys(sqlite: Engine) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 30_000,
    }
    with sqlite.connect() as connection:
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected} == expected


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/db", "sqlite://", "sqlite:///:memory:"])
def test_a_url_of_another_database_is_bad_input(url: str) -> None:
    with pytest.raises(BadInput, match="sqlite"):
        connect(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_known_by_its_names(scheme: str) -> None:
    assert connect(f"{scheme}://host/db").url.drivername == "postgresql+psycopg"


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with (
        pytest.raises(Unreachable, match="does not answer") as error,
        reading(connect("postgres://me:secret@127.0.0.1:1/db")),
    ):
        pass
    assert "127.0.0.1:1/db" in str(error.value)
    assert "secret" not in str(error.value)


def test_a_database_that_does_not_exist_is_named(postgres_url: str) -> None:
    with pytest.raises(Unreachable, match="no database of that name"):
        database.upgrade(connect(postgres_url.replace("/postgres?", "/nothing?")))


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"nowhere/records.sqlite: it cannot be opened: make its folder"):
        database.upgrade(connect(f"sqlite:///{tmp_path / 'nowhere' / 'records.sqlite'}"))


def test_the_error_of_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    path.write_text("not a database, but long enough to be taken for one" * 50)
    with pytest.raises(Unreachable, match="no SQLite database"):
        database.upgrade(connect(f"sqlite:///{path}"))


def test_the_error_of_missing_tables_names_what_makes_them(empty: Engine) -> None:
    with pytest.raises(Unreachable, match="tables are not there") as caught, reading(empty) as session:
        session.connection().execute(text("SELECT * FROM events"))
    assert caught.value.remedy is Remedy.MAKE_RECORDS


def test_the_error_of_a_locked_database_says_so(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    impatient = connect(str(sqlite.url))
    other = sqlite3.connect(str(sqlite.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unreachable, match="another process kept it locked"), writing(impatient):
        pass
    other.close()
    impatient.dispose()


def test_the_error_of_a_file_that_cannot_be_written_says_so(sqlite: Engine) -> None:
    only_read = connect(f"sqlite:///file:{sqlite.url.database}?mode=ro&uri=true")
    with pytest.raises(Unreachable, match="cannot be written: give this user the right"):
        _write_row(only_read)
    only_read.dispose()


def test_a_wrong_statement_is_not_reported_as_an_unreachable_database(records: Engine) -> None:
    with pytest.raises(DBAPIError), reading(records) as session:
        session.connection().execute(text("SELECT nonsense FROM authorities"))


def test_upgrading_from_many_threads_at_once_migrates_once(empty: Engine) -> None:
    threads = [threading.Thread(target=database.upgrade, args=(empty,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with empty.connect() as connection:
        assert revision(connection) == known_revisions()[-1]
