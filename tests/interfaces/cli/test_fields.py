"""The fields of a step as the command line takes them."""

from pathlib import Path
from typing import Any

import pytest

from application.commands.step_form import validated_form
from framework.common.errors import BadInput
from framework.inspection.steps import STEPS
from interfaces.cli.fields import GivenFields


def fields(step: str, *settings: str, file: Path | None = None) -> dict[str, Any]:
    row = next(open_step for open_step in STEPS if open_step.name == step)
    given = GivenFields("SLAC-2010-001", step, file, settings)
    values = given.values()
    validated_form(row, values, given.locate)
    return values


def faults(step: str, *settings: str, file: Path | None = None) -> str:
    with pytest.raises(BadInput) as raised:
        fields(step, *settings, file=file)
    return "; ".join((str(raised.value), *raised.value.faults))


def test_a_name_given_again_makes_a_list() -> None:
    values = fields("choose_first_cases", "safeguarding=A1", "safeguarding=A2")
    assert values == {"safeguarding": ["A1", "A2"]}


def test_one_value_of_a_list_is_a_list() -> None:
    assert fields("choose_first_cases", "safeguarding=A1") == {"safeguarding": ["A1"]}


def test_a_list_may_be_written_as_yaml_does() -> None:
    assert fields("choose_first_cases", "looked_after=[B1, 007]") == {"looked_after": ["B1", "007"]}


def test_dotted_names_go_inside() -> None:
    values = fields(
        "return_comments",
        "comments.0.where=para 3",
        "comments.0.text=Not so",
        "comments.1.where=a",
        "comments.1.text=b",
    )
    assert values["comments"] == [{"where": "para 3", "text": "Not so"}, {"where": "a", "text": "b"}]
    assert fields("return_comments", "comments.where=a", "comments.text=b")["comments"] == [{"where": "a", "text": "b"}]


def test_truth_is_read_as_truth_and_words_stay_words() -> None:
    assert fields("end_fieldwork", "spoke_with_children=true", "sought_views_of_parents=true") == {
        "spoke_with_children": True,
        "sought_views_of_parents": True,
    }
    assert fields("receive_documents", "note=true") == {"note": "true"}
    assert fields("receive_documents", "note=[not a list]") == {"note": "[not a list]"}
    assert fields("receive_documents", "note=a=b") == {"note": "a=b"}


def test_the_option_that_is_wrong_is_named() -> None:
    assert "--set grade: must be outstanding, good, adequate or inadequate" in faults(
        "grade", "heading=x", "grade=fine", "text=x", "equality=y"
    )
    assert "--set colour: there is no such field" in faults("cancel", "reason=Floods", "colour=blue")


def test_what_is_missing_is_named_with_the_fields_there_are() -> None:
    assert "its fields are person, allowed, override (optional), reason" in faults("decide_connection")


@pytest.mark.parametrize("setting", ["reason", "=x", "a..b=c", ".a=b"])
def test_what_is_no_setting_is_wrong(setting: str) -> None:
    assert "write NAME=VALUE" in faults("cancel", setting)


def test_a_name_cannot_be_a_value_and_hold_others() -> None:
    assert "has a value of its own" in faults("return_comments", "comments=a", "comments.where=b")


def test_a_file_must_hold_fields(tmp_path: Path) -> None:
    file = tmp_path / "fields.yaml"
    file.write_text("- one\n")
    assert f"{file}:1:1: must hold the step's fields" in faults("cancel", file=file)
    file.write_text("")
    assert "reason: is missing" in faults("cancel", file=file)


def test_a_role_that_is_none_in_an_authority_is_answered_with_those_that_are() -> None:
    messages = faults("change_contact", "role=king", "person=dcs.330", "reason=Retired")
    assert "link_officer" in messages
    assert not [role for role in ("system", "coordinator", "lead_inspector") if role in messages]
