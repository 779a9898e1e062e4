"""The list of kinds of event is complete: compared with what the code writes and what kept histories hold."""

import ast
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from framework.inspection.event_kinds import EVENT_KINDS
from tests.paths import ROOT
from tests.workflows.kept_histories import RECORDED, read_histories

FOLDERS = ("framework", "records", "activities", "workflows", "application", "rehearsal", "operations", "interfaces")
WRITERS = ("system_event", "step_event", "_Outcome", "_log")
"""Functions that take the kind of event as their first literal."""


def written(path: Path) -> Iterator[str]:
    """Every kind of event that a module writes by name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in WRITERS:
            literals = [
                argument.value
                for argument in call.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
            yield from literals[:1]
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
    kinds = {kind for path in modules for kind in written(path)}
    assert {"inspection_ordered", "step_refused", "letter_accepted", "report_placed", "reminder_sent"} <= kinds
    assert kinds <= set(EVENT_KINDS)
    assert len(EVENT_KINDS) == len(set(EVENT_KINDS))


@pytest.mark.parametrize("example", RECORDED)
def test_every_kind_in_a_kept_history_is_listed(example: str) -> None:
    answers = [event for events in read_histories(example).values() for event in payloads(events) if "kinds" in event]
    kinds = {kind for answer in answers for kind in answer["kinds"]}
    assert kinds
    assert kinds <= set(EVENT_KINDS)


def payloads(part: Any) -> Iterator[dict[str, Any]]:
    """Every object that stands in a history as a payload."""
    if isinstance(part, list):
        for item in part:
            yield from payloads(item)
    elif isinstance(part, dict):
        if isinstance(part.get("data"), str) and "metadata" in part:
            result = json.loads(base64.b64decode(part["data"]))
            if isinstance(result, dict):
                yield result
        for item in part.values():
            yield from payloads(item)
