"""The fields of a step as the command line takes them: `--with FILE` and `--set NAME=VALUE`, which goes over it.

The file is in YAML; for the step `return_comments` it may be the form for comments that the authority filled in (PDF)."""

import types
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import yaml

from application.files.comments_form import FilledForm, is_pdf, read_comments_form
from application.files.yaml_files import YamlFile, read_yaml
from framework.common.errors import BadInput
from framework.common.forms import Strict
from framework.common.validation import Location, dotted
from framework.inspection.report_forms import ReturnComments
from framework.inspection.steps import STEPS

_TRUTH = {"true": True, "false": False}


class GivenFields:
    """The fields of a step as they were typed. The file is read when the fields are first asked for."""

    def __init__(self, inspection: str, name: str, file: Path | None, settings: Iterable[str]) -> None:
        self._inspection, self._name = inspection, name
        self._form = next((step.form for step in STEPS if step.name == name), Strict)
        self._path = file
        self._settings = tuple(settings)

    @cached_property
    def _file(self) -> YamlFile | FilledForm | None:
        if self._path is None or not is_pdf(self._path):
            return read_yaml(self._path) if self._path else None
        if self._form is not ReturnComments:
            what = f"{self._name} takes its fields in YAML; only return_comments reads a form"
            raise BadInput(f"{self._path}: is a PDF: {what}")
        return read_comments_form(self._path, self._inspection)

    @cached_property
    def _set(self) -> dict[str, Any]:
        return _given(self._form, self._settings)

    def values(self, *_: object) -> dict[str, Any]:
        """Returns the fields, whatever inspection they are for. Raises `BadInput` for what cannot be read."""
        from_file = _mapping(self._file) if self._file else {}
        return {**from_file, **self._set}

    def locate(self, location: Location, message: str) -> str:
        """Returns a fault with its location: line and column in the file, or the option."""
        if location and location[0] in self._set:
            return f"--set {dotted(location)}: {message}"
        if self._file is not None:
            return self._file.fault(location, message)
        return f"{dotted(location) or 'fields'}: {message}"


def _mapping(file: YamlFile | FilledForm) -> Mapping[str, Any]:
    if not isinstance(file.data, Mapping):
        raise BadInput(f"{file.name}:1:1: must hold the step's fields, each as NAME: VALUE")
    return file.data


def _given(form: type[Strict], settings: Iterable[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for number, setting in enumerate(settings, start=1):
        name, equals, value = setting.partition("=")
        if not equals or not all(name.split(".")):
            known = name if name in form.model_fields else f"number {number}"  # the text may hold a child's name
            raise BadInput(f"--set {known}: write NAME=VALUE")
        _put(fields, name.split("."), _value(value, _wants_text(form, name)), name)
    return {name: _as_list(form, name, value) for name, value in fields.items()}


def _put(fields: dict[str, Any], path: list[str], value: object, name: str) -> None:
    """Sets the value under its dotted name; a name given again makes a list."""
    here = fields
    for part in path[:-1]:
        inner = here.setdefault(part, {})
        if not isinstance(inner, dict):
            raise BadInput(f"--set {name}: {part} has a value of its own already")
        here = inner
    last = path[-1]
    if last not in here:
        here[last] = value
    elif isinstance(here[last], list):
        here[last].append(value)
    else:
        here[last] = [here[last], value]


def _value(text: str, plain: bool) -> object:
    """Parses booleans and lists as YAML; any other value stays text, which the form parses."""
    if plain:
        return text
    if text.startswith(("[", "{")):
        try:
            return YamlFile("--set", text).data
        except (BadInput, yaml.YAMLError):
            return text
    return _TRUTH.get(text, text)


def _as_list(form: type[Strict], name: str, value: Any) -> Any:
    """Returns a list for a field that takes several values, given as one, several, or by index (`comments.0.where`)."""
    field = form.model_fields.get(name)
    if field is None or get_origin(field.annotation) is not tuple:
        return value
    if isinstance(value, dict) and all(key.isdigit() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return value if isinstance(value, list) else [value]


def _wants_text(form: type[Strict], name: str) -> bool:
    field = form.model_fields.get(name)
    return field is not None and str in _parts(field.annotation)


def _parts(annotation: Any) -> set[Any]:
    """Returns the plain types inside a union or an annotated type."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return {plain for part in get_args(annotation) for plain in _parts(part)}
    if hasattr(annotation, "__metadata__"):
        return _parts(annotation.__origin__)
    return {annotation}
