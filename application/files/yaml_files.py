"""Reading what people write in YAML: orders and scripts, every fault named with the line and column it stands at."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from framework.common.errors import BadInput, FaultyFile
from framework.common.validation import Location, dotted, faults_in

Model = TypeVar("Model", bound=BaseModel)
LARGEST = 1_000_000
"""Characters; nobody writes more by hand."""


class YamlFile:
    """One file as plain data, knowing where each part of it stands."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.places: dict[Location, tuple[int, int]] = {}
        if len(text) > LARGEST:
            raise BadInput(f"{name}: too large to be written by hand ({len(text)} characters)")
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
            self.data = self._plain(root, ()) if root is not None else {}
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
            raise BadInput(f"{name}:{place}: {error.problem or error.context}") from None
        except RecursionError:
            raise BadInput(f"{name}: a part of it contains itself") from None
        except yaml.YAMLError as error:
            raise BadInput(f"{name}: {' '.join(str(error).split())}") from None

    def read(self, model: type[Model], at: Location = (), data: object = None) -> Model:
        """This file (or the part of it at `at`) as `model`. Raises `BadInput` naming every fault with line and column."""
        try:
            return model.model_validate(self.data if data is None else data)
        except ValidationError as error:
            raise self.faulty(tuple(self.fault((*at, *place), words) for place, words in faults_in(error))) from None

    def fault(self, at: Location, message: str) -> str:
        """One fault, with the file, the line and column, and the name of the field."""
        line, column = self._nearest(at)
        field = dotted(at)
        return f"{self.name}:{line}:{column}: {field + ': ' if field else ''}{message}"

    def all_faults(self, found: Iterable[tuple[Location, str]]) -> FaultyFile:
        """The error for faults by their place, in the order of the file."""
        ordered = sorted(found, key=lambda fault: self._nearest(fault[0]))
        return self.faulty(tuple(self.fault(at, message) for at, message in ordered))

    def faulty(self, faults: tuple[str, ...]) -> FaultyFile:
        """The error for these faults."""
        return FaultyFile(
            f"{self.name}: {len(faults)} fault{'s' if len(faults) > 1 else ''}, nothing was started", faults
        )

    def _nearest(self, at: Location) -> tuple[int, int]:
        while at and at not in self.places:
            at = at[:-1]
        return self.places.get(at, (1, 1))

    def _plain(self, node: yaml.Node, at: Location) -> object:
        self.places.setdefault(at, (node.start_mark.line + 1, node.start_mark.column + 1))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*at, place)) for place, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, at: Location) -> Mapping[str, object]:
        found: dict[str, object] = {}
        for key, value in node.value:
            name = str(key.value)
            place = (*at, name)
            if name in found:
                raise BadInput(self.fault(place, "stands here twice"))
            self.places[place] = (key.start_mark.line + 1, key.start_mark.column + 1)
            found[name] = self._plain(value, place)
        return found

    @staticmethod
    def _scalar(node: yaml.Node) -> object:
        """Numbers and truth as YAML has them; days, times and codes stay words, for the model to read."""
        if node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:timestamp"):
            return str(node.value)
        return yaml.SafeLoader("").construct_object(node)


def read_yaml(path: Path) -> YamlFile:
    """The file at `path`. Raises `BadInput` when it cannot be read or is no YAML."""
    try:
        return YamlFile(str(path), path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: this is not text in UTF-8") from None
