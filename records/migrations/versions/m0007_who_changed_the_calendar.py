"""The commands that made versions of the calendar, so that the same command again is the same version."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Only adds a table."""
    op.create_table(
        "calendar_commands",
        sa.Column("command_id", sa.String(), primary_key=True),
        sa.Column("version", sa.String(), sa.ForeignKey("calendars.version"), nullable=False),
    )
