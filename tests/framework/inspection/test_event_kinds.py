"""The list of kinds of event is complete: held against what the code writes and what kept histories tell."""

import ast
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from framework.inspection.event_kinds import EVENT_KINDS
from tests.paths import ROOT
from tests.workflows.kept_histories import KEPT, kept

FOLDERS = ("framework", "records", "activities", "workflows", "application", "rehearsal", "operations", "interfaces")
WRITERS = ("system_event", "step_event", "_Outcome", "_log")
"""Functions that are told the kind of event as their first literal."""


def written(path: Path) -> Iterator[str]:
    """Every kind of event that a module writes by name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in WRITERS:
            said = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            yield from said[:1]
        if name in ("Event", "from_command"):
            yield from _kind(call, tree)


def _kind(call: ast.Call, tree: ast.Module) -> Iterator[str]:
    """The literal, or the constant of the module, that an event is made with."""
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for word in call.keywords:
        if word.arg == "kind" and isinstance(word.value, ast.Constant):
            yield str(word.value.value)
        if word.arg == "kind" and isinstance(word.value, ast.Name) and word.value.id in constants:
            yield str(constants[word.value.id])


def test_every_kind_that_the_code_writes_is_listed() -> None:
    modules = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if "bench" not in path.parts]
    found = {kind for path in modules for kind in written(path)}
    assert {"inspection_ordered", "step_refused", "letter_accepted", "report_placed", "reminder_sent"} <= found
    assert found <= set(EVENT_KINDS)
    assert len(EVENT_KINDS) == len(set(EVENT_KINDS))


@pytest.mark.parametrize("example", KEPT)
def test_every_kind_in_a_kept_history_is_listed(example: str) -> None:
    answers = [one for events in kept(example).values() for one in payloads(events) if "kinds" in one]
    kinds = {kind for answer in answers for kind in answer["kinds"]}
    assert kinds
    assert kinds <= set(EVENT_KINDS)


def payloads(part: Any) -> Iterator[dict[str, Any]]:
    """Every object that stands in a history as a payload."""
    if isinstance(part, list):
        for one in part:
            yield from payloads(one)
    elif isinstance(part, dict):
        if isinstance(part.get("data"), str) and "metadata" in part:
            found = json.loads(base64.b64decode(part["data"]))
            if isinstance(found, dict):
                yield found
        for one in part.values():
            yield from payloads(one)
