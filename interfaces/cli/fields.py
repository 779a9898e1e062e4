"""The fields of a step as the command line takes them: `--with FILE` and `--set NAME=VALUE`, which goes over it.

The file is in YAML; for the step `return_comments` it may be the form for comments that the authority filled in (PDF)."""

import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import yaml
from pydantic import ValidationError

from application.files.comments_form import FilledForm, is_pdf, read_comments_form
from application.files.yaml_files import YamlFile, read_yaml
from framework.common.errors import BadInput
from framework.common.validation import Location, dotted, faults_in
from framework.inspection import case_identifiers
from framework.inspection.forms import ReturnComments
from framework.inspection.order import Strict
from framework.lifecycle.lifecycle import Step

_TRUTH = {"true": True, "false": False}


def gather(
    step: Step,
    file: Path | None,
    settings: Iterable[str],
    checked: bool,
    case_identifier: str = case_identifiers.PATTERN,
    inspection: str = "",
) -> dict[str, Any]:
    """Returns the fields for a step's form. Raises `BadInput` naming every fault: in the file with line and column, else by
    option. With `checked` False, as where the step is not open to the person, only the writing is looked at. A form that
    the authority filled in must be one of `inspection`."""
    form = step.form
    from_file = _file(step, file, inspection) if file else None
    given = _given(form, settings)
    fields = {**(_mapping(from_file) if from_file else {}), **given}
    try:
        form.model_validate(fields, context=case_identifiers.context(case_identifier))
    except ValidationError as error:
        if checked:
            faults = tuple(_fault(place, words, from_file, given) for place, words in faults_in(error))
            raise BadInput(f"{step.name}: the form has faults; {_known(form)}", faults) from None
    return fields


def _file(step: Step, file: Path, inspection: str) -> YamlFile | FilledForm:
    if is_pdf(file):
        if step.form is not ReturnComments:
            raise BadInput(f"{file}: is a PDF: {step.name} takes its fields in YAML; only return_comments reads a form")
        return read_comments_form(file, inspection)
    found = read_yaml(file)
    _mapping(found)
    return found


def _mapping(file: YamlFile | FilledForm) -> Mapping[str, Any]:
    if not isinstance(file.data, Mapping):
        raise BadInput(f"{file.name}:1:1: must hold the step's fields, each as NAME: VALUE")
    return file.data


def _fault(place: Location, message: str, file: YamlFile | FilledForm | None, given: Mapping[str, Any]) -> str:
    if place and place[0] in given:
        return f"--set {dotted(place)}: {message}"
    if file is not None:
        return file.fault(place, message)
    return f"{dotted(place) or 'fields'}: {message}"


def _known(form: type[Strict]) -> str:
    names = [name + ("" if field.is_required() else " (optional)") for name, field in form.model_fields.items()]
    return f"its fields are {', '.join(names)}" if names else "it has no fields"


def _given(form: type[Strict], settings: Iterable[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, setting in enumerate(settings, start=1):
        name, equals, value = setting.partition("=")
        if not equals or not all(name.split(".")):
            known = name if name in form.model_fields else f"number {place}"  # what it holds may be a child's name
            raise BadInput(f"--set {known}: write NAME=VALUE")
        _put(found, name.split("."), _value(value, _wants_text(form, name)), name)
    return {name: _as_list(form, name, value) for name, value in found.items()}


def _put(found: dict[str, Any], path: list[str], value: object, name: str) -> None:
    """Puts the value under its dotted name; a name said again makes a list."""
    here = found
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
    """Truth and lists as YAML writes them; all else stays words, which the form reads."""
    if plain:
        return text
    if text.startswith(("[", "{")):
        try:
            return YamlFile("--set", text).data
        except (BadInput, yaml.YAMLError):
            return text
    return _TRUTH.get(text, text)


def _as_list(form: type[Strict], name: str, value: Any) -> Any:
    """A field that takes several is given as one or several; `comments.0.where` names places in it."""
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
    """The plain types inside a union or a marked type."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return {found for part in get_args(annotation) for found in _parts(part)}
    if hasattr(annotation, "__metadata__"):
        return _parts(annotation.__origin__)
    return {annotation}
