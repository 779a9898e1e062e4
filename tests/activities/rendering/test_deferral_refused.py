"""The letter that refuses a deferral: decided by the rule it names no person, decided by the manager it names the manager."""

from activities.rendering.templates import render_letter, signer
from framework.vocabulary.roles import Role
from tests.activities.letter_data import NAMES, letter_data

BY_RULE = {"by_rule": True, "decided_by": "", "grounds": "staff_shortage"}


def test_a_refusal_by_the_rule_is_signed_by_the_office_and_names_no_person_who_decided() -> None:
    data = letter_data("deferral_refused", facts=BY_RULE, texts={"reason": "t"})
    text = render_letter("deferral_refused", data).text
    signature = text[text.index("Yours sincerely") :].splitlines()
    assert signature[2:4] == ["The inspections office", "by the rule of paragraph 9, Ofsted"]
    assert NAMES[Role.COORDINATOR] not in text
    assert "no person has decided" in " ".join(text.split())
    assert signer("deferral_refused", data)["email"] == "coordinator@people.example"


def test_it_says_that_the_manager_may_decide_otherwise() -> None:
    text = render_letter("deferral_refused", letter_data("deferral_refused", facts=BY_RULE)).text
    assert f"The inspection manager, {NAMES[Role.MANAGER]}, may decide otherwise." in " ".join(text.split())


def test_a_refusal_by_the_manager_has_the_manager_s_name_and_reason() -> None:
    text = " ".join(render_letter("deferral_refused", letter_data("deferral_refused")).text.split())
    assert f"{NAMES[Role.MANAGER]} decided it" in text
    assert "two managers does not keep us" in text
    assert "may decide otherwise" not in text
    assert NAMES[Role.COORDINATOR] in text
