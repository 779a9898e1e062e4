"""How cases are named: by the authority's unique identifier of the child, never by a name (paras 41, 43 to 45).

What does not look like an identifier may be a child's name, so no message repeats it."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo

from framework.common.free_text import Private, is_text_id

PATTERN = r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9/._-]{0,39}"
"""As shipped: letters, digits, hyphens, dots, underscores and slashes; no blanks, and at least one digit."""
CONTEXT_KEY = "case_identifier"
"""The key of the validation context under which an entry point passes the pattern that its office has set."""
_AS_SHIPPED = (
    "must be the authority's unique identifier of a child, never a name: letters, digits, hyphens, dots and slashes, "
    "without blanks and with at least one digit"
)
_AS_SET = "must be the authority's unique identifier of a child, never a name, written as this office has set"


def context(pattern: str) -> dict[str, Any]:
    """Returns the validation context with which a form is held to the pattern of an office."""
    return {CONTEXT_KEY: pattern}


def _check(identifier: str, info: ValidationInfo) -> str:
    if is_text_id(identifier):
        return identifier
    pattern = (info.context or {}).get(CONTEXT_KEY, PATTERN)
    if re.fullmatch(pattern, identifier) is None:
        raise ValueError(_AS_SHIPPED if pattern == PATTERN else _AS_SET)
    return identifier


CaseIdentifiers = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_check)], ...], Private()
]
"""Children's unique identifiers: data about persons, kept like free text."""
