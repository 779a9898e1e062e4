"""Where to complain (para 67) is a setting, and stands in every letter that invites complaints, and in no other."""

import re

import pytest

from activities.rendering.templates import render_letter
from framework.correspondence.letters import INVITE_COMPLAINTS, LETTERS
from tests.activities.letter_data import COMPLAINTS_TO, letter_data

AFTER_ISSUE = {"late_comments": {"after": "published"}}


@pytest.mark.parametrize("kind", INVITE_COMPLAINTS)
def test_a_letter_that_invites_complaints_says_where_to(kind: str) -> None:
    text = " ".join(render_letter(kind, letter_data(kind, facts=AFTER_ISSUE.get(kind, {}))).text.split())
    assert COMPLAINTS_TO in text


@pytest.mark.parametrize("kind", INVITE_COMPLAINTS)
def test_without_an_address_it_asks_to_answer_the_letter_and_names_none_that_is_made_up(kind: str) -> None:
    facts = {**AFTER_ISSUE.get(kind, {}), "complaints_to": ""}
    text = " ".join(render_letter(kind, letter_data(kind, facts=facts)).text.split())
    assert "by answering this letter" in text


@pytest.mark.parametrize("kind", [rule.kind for rule in LETTERS if rule.kind not in INVITE_COMPLAINTS])
def test_a_letter_that_says_how_to_complain_is_in_the_table(kind: str) -> None:
    text = render_letter(kind, letter_data(kind)).text
    assert not re.search(r"complain\w* .{0,40}in writing", text, re.DOTALL)
