"""Statements both databases understand but SQLAlchemy writes for each by itself."""

from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table) -> Insert:
    """An insert that passes over rows already there."""
    keeping: Insert = _dialect_insert(connection, table).on_conflict_do_nothing()
    return keeping


def upsert(connection: Connection, table: Table, key: tuple[str, ...]) -> Insert:
    """An insert that replaces what is not the key where the row is already there."""
    statement = _dialect_insert(connection, table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
    replacing: Insert = statement.on_conflict_do_update(index_elements=key, set_=changed)
    return replacing


def _dialect_insert(connection: Connection, table: Table) -> Any:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
