"""Indexes for what grows with the years: limits that were missed, and the tasks of one inspection."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Only adds indexes."""
    op.create_index("ix_limits_state", "limits", ["state", "inspection_id"])
    op.create_index("ix_tasks_inspection", "tasks", ["inspection_id"])
