"""Writes tables as lines of JSON, one stream a table, and loads them: the same lines from SQLite and PostgreSQL.

The first line of a stream names the columns; each further line is a row."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, inspect, text

from framework.common.errors import CheckFailed
from records.database.columns import to_text

BATCH_ROWS = 500
"""Rows read or written at a time."""
VERSIONS = "alembic_version"
REBUILT_TABLES = ("event_word_index", "limit_history", "parts")
"""Beginnings of the names of tables that are not dumped, SQLite's tables of the full-text index included: `projections`
rebuilds them. They hold words of texts in the clear, which must leave with a backup only sealed."""

Change = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Table and row -> the row as it is to be written."""


def tables(connection: Connection) -> list[str]:
    """Returns the names of the tables that are dumped; a table comes after those that its foreign keys name."""
    names = inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _ in names if name and name != VERSIONS and not name.startswith(REBUILT_TABLES)]


def lines(connection: Connection, table: str, change: Change) -> Iterator[bytes]:
    """Returns the lines of a table, ordered by primary key; each row passes through `change`."""
    source = _columns(connection, table)
    names = [column.name for column in source.columns]
    yield _line(names)
    key = inspect(connection).get_pk_constraint(table)["constrained_columns"]
    query = sa.select(source).order_by(*(source.c[name] for name in key))
    for row in connection.execute(query.execution_options(yield_per=BATCH_ROWS)).mappings():
        changed = change(table, {name: _plain(row[name]) for name in names})
        yield _line([changed[name] for name in names])


def load(connection: Connection, table: str, content: Iterable[bytes], change: Change) -> int:
    """Inserts the lines into an empty table, each row through `change`; returns the number of rows.

    Raises `CheckFailed` for lines that cannot be read or that name other columns."""
    target = _columns(connection, table)
    kinds = {column.name: column.type for column in target.columns}
    rows = iter(content)
    try:
        names = json.loads(next(rows))
    except (StopIteration, ValueError) as fault:
        raise CheckFailed(f"the backup's table {table} cannot be read ({fault})") from None
    if names != list(kinds):
        raise CheckFailed(f"the backup's table {table} has other columns than {', '.join(kinds)}")
    count = 0
    while batch := list(islice(rows, BATCH_ROWS)):
        changed = [change(table, dict(zip(names, json.loads(line), strict=True))) for line in batch]
        connection.execute(sa.insert(target), [_typed(row, kinds) for row in changed])
        count += len(batch)
    if connection.dialect.name == "postgresql":
        _set_counters(connection, table)
    return count


def _columns(connection: Connection, table: str) -> sa.TableClause:
    columns = inspect(connection).get_columns(table)
    return sa.table(table, *(sa.column(column["name"], column["type"]) for column in columns))


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _typed(row: dict[str, Any], kinds: dict[str, Any]) -> dict[str, Any]:
    return {name: _as(kinds[name], value) for name, value in row.items()}


def _as(kind: Any, value: Any) -> Any:
    if isinstance(value, str) and isinstance(kind, sa.DateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return value


def _set_counters(connection: Connection, table: str) -> None:
    # A row inserted with its number does not advance PostgreSQL's sequence: the next insert would reuse a number.
    for name in inspect(connection).get_pk_constraint(table)["constrained_columns"]:
        sequence = connection.execute(
            text("SELECT pg_get_serial_sequence(:table, :name)"), {"table": table, "name": name}
        ).scalar()
        if sequence:
            newest = f"SELECT setval(:sequence, (SELECT coalesce(max({name}), 0) + 1 FROM {table}), false)"  # noqa: S608
            connection.execute(text(newest), {"sequence": sequence})
