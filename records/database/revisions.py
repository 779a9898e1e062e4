"""The migrations there are, and the one a database stands at."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def known_revisions() -> tuple[str, ...]:
    """The migrations there are, oldest first: read off the file names, since importing alembic costs more than asking."""
    return tuple(sorted(path.name[1:5] for path in (MIGRATIONS / "versions").glob("m[0-9]*.py")))


def revision(connection: Connection) -> str | None:
    """Where the database stands, or None when it has no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
