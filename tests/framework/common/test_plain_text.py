"""Control and bidirectional characters are refused by every form, and replaced where text is shown."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from framework.common.errors import BadInput
from framework.common.forms import Strict
from framework.common.free_text import may_have_lines
from framework.common.plain_text import fault_of, plain, shown
from framework.common.validation import dotted, faults_in
from framework.inspection.forms import ReasonOnly
from framework.messages.commands import require_command_id
from tests.framework.filled_forms import MARK, SHAPES, complete_form

ACTING = {
    "escape sequence": "\x1b[2J",
    "null": "\x00",
    "C1 control sequence introducer": "\x9b2J",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "right-to-left mark": "\u200f",
    "Arabic letter mark": "\u061c",
    "line separator": "\u2028",
    "half of a character": "\ud800",
    "tag": "\U000e0041",
    "lone carriage return": "a\rb",
}
WELCOME = "Zoë O’Brien – «½» شهرزاد 中文 👩‍👧 soft\u00adhyphen no\u00a0break"


def texts_of(form: Any, path: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    """Yields the paths of the marked texts of a complete form."""
    members = form.items() if isinstance(form, dict) else enumerate(form) if isinstance(form, list) else ()
    for name, value in members:
        if isinstance(value, str) and MARK in value:
            yield (*path, name)
        yield from texts_of(value, (*path, name))


def with_text(form: dict[str, Any], path: tuple[int | str, ...], text: str) -> dict[str, Any]:
    changed: Any = deepcopy(form)
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] += text + "end"
    return dict(changed)


@pytest.mark.parametrize("acting", ACTING.values(), ids=list(ACTING))
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_form_field_with_a_control_or_bidirectional_character_is_refused(shape: type[Strict], acting: str) -> None:
    form = complete_form(shape)
    for path in texts_of(form):
        with pytest.raises(ValidationError) as caught:
            shape.model_validate(with_text(form, path, acting))
        faults = {dotted(location): words for location, words in faults_in(caught.value)}
        words = next(words for location, words in faults.items() if dotted(path).startswith(location))
        assert words.startswith(("must not hold", "must be one line", "must be the authority's unique identifier"))
        assert MARK not in words


def test_the_place_of_the_set_up_meeting_is_one_line() -> None:
    order = next(shape for shape in SHAPES if shape.__name__ == "Order")
    form = complete_form(order) | {"set_up_meeting": {"place": "Council House\nATTENDEE:mailto:x@example.com"}}
    with pytest.raises(ValidationError, match="must be one line"):
        order.model_validate(form)


def test_free_text_may_have_every_language_and_several_lines() -> None:
    assert ReasonOnly(reason=f"{WELCOME}\n\tsecond line").reason == f"{WELCOME}\n\tsecond line"


def test_line_ends_of_other_systems_are_converted() -> None:
    assert ReasonOnly(reason="one\r\ntwo").reason == "one\ntwo"


def test_only_free_text_may_have_lines() -> None:
    lines = {name for shape in SHAPES for name, field in shape.model_fields.items() if may_have_lines(field)}
    assert {"reason", "text", "equality", "decisions"} <= lines
    assert not {"place", "where", "letter", "heading", "person", "safeguarding"} & lines


@pytest.mark.parametrize("acting", ACTING.values(), ids=list(ACTING))
def test_the_fault_names_the_character_and_never_repeats_the_text(acting: str) -> None:
    fault = fault_of(f"Jamie{acting}", lines=True)
    assert fault
    assert "Jamie" not in fault
    assert "U+" in fault
    with pytest.raises(ValueError, match="must not hold"):
        plain(acting, lines=True)


@pytest.mark.parametrize("acting", ACTING.values(), ids=list(ACTING))
def test_text_is_shown_without_these_characters(acting: str) -> None:
    assert fault_of(shown(f"a{acting}b"), lines=True) is None
    assert shown(WELCOME) == WELCOME


@pytest.mark.parametrize("text", ["auto:notify:3", "a b", "x" * 101, "\u202e1", "-c", "é"])
def test_an_identifier_of_a_command_cannot_be_taken_for_one_of_the_system(text: str) -> None:
    with pytest.raises(BadInput, match="must be letters"):
        require_command_id(text)
