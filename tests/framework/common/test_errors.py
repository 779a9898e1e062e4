"""What a refusal says of its paragraph."""

from framework.common.errors import Refused


def test_a_refusal_ends_with_its_paragraph() -> None:
    assert str(Refused("the draft has not been approved", 50)) == "the draft has not been approved (para 50)"


def test_a_sentence_that_names_its_paragraph_itself_is_not_given_another() -> None:
    assert str(Refused("no quality assurance yet (para 61)", 52)) == "no quality assurance yet (para 61)"


def test_a_rule_of_ours_has_no_paragraph() -> None:
    assert str(Refused("nothing more is taken")) == "nothing more is taken"
