"""Column types that SQLite and PostgreSQL store alike: moments in UTC, and JSON as text."""

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import TIMESTAMP, Dialect, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine


def to_text(moment: datetime) -> str:
    """Returns the moment in UTC as SQLite and the hash chain hold it: «2010-11-03T09:00:00.000000Z».

    Raises `ValueError` for a moment without an offset."""
    if moment.tzinfo is None:
        raise ValueError(f"the moment {moment.isoformat()} carries no offset; records keep UTC")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Moment(TypeDecorator[datetime]):
    """A moment, stored in UTC with microseconds, and aware when read.

    SQLite has no such type: there it is text of a fixed length, so that the order of texts is that of moments."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return value if dialect.name == "postgresql" and value.tzinfo else to_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - theirs to name
        if value is None:
            return None
        return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).astimezone(UTC)


def _as_text(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON")


def json_text(value: Any) -> str:
    """Returns JSON as a column holds it: equal data gives equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_as_text)


class Json(TypeDecorator[Any]):
    """JSON stored as text with sorted keys, so that equal data is equal text in both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else json_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)
