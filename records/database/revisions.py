"""The revisions of the schema that this product knows, and the revision of a database."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def known_revisions() -> tuple[str, ...]:
    """Returns the revisions of this product, oldest first."""
    # Read from the file names: importing alembic would cost each start a tenth of a second.
    return tuple(sorted(path.name[1:5] for path in (MIGRATIONS / "versions").glob("m[0-9]*.py")))


def revision(connection: Connection) -> str | None:
    """Returns the revision of the database, or None where it has no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
