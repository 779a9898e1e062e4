"""A copy of a state shares nothing that changes, and nothing of a state changes but what is copied."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from pydantic import BaseModel

from framework.common.copies import copied
from framework.lifecycle.lifecycle import Lifecycle
from framework.messages.events import Event
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_fieldwork, up_to_published

UNCHANGEABLE = (str, bytes, int, float, bool, type(None), date, datetime, time, Enum, frozenset, Event, Lifecycle)


@dataclass
class Shelf:
    label: str
    boxes: dict[str, list[int]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)


def changeable(value: Any) -> Iterator[Any]:
    """Returns every dictionary, list, set and unfrozen dataclass in a value, however deep. An event's data never changes."""
    if isinstance(value, UNCHANGEABLE):
        return
    if isinstance(value, BaseModel):
        assert value.model_config.get("frozen"), type(value)
        return
    if isinstance(value, dict | list | set) or (is_dataclass(value) and not _is_frozen(value)):
        yield value
    held = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple | set) else _held(value)
    )
    for item in held:
        yield from changeable(item)


def _is_frozen(value: Any) -> bool:
    return bool(type(value).__dataclass_params__.frozen)


def _held(value: Any) -> list[Any]:
    assert is_dataclass(value), f"of {type(value)} it is not known whether it changes"
    return [getattr(value, part.name) for part in fields(value)]


def test_a_copy_is_equal_and_a_change_of_it_changes_no_original() -> None:
    shelf = Shelf("a", {"x": [1]}, {1})
    copy = copied([shelf])
    assert copy == [shelf]
    copy[0].label = "b"
    copy[0].boxes["x"].append(2)
    copy[0].boxes["y"] = []
    copy[0].seen.add(2)
    assert shelf == Shelf("a", {"x": [1]}, {1})


def test_a_copy_of_a_whole_inspection_shares_nothing_that_changes() -> None:
    scenario = up_to_published(up_to_draft_sent(up_to_fieldwork(InMemoryInspection()))).until("2011-03-01")
    state = replace(scenario.inspection)
    copy = copied(state)
    assert copy == state
    assert copy.events == state.events
    originals, copies = list(changeable(state)), list(changeable(copy))
    assert len(originals) == len(copies) > 20
    assert not {id(part) for part in originals} & {id(part) for part in copies}
