"""JSON as every entry point writes it: the same answer is the same text."""

import dataclasses
import json
from collections.abc import Iterable
from datetime import date
from pathlib import PurePath
from typing import Any

INDENT = 2


def json_text(document: object, indent: int | None = INDENT) -> str:
    """Returns one JSON document: days and moments in ISO 8601, names as they are written. Without `indent` it is one line."""
    return json.dumps(document, default=json_value, ensure_ascii=False, indent=indent)


def sorted_json_text(document: object) -> str:
    """Returns one JSON document in one line, its names in alphabetical order."""
    return json.dumps(document, default=json_value, ensure_ascii=False, sort_keys=True)


def json_value(value: Any) -> object:
    """Returns what JSON has no form of: days and moments in ISO 8601, dataclasses by their fields."""
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"cannot write {type(value).__name__} as JSON")
