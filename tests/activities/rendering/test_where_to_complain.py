"""The address for complaints (para 67) is a setting; every letter that invites complaints names it, and no other."""

import re

import pytest

from activities.rendering.templates import render_letter
from framework.correspondence.letters import INVITE_COMPLAINTS, LETTERS
from tests.activities.letter_data import COMPLAINTS_TO, letter_data

AFTER_ISSUE = {"late_comments": {"after": "published"}}


@pytest.mark.parametrize("kind", INVITE_COMPLAINTS)
def test_a_letter_that_invites_complaints_names_the_address(kind: str) -> None:
    text = " ".join(render_letter(kind, letter_data(kind, facts=AFTER_ISSUE.get(kind, {}))).text.split())
    assert COMPLAINTS_TO in text


@pytest.mark.parametrize("kind", INVITE_COMPLAINTS)
def test_without_an_address_the_letter_asks_for_a_reply(kind: str) -> None:
    facts = {**AFTER_ISSUE.get(kind, {}), "complaints_to": ""}
    text = " ".join(render_letter(kind, letter_data(kind, facts=facts)).text.split())
    assert "by answering this letter" in text


@pytest.mark.parametrize("kind", [rule.kind for rule in LETTERS if rule.kind not in INVITE_COMPLAINTS])
def test_a_letter_that_explains_how_to_complain_is_in_the_table(kind: str) -> None:
    text = render_letter(kind, letter_data(kind)).text
    assert not re.search(r"complain\w* .{0,40}in writing", text, re.DOTALL)
