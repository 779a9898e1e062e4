"""The guard of a table that can only be added to, in both databases.

SQLite: `INSERT OR REPLACE` deletes without firing delete triggers unless a pragma says so, and an upsert fires the
update trigger only after it found its row; so an insert over an existing key is refused before either can happen.
PostgreSQL: the triggers fire ALWAYS, also for sessions in the role of a replica."""

from collections.abc import Sequence

from alembic import op

SQLITE = (
    """CREATE TRIGGER {table}_never_change BEFORE UPDATE ON {table}
       BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END""",
    """CREATE TRIGGER {table}_never_go BEFORE DELETE ON {table}
       BEGIN SELECT RAISE(ABORT, 'rows of {table} are never removed'); END""",
    """CREATE TRIGGER {table}_never_replace BEFORE INSERT ON {table} WHEN {is_there}
       BEGIN SELECT RAISE(ABORT, 'rows of {table} are never replaced'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION {table}_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'rows of {table} are never changed, removed or replaced (%)', TG_OP
             USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER {table}_never_change BEFORE UPDATE OR DELETE ON {table}
       FOR EACH ROW EXECUTE FUNCTION {table}_are_kept()""",
    """CREATE TRIGGER {table}_never_go BEFORE TRUNCATE ON {table}
       FOR EACH STATEMENT EXECUTE FUNCTION {table}_are_kept()""",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_never_change",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_never_go",
)


def only_added_to(table: str, *keys: Sequence[str]) -> None:
    """Makes the rows of a table, found by any of its keys, unchangeable: never updated, deleted or replaced."""
    same = (" AND ".join(f"{column} = NEW.{column}" for column in key) for key in keys)
    is_there = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {match})" for match in same)  # noqa: S608 - our names
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement.format(table=table, is_there=is_there))
