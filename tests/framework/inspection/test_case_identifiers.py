"""A case is named by an identifier and never by a child's name, and no message repeats what was given instead (B2)."""

from typing import Any

import pytest
from pydantic import ValidationError

from framework.common.validation import faults_in
from framework.inspection import case_identifiers
from framework.inspection.forms import ChooseFirstCases

NAME = "Jamie Example"


def faults(**fields: Any) -> str:
    with pytest.raises(ValidationError) as raised:
        ChooseFirstCases.model_validate(fields)
    return "; ".join(f"{'.'.join(map(str, path))}: {message}" for path, message in faults_in(raised.value))


@pytest.mark.parametrize("identifier", ["A1", "C-1001", "330/2010/17", "x_2.b", "7", "W-7001"])
def test_an_identifier_of_the_authority_is_taken(identifier: str) -> None:
    assert ChooseFirstCases(safeguarding=(identifier,)).safeguarding == (identifier,)


@pytest.mark.parametrize(
    "name",
    [NAME, "Jamie", "Jamie-Example", "Jamie Example 7", "J. Example", "Zoë1", "A1\u202e", "A" * 39 + "12", "<b>1"],
)
def test_what_may_be_a_childs_name_is_a_fault_that_names_the_place_and_not_the_value(name: str) -> None:
    messages = faults(safeguarding=["A1", name], looked_after=[name])
    assert "safeguarding.1: must be the authority's unique identifier" in messages
    assert "looked_after.0: must be the authority's unique identifier" in messages
    assert name not in messages


@pytest.mark.parametrize("fields", [{"safeguarding": NAME}, {"safeguarding": {"1": NAME}}, {"looked_after": [[NAME]]}])
def test_what_is_no_list_of_identifiers_is_not_repeated_either(fields: dict[str, Any]) -> None:
    assert NAME not in faults(**fields)


def test_the_same_child_in_both_halves_is_a_fault_that_names_both_places() -> None:
    messages = faults(safeguarding=["A1", "Case-7"], looked_after=["B1", "B2", "case-7"])
    assert "safeguarding.1 and looked_after.2 are the same case" in messages
    assert "7:" not in messages
    assert "ase-7" not in messages


def test_a_case_named_twice_in_other_letters_is_one_case() -> None:
    messages = faults(safeguarding=["case-7", "CASE-7"])
    assert "must name each case once" in messages
    assert "7" not in messages


def test_an_office_may_set_how_its_authorities_write_identifiers() -> None:
    eight_digits = case_identifiers.context("[0-9]{8}")
    ChooseFirstCases.model_validate({"safeguarding": ["12345678"]}, context=eight_digits)
    with pytest.raises(ValidationError) as raised:
        ChooseFirstCases.model_validate({"safeguarding": ["A1"]}, context=eight_digits)
    ((path, message),) = faults_in(raised.value)
    assert path == ("safeguarding", 0)
    assert "as this office has set" in message
    assert "A1" not in message
