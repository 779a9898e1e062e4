"""Signed lists of heads and kept histories of the engine: two tables that can only be added to."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEYS = {"head_lists": ("number",), "engine_histories": ("workflow_id", "run_id")}
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


def upgrade() -> None:
    """Makes both tables, with their guards."""
    op.create_table(
        "head_lists",
        sa.Column("number", sa.Integer, primary_key=True),
        _moment("made_at"),
        *(sa.Column(name, sa.String, nullable=False) for name in ("body", "sha256", "signature", "public_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "engine_histories",
        *(sa.Column(name, sa.String, primary_key=True) for name in KEYS["engine_histories"]),
        *(sa.Column(name, sa.String, nullable=False) for name in ("inspection_id", "path", "sha256")),
        sa.Column("events", sa.Integer, nullable=False),
        _moment("kept_at"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_engine_histories_inspection", "engine_histories", ["inspection_id"])
    for table, key in KEYS.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
            op.execute(statement.format(table=table, same=same))


def _moment(name: str) -> sa.Column[Any]:
    kind = sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
    return sa.Column(name, kind, nullable=False)
