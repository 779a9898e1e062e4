"""Messages for invalid forms: for no value of any field do they contain the wording of the library."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from framework.common.forms import Strict
from framework.common.validation import dotted, faults_in
from framework.inspection.order import Order
from tests.framework.filled_forms import SHAPES, complete_form

FOREIGN = (
    "input",
    "valid ",
    "field required",
    "extra",
    "string",
    "value error",
    "tuple",
    "dictionary",
    "pattern",
    "[",
    "'",
)
"""Words of the library's own messages."""
NONSENSE: tuple[Any, ...] = (
    "",
    " ",
    "nonsense!",
    -7,
    1.5,
    [],
    [[]],
    [{}],
    {},
    {"a": 1},
    None,
    True,
    "x" * 60_000,
    "2010-13-40",
)


def words_of(shape: type[BaseModel], fields: Any) -> list[str]:
    """Returns every fault of these fields, with its location."""
    try:
        shape.model_validate(fields)
    except ValidationError as error:
        return [f"{dotted(location)}: {words}" for location, words in faults_in(error)]
    return []


def wrong(fields: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields the fields with each of them invalid in every way, missing, and with one too many; inside lists as well."""
    for name, value in fields.items():
        yield {other: content for other, content in fields.items() if other != name}
        yield from ({**fields, name: bad} for bad in NONSENSE)
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, dict):
            yield from ({**fields, name: [bad] if isinstance(value, list) else bad} for bad in wrong(inner))
    yield {**fields, "colour": "blue"}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_fault_of_every_form_is_plain_english_in_one_line(shape: type[Strict]) -> None:
    faults = {fault for fields in wrong(complete_form(shape)) for fault in words_of(shape, fields)}
    assert faults
    for fault in faults:
        _, _, words = fault.partition(": ")
        assert "\n" not in fault
        assert not any(foreign in words.lower() for foreign in FOREIGN), fault


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (int, "many", "must be a whole number"),
        (float, "many", "must be a number"),
        (datetime, "soon", "must be a moment like 2010-11-03 09:00"),
        (Path, 3, "must be the path of a file or folder"),
        (dict[str, int], 3, "must hold fields, each as NAME: VALUE"),
        (Annotated[int, Field(gt=1)], 1, "must be more than 1"),
        (Annotated[int, Field(lt=1)], 1, "must be less than 1"),
        (Annotated[int, Field(le=1)], 2, "must be 1 or less"),
        (Annotated[tuple[int, ...], Field(min_length=2)], [1], "must have at least 2 entries"),
        (Annotated[tuple[int, ...], Field(max_length=1)], [1, 2], "must have at most 1 entries"),
        (Annotated[str, Field(min_length=2)], "a", "must have at least 2 characters"),
    ],
    ids=str,
)
def test_messages_for_settings_and_scripts_are_plain_english_too(kind: Any, value: object, words: str) -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(kind).validate_python(value)
    assert [message for _, message in faults_in(raised.value)] == [words]


def test_a_day_of_notification_that_is_none_is_one_fault() -> None:
    assert words_of(Order, {**complete_form(Order), "notify": "soon"}) == [
        "notify: must be a day like 2010-11-03, or now"
    ]
