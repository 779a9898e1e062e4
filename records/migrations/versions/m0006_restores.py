"""Restores: one row for each time the records were put back from a backup; rows can only be added."""

import sqlalchemy as sa
from alembic import op

from records.migrations.guards import only_added_to

revision = "0006"
down_revision = "0005"


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
    only_added_to("restores", ["number"])
