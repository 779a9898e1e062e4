"""Writes the form of an event that is hashed straight from a row of `events`, for checking many events fast.

`records.log.hash_chain` defines the form; a test compares the two over arbitrary events."""

from datetime import date, datetime
from json.encoder import encode_basestring
from typing import Any

from records.database.columns import to_text

COLUMNS = (
    "inspection_id, number, actor, cause, command_id, data, entry_point, happened_on, kind, ordinal, paragraph, previous_hash, "
    "ran_as, reason_text, received_at, recorded_at, role, hash"
)

Row = Any
"""A row with the columns above, as the driver returns it."""


def fast_form(row: Row) -> str:
    """Returns the form that is hashed. Raises `TypeError` for a row with a value that no event has."""
    quoted = encode_basestring
    return (
        f'{{"actor":{quoted(row[2])},"cause":{quoted(row[3])},"command":{quoted(row[4])},"data":{_text(row[5])},'
        f'"entry_point":{quoted(row[6])},"happened_on":{quoted(_day(row[7]))},"inspection":{quoted(row[0])},'
        f'"kind":{quoted(row[8])},"number":{_whole(row[1])},"ordinal":{_whole(row[9])},"paragraph":{_or_null(row[10])},'
        f'"previous":{quoted(row[11])},"ran_as":{quoted(row[12])},'
        f'"reason":{"null" if row[13] is None else quoted(row[13])},"received_at":{quoted(moment_text(row[14]))},'
        f'"recorded_at":{quoted(moment_text(row[15]))},"role":{quoted(row[16])}}}'
    )


def moment_text(value: Any) -> Any:
    """Returns a moment as the form has it: PostgreSQL returns a `datetime`, SQLite the text itself."""
    return to_text(value) if isinstance(value, datetime) else value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("data is no text")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("a number is no number")
    return value


def _or_null(value: Any) -> int | str:
    return "null" if value is None else _whole(value)


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
