"""Reads YAML that people write, orders and scripts; every fault is reported with its line and column."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from application.files.text_files import LARGEST, read_text_file
from framework.common.errors import BadInput, FaultyFile
from framework.common.validation import Location, dotted, faults_in

Model = TypeVar("Model", bound=BaseModel)
MOST_NODES = 10_000
"""The most keys, values, lists and mappings of one file; the longest example has 523."""
MOST_LEVELS = 20
"""The deepest nesting of lists and mappings; no form is nested deeper than six levels."""
_WORDS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "timestamp"))
"""The tags of scalars that are kept as text."""
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml if it is available: it reads the largest file in 0.1 s, Python's own parser in 5 s."""


class YamlFile:
    """One file as plain data, with the line and column of each part. `outcome` ends the message of a file with faults."""

    def __init__(self, name: str, text: str, outcome: str = "nothing was started") -> None:
        self.name = name
        self.outcome = outcome
        self.places: dict[Location, tuple[int, int]] = {}
        if len(text) > LARGEST:
            raise BadInput(f"{name}: holds more than {LARGEST} characters: divide it")
        try:
            _require_plain(text)
            root = yaml.compose(text, Loader=_LOADER)
            self.data = self._plain(root, ()) if root is not None else {}
        except yaml.MarkedYAMLError as error:
            position = _position(error.problem_mark or error.context_mark, text)
            raise BadInput(f"{name}:{position}: {error.problem or error.context}") from None
        except yaml.YAMLError as error:
            raise BadInput(f"{name}: {' '.join(str(error).split())}") from None

    def read(self, model: type[Model], at: Location = (), data: object = None) -> Model:
        """Returns this file (or the part at `at`) as `model`. Raises `BadInput` naming every fault with line and column."""
        try:
            return model.model_validate(self.data if data is None else data)
        except ValidationError as error:
            raise self.faulty(
                tuple(self.fault((*at, *location), words) for location, words in faults_in(error))
            ) from None

    def fault(self, at: Location, message: str) -> str:
        """Returns the message of a fault with the file, line and column, and the name of the field."""
        line, column = self._nearest(at)
        field = dotted(at)
        return f"{self.name}:{line}:{column}: {field + ': ' if field else ''}{message}"

    def all_faults(self, faults: Iterable[tuple[Location, str]]) -> FaultyFile:
        """Returns the error for faults with their locations, in the order of the file."""
        ordered = sorted(faults, key=lambda fault: self._nearest(fault[0]))
        return self.faulty(tuple(self.fault(at, message) for at, message in ordered))

    def faulty(self, faults: tuple[str, ...]) -> FaultyFile:
        """Returns the error for these messages."""
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
        return FaultyFile(f"{self.name}: {count}, {self.outcome}", faults)

    def _nearest(self, at: Location) -> tuple[int, int]:
        while at and at not in self.places:
            at = at[:-1]
        return self.places.get(at, (1, 1))

    def _plain(self, node: yaml.Node, at: Location) -> object:
        self.places.setdefault(at, (node.start_mark.line + 1, node.start_mark.column + 1))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*at, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, at: Location) -> Mapping[str, object]:
        fields: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _Unusable(key.start_mark, "the name of a field must be a word")
            name = str(key.value)
            location = (*at, name)
            if name in fields:
                raise BadInput(self.fault(location, "stands here twice"))
            self.places[location] = (key.start_mark.line + 1, key.start_mark.column + 1)
            fields[name] = self._plain(value, location)
        return fields

    @staticmethod
    def _scalar(node: yaml.Node) -> object:
        """Returns booleans and null as Python values; numbers, days, times and codes stay text, which the model parses."""
        if node.tag in _WORDS:
            return str(node.value)
        try:
            return yaml.SafeLoader("").construct_object(node)
        except (KeyError, ValueError):  # PyYAML raises KeyError for an unknown word of a tagged value
            raise _Unusable(node.start_mark, f"{node.value!r} is not what its tag {node.tag} says") from None


def read_yaml(path: Path, outcome: str = "nothing was started") -> YamlFile:
    """Reads the file at `path`. Raises `BadInput` if it cannot be read, is no YAML, or is larger than any form."""
    return YamlFile(str(path), read_text_file(path), outcome)


def _position(mark: Any, text: str) -> str:
    """Returns line and column, from 1, of a mark; libyaml gives the end of a file as the line after the last."""
    if mark is None:
        return "1:1"
    lines = text.split("\n")
    if mark.line >= len(lines):
        return f"{len(lines)}:{len(lines[-1]) + 1}"
    return f"{mark.line + 1}:{mark.column + 1}"


class _Unusable(yaml.MarkedYAMLError):
    """Well-formed YAML with a construct that no form uses."""

    def __init__(self, mark: Any, problem: str) -> None:
        super().__init__(problem=problem, problem_mark=mark)


def _require_plain(text: str) -> None:
    """Raises `_Unusable` for YAML that costs much to build: aliases, deep nesting, more nodes than any form has.

    The events of the parser are checked one by one, so that nothing has been built when it raises."""
    nodes = levels = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise _Unusable(event.start_mark, f"*{event.anchor} stands for another part: write that part out")
        nodes += isinstance(event, yaml.NodeEvent)
        levels += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if nodes > MOST_NODES:
            raise _Unusable(event.start_mark, f"more than {MOST_NODES} values: no form has as many")
        if levels > MOST_LEVELS:
            raise _Unusable(event.start_mark, f"nested deeper than {MOST_LEVELS} levels: no form is")
