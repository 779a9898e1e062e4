"""The machine's clock. The only module that may read it: everything else is given its moments."""

from datetime import UTC, datetime


def now() -> datetime:
    """The moment it is, in UTC."""
    return datetime.now(UTC)
