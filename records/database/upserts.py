"""Inserts with a conflict clause, which SQLAlchemy offers separately for SQLite and PostgreSQL."""

from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table) -> Insert:
    """Returns an insert that leaves rows with the same key as they are."""
    statement: Insert = _dialect_insert(connection, table).on_conflict_do_nothing()
    return statement


def upsert(connection: Connection, table: Table, key: tuple[str, ...]) -> Insert:
    """Returns an insert that updates all columns but `key` of a row with the same key."""
    insert = _dialect_insert(connection, table)
    changed = {column.name: insert.excluded[column.name] for column in table.c if column.name not in key}
    statement: Insert = insert.on_conflict_do_update(index_elements=key, set_=changed)
    return statement


def _dialect_insert(connection: Connection, table: Table) -> Any:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
