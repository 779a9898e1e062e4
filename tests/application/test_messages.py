"""Messages below the entry points name the fault; the entry point adds the remedy in its own terms."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from framework.common.errors import BadInput, Remedy, Unreachable
from interfaces.cli.main import COMMANDS
from interfaces.cli.remedies import in_words
from tests.paths import ROOT

BELOW = ("framework", "records", "activities", "workflows", "application", "rehearsal")
ENTRY_POINT_WORDS = re.compile(rf"(?<![\w-])--[a-z][a-z-]+|\binspections ({'|'.join(COMMANDS)})\b")


def modules() -> list[Path]:
    return [path for part in BELOW for path in sorted((ROOT / part).rglob("*.py"))]


def strings(source: str) -> Iterator[tuple[int, str]]:
    """Every string of a module that is no docstring, with its line."""
    tree = ast.parse(source)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_message_below_the_entry_points_names_an_option_or_a_command(path: Path) -> None:
    named = [(line, text) for line, text in strings(path.read_text()) if ENTRY_POINT_WORDS.search(text)]
    assert not named


def test_the_scan_sees_a_command_and_an_option() -> None:
    source = 'def f():\n    """`inspections list` is allowed here."""\n    raise E(f"run `inspections list` or say --data {x}")'
    assert [bool(ENTRY_POINT_WORDS.search(text)) for _, text in strings(source)] == [True]


@pytest.mark.parametrize("remedy", Remedy)
def test_the_command_line_has_words_for_every_remedy(remedy: Remedy) -> None:
    assert len(in_words(Unreachable("it is away", remedy=remedy, subject="X-1"))) > len("it is away")


def test_an_error_about_a_field_names_the_option() -> None:
    assert in_words(BadInput("soon: is no day", field="due_by")) == "--due-by soon: is no day"
