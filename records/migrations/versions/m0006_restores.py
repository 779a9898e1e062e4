"""Restores: one row for each time the records were put back from a backup; rows can only be added."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

SQLITE = (
    """CREATE TRIGGER restores_never_change BEFORE UPDATE ON restores
       BEGIN SELECT RAISE(ABORT, 'restores are never changed'); END""",
    """CREATE TRIGGER restores_never_go BEFORE DELETE ON restores
       BEGIN SELECT RAISE(ABORT, 'restores are never removed'); END""",
    """CREATE TRIGGER restores_never_replace BEFORE INSERT ON restores
       WHEN EXISTS (SELECT 1 FROM restores WHERE number = NEW.number)
       BEGIN SELECT RAISE(ABORT, 'restores are never replaced'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION restores_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'restores are never changed, removed or replaced (%)', TG_OP
             USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER restores_never_change BEFORE UPDATE OR DELETE ON restores
       FOR EACH ROW EXECUTE FUNCTION restores_are_kept()""",
    """CREATE TRIGGER restores_never_go BEFORE TRUNCATE ON restores
       FOR EACH STATEMENT EXECUTE FUNCTION restores_are_kept()""",
    "ALTER TABLE restores ENABLE ALWAYS TRIGGER restores_never_change",
    "ALTER TABLE restores ENABLE ALWAYS TRIGGER restores_never_go",
)


def upgrade() -> None:
    """Makes the table, with its guards."""
    moment = sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
    op.create_table(
        "restores",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("restored_at", moment, nullable=False),
        sa.Column("backup", sa.String, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("body", "sha256", "signature", "public_key")),
        sqlite_with_rowid=False,
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
