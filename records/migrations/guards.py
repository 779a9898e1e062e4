"""The guard of a table that can only be added to, in both databases; why it is made so, says the first (m0002).

Migrations that were released use it, so what it makes never changes: another guard is another function."""

from collections.abc import Sequence

from alembic import op

SQLITE = (
    """CREATE TRIGGER {table}_never_change BEFORE UPDATE ON {table}
       BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END""",
    """CREATE TRIGGER {table}_never_go BEFORE DELETE ON {table}
       BEGIN SELECT RAISE(ABORT, '{table} are never removed'); END""",
    """CREATE TRIGGER {table}_never_replace BEFORE INSERT ON {table}
       WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
       BEGIN SELECT RAISE(ABORT, '{table} are never replaced'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION {table}_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION '{table} are never changed, removed or replaced (%)', TG_OP
             USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER {table}_never_change BEFORE UPDATE OR DELETE ON {table}
       FOR EACH ROW EXECUTE FUNCTION {table}_are_kept()""",
    """CREATE TRIGGER {table}_never_go BEFORE TRUNCATE ON {table}
       FOR EACH STATEMENT EXECUTE FUNCTION {table}_are_kept()""",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_never_change",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_never_go",
)


def only_added_to(table: str, key: Sequence[str]) -> None:
    """From here on the rows of a table, found by its key, are never changed, removed or replaced."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement.format(table=table, same=same))
