"""Faults of a form or a file in plain words: one sentence a fault, with its location.

pydantic checks the shapes, but its messages are for programmers; every entry point takes its wording from here."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import AfterValidator, ValidationError

Location = tuple[int | str, ...]
"""The path to a field: ("team", 2, "person")."""


def written(pattern: str, words: str) -> AfterValidator:
    """Returns a validator for text that must match `pattern` in full; `words` follow «must be» in the message."""
    matches = re.compile(pattern).fullmatch

    def check(text: str) -> str:
        if matches(text) is None:
            raise ValueError(f"must be {words}")
        return text

    return AfterValidator(check)


def faults_in(error: ValidationError) -> tuple[tuple[Location, str], ...]:
    """Returns each fault as (location, sentence), in the order of the fields."""
    return tuple(
        (fault["loc"], in_words(fault["type"], fault["msg"], fault.get("ctx", {}))) for fault in error.errors()
    )


def dotted(location: Location) -> str:
    """Returns the location as «team.2.person»; empty for the whole form."""
    return ".".join(map(str, location))


def in_words(kind: str, message: str, facts: Mapping[str, Any]) -> str:
    """Returns the sentence for one fault of pydantic: its type, its own message, and its context."""
    if kind in _WITH_FACTS:
        return _WITH_FACTS[kind](facts)
    if kind in _WORDS:
        return _WORDS[kind]
    return _by_family(kind) or message.removeprefix("Value error, ")


def _by_family(kind: str) -> str | None:
    return next((words for family, words in _FAMILIES.items() if kind.startswith(family)), None)


def _expected(facts: Mapping[str, Any]) -> str:
    values = _MEMBER.sub(r"\1", str(facts["expected"]))
    return f"must be {values.replace(chr(39), '')}"


_MEMBER = re.compile(r"<[\w.]+: ('[^']*')>")
"""A member of an enumeration as pydantic writes it among the expected values: only its value is shown."""


def _too_short(facts: Mapping[str, Any]) -> str:
    least = facts["min_length"]
    return "must not be empty" if least == 1 else f"must have at least {least} characters"


def _too_few(facts: Mapping[str, Any]) -> str:
    least = facts["min_length"]
    return "must not be empty" if least == 1 else f"must have at least {least} entries"


_WITH_FACTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "enum": _expected,
    "literal_error": _expected,
    "string_too_short": _too_short,
    "string_too_long": lambda facts: f"must have at most {facts['max_length']} characters",
    "too_short": _too_few,
    "too_long": lambda facts: f"must have at most {facts['max_length']} entries",
    "greater_than_equal": lambda facts: f"must be {facts['ge']} or more",
    "less_than_equal": lambda facts: f"must be {facts['le']} or less",
    "greater_than": lambda facts: f"must be more than {facts['gt']}",
    "less_than": lambda facts: f"must be less than {facts['lt']}",
}

_WORDS: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "there is no such field",
    "string_type": "must be text",
    "string_unicode": "must not hold half of a character",
    "none_required": "must be left out",
}

_A_LIST = "must be a list"
_FIELDS = "must hold fields, each as NAME: VALUE"
_FAMILIES: Mapping[str, str] = {
    "datetime_": "must be a moment like 2010-11-03 09:00",
    "date_": "must be a day like 2010-11-03",
    "timezone_": "must be a moment like 2010-11-03 09:00",
    "time_": "must be a time like 10:00",
    "bool_": "must be true or false",
    "int_": "must be a whole number",
    "float_": "must be a number",
    "path_": "must be the path of a file or folder",
    "tuple_": _A_LIST,
    "list_": _A_LIST,
    "iterable_": _A_LIST,
    "model_": _FIELDS,
    "dict_": _FIELDS,
    "mapping_": _FIELDS,
}
"""Beginning of a fault's type -> its sentence; the first that matches is used."""
