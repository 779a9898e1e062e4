"""One vocabulary: words and names that were replaced (docs/glossary.md) do not come back into folders that are finished.

Prose means comments, docstrings and pages; names are those that a file itself gives: functions, classes, arguments,
variables, attributes."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT

FINISHED: tuple[str, ...] = (
    "framework",
    "records",
    "activities",
    "workflows",
    "application",
    "rehearsal",
    "operations",
    "interfaces",
    "worker.py",
    "tests",
    "docs/decisions",
    "docs/audit.md",
    "docs/exports.md",
    "docs/framework-coverage.md",
    "docs/glossary.md",
    "docs/operations.md",
    "docs/rehearsals.md",
    "docs/settings.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "README.md",
    "CHANGELOG.md",
    "docs/progress.md",
    "docs/figures.md",
)
"""Folders and files in which nothing of the lists below is left: the whole tree."""

WORDS = """
    story stories tale tales door doors doorway doorways wish wishes fate fates told tell tells telling
    reckon reckons reckoned reckoning somebody nobody anybody everybody whoever said hear hears heard
    hands house witness witnesses witnessed
"""
PHRASES = (
    r"""the memory|stands? at|bears? witness|in doubt|puts? (it |them )?right|is so\b|of its own accord|all the same"""
)
LOCALS = "one found said told wanted mine theirs right stand wish made kept place asked hears knows story fate deed"
FUNCTIONS = """
    look look_at_step settle event_of plain_event letter_makers first_unmet asks_the_records needs_the_records deliver_later
    told_to_look in_doubt go_round _until_still seen_alive told_when_it_keeps_failing die_with tied in_turns naming reach
    promises letter_proof hold hold_to_make append_under write_behind must_stand_at already holds keep keep_again
    each note said_again tell listen armed_by day_of stood stood_under happened stands_at reckoned
"""
CLASSES = """
    Wish Started System Tale Need Readiness ReadinessQuestion Recording Recorded MakeLetter Outcome Asked LetterFate Standing
    Milestone Moves Moved History Wanted HeadMoved Place House Town Life WatchedLife Counter Unsaid
"""
CONSTANTS = """
    PATIENCE GRACE GLANCE GLANCES AT_ONCE EVERY MOSTLY QUIET TURN _TURN STEADY GONE ASK_THE_RECORDS ON_NO_ACCOUNT_CHASED
    FINDS KEPT STORY
"""
FIXTURES = "office anybody course filled lonely counter town house life"

EXCEPTIONS: dict[str, str] = {
    "application/queries/available_steps.py": "holds",  # a key of the JSON
    "application/queries/change_previews.py": "note",  # a remark on a preview
    "application/serializers/wording.py": "nobody",  # quotes what it returns
    "docs/audit.md": "witness",  # the option `--witness`
    "docs/rehearsals.md": "nobody house",  # the entry `nobody`, and the name of a place
    "framework/inspection/forms.py": "note place",  # fields of forms
    "framework/inspection/order.py": "place",  # a field of an order
    "framework/inspection/parts.py": "place",  # the place of a meeting
    "records/tables/engine_owner.py": "place",  # a column
    "records/exports/sentences.py": "said",  # quotes what a chronology prints
    "tests/test_vocabulary.py": "STORY PHRASES witness nobody note holds",  # the lists themselves
}
"""Words that are right where they stand, by file."""


def _plain(words: str) -> str:
    return "|".join(words.split())


PROSE = re.compile(rf"\b(?:{_plain(WORDS)}|{PHRASES})\b", re.IGNORECASE)
NAMES = frozenset((LOCALS + FUNCTIONS + CLASSES + CONSTANTS).split())
TEST_NAMES = NAMES | frozenset(FIXTURES.split())


def _files(entry: str) -> list[Path]:
    path = ROOT / entry
    return [path] if path.is_file() else sorted((*path.rglob("*.py"), *path.rglob("*.md")))


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Returns every string that stands alone as a statement: docstrings, and those under a constant or a field."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def _comments(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _given_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def _test_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Returns the names of tests as sentences: they are prose."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node.lineno, node.name.replace("_", " ")


def _old_words(path: Path) -> list[str]:
    name = str(path.relative_to(ROOT))
    allowed = {word.lower() for word in EXCEPTIONS.get(name, "").split()}
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        prose = list(enumerate(source.splitlines(), 1))
        names: list[tuple[int, str]] = []
    else:
        tree = ast.parse(source)
        prose = [*_docstrings(tree), *_comments(source), *_test_names(tree)]
        replaced = TEST_NAMES if name.startswith("tests/") else NAMES
        names = [(line, given) for line, given in _given_names(tree) if given in replaced]
    uses = [(line, match.group()) for line, text in prose for match in PROSE.finditer(text)]
    return [f"{name}:{line}: {word}" for line, word in sorted((*uses, *names)) if word.lower() not in allowed]


@pytest.mark.parametrize("entry", FINISHED)
def test_a_finished_folder_holds_none_of_the_replaced_words_and_names(entry: str) -> None:
    files = _files(entry)
    assert files, f"{entry}: nothing to look at"
    assert [word for path in files for word in _old_words(path)] == []
