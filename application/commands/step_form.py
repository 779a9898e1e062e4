"""The form of a step: validated, with each fault at its place in what the caller wrote."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from framework.common.errors import BadInput
from framework.common.forms import Strict
from framework.common.validation import Location, dotted, faults_in
from framework.inspection import case_identifiers
from framework.lifecycle.steps import Step

Locate = Callable[[Location, str], str]
"""Returns the message of a fault with its location in what the caller wrote."""


def validated_form(
    step: Step, fields: Mapping[str, Any], locate: Locate, case_identifier: str = case_identifiers.PATTERN
) -> Strict:
    """Returns the filled form. Raises `BadInput` naming every fault."""
    try:
        return step.form.model_validate(dict(fields), context=case_identifiers.context(case_identifier))
    except ValidationError as error:
        faults = tuple(locate(location, words) for location, words in faults_in(error))
        raise BadInput(f"{step.name}: the form has faults; {_known_fields(step)}", faults) from None


def plain_location(location: Location, words: str) -> str:
    """Returns the message of a fault with the name of its field."""
    return f"{dotted(location) or 'fields'}: {words}"


def _known_fields(step: Step) -> str:
    fields = step.form.model_fields.items()
    names = [name + ("" if field.is_required() else " (optional)") for name, field in fields]
    return f"its fields are {', '.join(names)}" if names else "it has no fields"
