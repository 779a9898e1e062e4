"""The access log as a chain of its own, those rows included that were there before, as they stand now; and salts for the
commitments to letters and documents (those that are there have none)."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from records.access import proof
from records.chain import GENESIS
from records.columns import to_text

revision = "0008"
down_revision = "0007"

GUARD = "access_log_never_changes"
SQLITE_GUARD = f"""CREATE TRIGGER {GUARD} BEFORE UPDATE ON access_log
       BEGIN SELECT RAISE(ABORT, 'the access log is never changed'); END"""


def upgrade() -> None:
    """Adds columns; the guard against changes stands aside while the rows there are chained."""
    for table in ("letters", "documents"):
        op.add_column(table, _empty("salt"))
    for name in ("previous_hash", "hash"):
        op.add_column("access_log", _empty(name))
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(f"DROP TRIGGER {GUARD}" if sqlite else f"ALTER TABLE access_log DISABLE TRIGGER {GUARD}")
    _chain(op.get_bind())
    op.execute(SQLITE_GUARD if sqlite else f"ALTER TABLE access_log ENABLE ALWAYS TRIGGER {GUARD}")


def _empty(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String, nullable=False, server_default="")


def _chain(connection: sa.Connection) -> None:
    previous, hashes = GENESIS, []
    for row in connection.execute(sa.text("SELECT * FROM access_log ORDER BY id")).mappings():
        at = row["at"] if isinstance(row["at"], str) else to_text(row["at"])
        made = proof({**row, "at": at, "previous_hash": previous})
        hashes.append({"number": row["id"], "previous": previous, "made": made})
        previous = made
    if hashes:
        change = "UPDATE access_log SET previous_hash = :previous, hash = :made WHERE id = :number"
        connection.execute(sa.text(change), hashes)
