"""The machine's clock. No other module may read it: moments are passed as arguments."""

from datetime import UTC, datetime


def now() -> datetime:
    """Returns the present moment, in UTC."""
    return datetime.now(UTC)
