"""The whole database as lines of JSON, one stream a table, and back: the same from SQLite and from PostgreSQL.

The first line of a stream names the columns, each further one is a row. What is read is one moment of the database."""

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
"""Rows read or written in one go."""
VERSIONS = "alembic_version"
REBUILT_TABLES = ("event_word_index", "limit_history")
"""Tables (and, for SQLite's index of words, what begins like one) that are not carried: `projections` makes them anew. So
no word of a text leaves with a backup but sealed."""

Change = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Table and row -> the row as it is to be carried."""


def tables(connection: Connection) -> list[str]:
    """Every table that is carried, those that others point to first."""
    found = inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _ in found if name and name != VERSIONS and not name.startswith(REBUILT_TABLES)]


def lines(connection: Connection, table: str, change: Change) -> Iterator[bytes]:
    """A table, line by line. `change` is given each row before it is written."""
    known = _columns(connection, table)
    names = [column.name for column in known.columns]
    yield _line(names)
    key = inspect(connection).get_pk_constraint(table)["constrained_columns"]
    query = sa.select(known).order_by(*(known.c[name] for name in key))
    for row in connection.execute(query.execution_options(yield_per=BATCH_ROWS)).mappings():
        carried = change(table, {name: _plain(row[name]) for name in names})
        yield _line([carried[name] for name in names])


def load(connection: Connection, table: str, content: Iterable[bytes], change: Change) -> int:
    """Writes the lines into an empty table; answers how many rows there were. Raises `CheckFailed` for other lines."""
    known = _columns(connection, table)
    kinds = {column.name: column.type for column in known.columns}
    rows = iter(content)
    try:
        names = json.loads(next(rows))
    except (StopIteration, ValueError) as fault:
        raise CheckFailed(f"the backup's table {table} cannot be read ({fault})") from None
    if names != list(kinds):
        raise CheckFailed(f"the backup's table {table} has other columns than {', '.join(kinds)}")
    count = 0
    while some := list(islice(rows, BATCH_ROWS)):
        carried = [change(table, dict(zip(names, json.loads(one), strict=True))) for one in some]
        connection.execute(sa.insert(known), [_typed(row, kinds) for row in carried])
        count += len(some)
    if connection.dialect.name == "postgresql":
        _set_counters(connection, table)
    return count


def _columns(connection: Connection, table: str) -> sa.TableClause:
    found = inspect(connection).get_columns(table)
    return sa.table(table, *(sa.column(one["name"], one["type"]) for one in found))


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
    """PostgreSQL's counters do not see rows that bring their own number."""
    for name in inspect(connection).get_pk_constraint(table)["constrained_columns"]:
        sequence = connection.execute(
            text("SELECT pg_get_serial_sequence(:table, :name)"), {"table": table, "name": name}
        ).scalar()
        if sequence:
            newest = f"SELECT setval(:sequence, (SELECT coalesce(max({name}), 0) + 1 FROM {table}), false)"  # noqa: S608
            connection.execute(text(newest), {"sequence": sequence})
