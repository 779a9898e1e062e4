"""The form of each step: every bad or missing field is named, and a valid form is taken as it is."""

from typing import Any

import pytest
from pydantic import ValidationError

from framework.common.errors import BadInput
from framework.common.forms import Strict
from framework.inspection.forms import ChangeTeam
from framework.inspection.order import Order
from framework.inspection.report_forms import Grade
from framework.inspection.steps import STEPS
from framework.vocabulary.roles import Role
from tests.framework.filled_forms import FORMS, complete_form
from tests.framework.in_memory import InMemoryInspection
from tests.orders import an_order
from tests.words import WHY


def faults_of(step: str, by: str, **fields: Any) -> str:
    """Returns the faults of a form, as an entry point gets them."""
    scenario = InMemoryInspection().until("2010-11-03")
    with pytest.raises(BadInput) as raised:
        scenario.do(step, by, **fields)
    assert raised.value.exit_code == 2
    return "; ".join(raised.value.faults)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_that_is_filled_in_is_taken(form: type[Strict]) -> None:
    assert form.model_validate(complete_form(form))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_each_field_that_is_owed_is_named_when_it_is_missing(form: type[Strict]) -> None:
    with pytest.raises(ValidationError) as raised:
        form.model_validate({"one field too many": 1})
    owed = {name for name, field in form.model_fields.items() if field.is_required()}
    assert {fault["loc"][0] for fault in raised.value.errors()} == owed | {"one field too many"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_each_field_with_nonsense_in_it_is_named(form: type[Strict]) -> None:
    for name in form.model_fields:
        with pytest.raises(ValidationError) as raised:
            form.model_validate({**complete_form(form), name: {"non": "sense"}})
        assert name in {fault["loc"][0] for fault in raised.value.errors()}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_an_empty_text_is_no_text(form: type[Strict]) -> None:
    for name, field in form.model_fields.items():
        if name in ("reason", "headings", "attendees", "decisions", "text", "equality") and field.is_required():
            with pytest.raises(ValidationError):
                form.model_validate({**complete_form(form), name: "   "})


@pytest.mark.parametrize(
    ("step", "by", "fields", "named"),
    [
        ("hold_set_up_meeting", "c.marsh", {}, ["attendees", "decisions"]),
        ("cancel", "m.okafor", {}, ["reason"]),
        ("arrange_fieldwork", "c.marsh", {"starts": "next week"}, ["starts"]),
        ("arrange_set_up_meeting", "c.marsh", {"day": "2010-11-31", "at": "noon"}, ["day", "at", "place"]),
        ("request_deferral", "dcs.330", {"ground": "weather"}, ["ground", "reason"]),
        (
            "choose_first_cases",
            "i.ashdown",
            {"safeguarding": "A1", "looked_after": [""]},
            ["safeguarding", "looked_after.0"],
        ),
        ("override", "m.okafor", {"gate": "garden"}, ["gate", "reason"]),
        ("receive_documents", "link.330", {"colour": "red"}, ["colour"]),
        ("change_lead", "c.marsh", {"person": "Not An Identifier!", "reason": WHY}, ["person"]),
    ],
)
def test_an_entry_point_gets_every_fault_with_its_field(
    step: str, by: str, fields: dict[str, Any], named: list[str]
) -> None:
    messages = faults_of(step, by, **fields)
    assert all(f"{name}: " in messages for name in named), messages
    assert messages.count("; ") == len(named) - 1


def test_an_unknown_step_is_named_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="there is no step «fly»; the steps are notify, record_service"):
        InMemoryInspection().do("fly", "c.marsh")


def test_the_four_grades_are_those_of_paragraph_27() -> None:
    assert [grade.value for grade in Grade] == ["outstanding", "good", "adequate", "inadequate"]


def test_a_person_joins_the_team_only_in_a_role_of_it() -> None:
    for role in Role:
        fits = role in (Role.INSPECTOR, Role.CQC_INSPECTOR, Role.QUALITY_ASSURANCE_MANAGER)
        try:
            ChangeTeam.model_validate({"person": "i.edgar", "role": role.value})
        except ValidationError:
            assert not fits
        else:
            assert fits


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"reference": "x"}, "reference"),
        ({"authority": "Birmingham"}, "authority"),
        ({"notify": "soon"}, "notify"),
        ({"team": []}, "team"),
        ({"team": [{"person": "i.a", "role": "inspector"}]}, "exactly one lead_inspector"),
        (
            {"team": [{"person": "i.a", "role": "lead_inspector"}, {"person": "i.a", "role": "inspector"}]},
            "i.a is named more than once",
        ),
        ({"scope": "everything"}, "scope"),
        ({"manager": None}, "manager"),
        ({"set_up_meeting": {}}, "set_up_meeting"),
    ],
)
def test_an_order_names_what_is_wrong_with_it(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        an_order(**changes)


def test_an_order_is_read_back_from_what_the_engine_keeps_of_it() -> None:
    order = an_order(scope="safeguarding", scope_ground="judged_inadequate", scope_reason=WHY)
    assert Order.model_validate_json(order.model_dump_json()) == order


def test_every_step_with_a_reason_owed_has_it_in_its_form() -> None:
    owed = {"cancel", "refuse_deferral", "hold_publication", "release_publication", "override", "waive_limit", "correct", "withdraw", "defer", "change_lead", "decide_connection",
            "send_back_draft", "send_back_final", "request_deferral", "decide_late_comments", "answer_comment", "explain_change", "change_contact"}  # fmt: skip
    has = {
        step.name
        for step in STEPS
        if "reason" in step.form.model_fields and step.form.model_fields["reason"].is_required()
    }
    assert has == owed
