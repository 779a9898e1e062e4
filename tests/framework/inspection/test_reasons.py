"""A reason says something: every field that holds one wants at least five letters (C3)."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from framework.common.free_text import text_id
from tests.framework.filled_forms import SHAPES, complete_form
from tests.orders import ORDER

WITH_REASON = [
    (shape, name) for shape in SHAPES for name in shape.model_fields if name == "reason" or name.endswith("_reason")
]


def faults(shape: type[BaseModel], fields: dict[str, Any]) -> set[Any]:
    with pytest.raises(ValidationError) as raised:
        shape.model_validate(fields)
    return {fault["loc"][0] for fault in raised.value.errors()}


@pytest.mark.parametrize(
    ("shape", "name"), WITH_REASON, ids=[f"{shape.__name__}-{name}" for shape, name in WITH_REASON]
)
@pytest.mark.parametrize("thin", ["x", "...", "1 2 3 4 5 6", "no no", "t-x"])
def test_a_reason_of_fewer_than_five_letters_is_no_reason(shape: type[BaseModel], name: str, thin: str) -> None:
    assert faults(shape, {**complete_form(shape), name: thin}) == {name}
    for enough in ("Flood", "It is so.", "Gwlâu", text_id("x")):
        shape.model_validate({**complete_form(shape), name: enough})


def test_the_reason_of_an_override_in_an_order_is_one_too() -> None:
    shape = next(shape for shape, _ in WITH_REASON if shape.__name__ == "Order")
    thin = {"gate": "team", "by": "m.okafor", "reason": "x"}
    assert faults(shape, {**ORDER, "overrides": [thin]}) == {"overrides"}


def test_there_are_reasons_to_look_at() -> None:
    assert len(WITH_REASON) > 15
