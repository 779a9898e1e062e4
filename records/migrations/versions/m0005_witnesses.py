"""Signed lists of heads and kept histories of the engine: two tables that can only be added to."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from records.migrations.guards import only_added_to

revision = "0005"
down_revision = "0004"

KEYS = {"head_lists": ("number",), "engine_histories": ("workflow_id", "run_id")}


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
        only_added_to(table, key)


def _moment(name: str) -> sa.Column[Any]:
    kind = sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
    return sa.Column(name, kind, nullable=False)
