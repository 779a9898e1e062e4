"""The tables that the migrations make, and the triggers of tables that only grow."""

import warnings
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from framework.common.errors import Unreachable
from records.database import connection as database
from records.database.connection import writing
from records.directory import directory
from records.tables import checkpoints, content, outbox, projections, restores
from records.tables import directory as directory_tables
from records.tables.inspections import EVENTS, INSPECTIONS
from tests.records.builders import ID, MOMENT, TODAY, begin, event, record

TABLES = (content, directory_tables, outbox, projections, checkpoints, restores)
"""Imported so that all tables are known."""

REST = (
    "ordinal, kind, happened_on, received_at, recorded_at, actor, role, entry_point, ran_as, paragraph, data, reason_text, cause, "
    "previous_hash, hash"
)


def _changed(number: str, command: str, hidden: str = "") -> str:
    """Returns a statement that replaces rows under changed keys."""
    names, values = f"{hidden}inspection_id, number, command_id", f"{hidden}inspection_id, {number}, {command}"
    return f"INSERT OR REPLACE INTO events ({names}, {REST}) SELECT {values}, {REST} FROM events"


COPY = "INSERT {} INTO events SELECT * FROM events {}"
ATTACKS = {
    "update": "UPDATE events SET actor = 'somebody else'",
    "update of one column to itself": "UPDATE events SET data = data WHERE number = 1",
    "delete": "DELETE FROM events WHERE number = 1",
    "upsert": COPY.format("", "WHERE true ON CONFLICT (inspection_id, number) DO UPDATE SET actor = 'somebody else'"),
    "insert over a key": COPY.format("", ""),
}
SQLITE_ATTACKS = {
    "insert or replace": COPY.format("OR REPLACE", ""),
    "insert or ignore": COPY.format("OR IGNORE", ""),
    "replace": "REPLACE INTO events SELECT * FROM events",
    "replace by the number": _changed("number", "command_id || 'x'"),
    "replace by the command's key": _changed("number + 100", "command_id"),
    "replace by the row's hidden number": _changed("number + 100", "command_id || 'x'", "rowid, "),
    "update or replace": "UPDATE OR REPLACE events SET number = 1",
}
POSTGRES_ATTACKS = {
    "truncate": "TRUNCATE events CASCADE",
    "as a replica": "SET session_replication_role = replica; DELETE FROM events",
    "truncate through its parent": "TRUNCATE inspections CASCADE",
}


def test_the_migrations_make_what_the_classes_describe(empty: Engine) -> None:
    database.upgrade(empty)
    with empty.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLite cannot show indexes over expressions
        opts = {"compare_type": _same_type, "include_object": _described}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_events_can_only_be_added(empty: Engine) -> None:
    database.upgrade(empty)
    _fill(empty)
    _attack(empty)


ATTESTATIONS = {
    "checkpoints": "(number, made_at, body, sha256, signature, public_key) VALUES (1, '{at}', '', '', '', '')",
    "engine_histories": "(workflow_id, run_id, inspection_id, path, sha256, events, kept_at) VALUES ('w', 'r', '', '', '', 1, '{at}')",
}


@pytest.mark.parametrize("table", ATTESTATIONS)
def test_attestations_can_only_be_added(records: Engine, table: str) -> None:
    row = f"INTO {table} {ATTESTATIONS[table].format(at='2010-11-03T09:00:00.000000Z')}"
    with records.begin() as connection:
        connection.exec_driver_sql(f"INSERT {row}")
    attacks = [f"UPDATE {table} SET sha256 = 'x'", f"DELETE FROM {table}", f"INSERT {row}"]
    if records.dialect.name == "sqlite":
        attacks += [f"INSERT OR REPLACE {row}", f"INSERT OR IGNORE {row}", f"REPLACE {row}"]
    else:
        attacks += [f"TRUNCATE {table} CASCADE", f"SET session_replication_role = replica; DELETE FROM {table}"]
    for statement in attacks:
        with pytest.raises(DBAPIError), records.begin() as connection:  # noqa: PT012 - the statement names the attack that came through
            _run(connection, statement)
            pytest.fail(f"{statement} came through")
    with records.connect() as connection:
        assert connection.exec_driver_sql(f"SELECT sha256 FROM {table}").scalar_one() == ""


def test_upgrading_again_changes_nothing(empty: Engine) -> None:
    database.upgrade(empty)
    _fill(empty)
    before = _events(empty)
    database.upgrade(empty)
    assert _events(empty) == before


def test_a_database_of_a_newer_product_is_left_alone(empty: Engine) -> None:
    database.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unreachable, match=r"9999.*newer"):
        database.upgrade(empty)


def test_sqlite_guards_events_also_on_connections_without_our_pragmas(sqlite: Engine) -> None:
    import sqlite3

    begin(sqlite)
    record(sqlite, events=[event(), event()])
    before = _events(sqlite)
    other = sqlite3.connect(str(sqlite.url.database))
    other.execute("PRAGMA recursive_triggers=OFF")
    for statement in (*ATTACKS.values(), *SQLITE_ATTACKS.values()):
        with pytest.raises(sqlite3.Error):
            other.execute(statement)
    other.close()
    assert _events(sqlite) == before


def _described(_: Any, name: str | None, *__: Any) -> bool:
    """Leaves out the full-text index, which each database stores in its own way."""
    return not str(name).startswith(("event_word_index_fts", "ix_event_word_index_fts"))


def _fill(engine: Engine) -> None:
    """Inserts two events."""
    directory.seed(engine)
    empty = dict.fromkeys(("coordinator", "lead", "head_hash", "calendar_version", "next_what"), "")
    order = {"reference": ID, "authority_code": "330", "scope": "joint", "edition": "2010-10", "stage": "planned"}
    content: dict[str, Any] = {"order_json": {}, "people_json": {}, "first_people_json": {}}
    inspection = {"id": ID, "started_at": MOMENT, "head_number": 2, **order, **empty, **content}
    proof = {"previous_hash": "", "hash": "", "cause": "", "command_id": "c1"}
    plain = {"inspection_id": ID, "kind": "case_lists_received", "happened_on": TODAY, "actor": "c.marsh", **proof}
    moments = {"received_at": MOMENT, "recorded_at": MOMENT}
    rest = {**plain, **moments, "role": "coordinator", "entry_point": "command line", "ran_as": "", "data": "{}"}
    with writing(engine) as session:
        session.connection().execute(insert(INSPECTIONS), inspection)
        session.connection().execute(insert(EVENTS), [{**rest, "number": n + 1, "ordinal": n} for n in range(2)])


def _attack(engine: Engine) -> None:
    own = SQLITE_ATTACKS if engine.dialect.name == "sqlite" else POSTGRES_ATTACKS
    before = _events(engine)
    assert len(before) == 2
    for name, statement in {**ATTACKS, **own}.items():
        with pytest.raises(DBAPIError), engine.begin() as connection:  # noqa: PT012 - the name is that of the attack
            _run(connection, statement)
            pytest.fail(f"{name} came through")
        assert _events(engine) == before, name


def _run(connection: Connection, statement: str) -> None:
    for part in statement.split(";"):
        connection.exec_driver_sql(part)


def _events(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT * FROM events ORDER BY number")))


def _same_type(context: Any, inspected: Any, described: Any, inspected_type: Any, described_type: Any) -> bool | None:
    """Compares our own column types by the type of the database that implements them."""
    implementation = described_type.dialect_impl(context.dialect)
    kind = getattr(implementation, "impl", implementation)
    same = str(kind.compile(context.dialect)) == str(inspected_type.compile(context.dialect))
    return False if same else None
