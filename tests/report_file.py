"""The file of a whole report, as a lead inspector writes it."""

from copy import deepcopy
from typing import Any

import yaml

from framework.editions.registry import edition
from tests.report_fields import step_that_writes


def report_fields(scope: str = "joint") -> dict[str, dict[str, Any]]:
    """Returns the fields of every heading by its key."""
    framework = edition("2010-10").report
    sections = {key: {"text": f"{title}."} for key, title in framework.opening.items()}
    for heading in framework.headings(scope):
        fields = deepcopy(step_that_writes(heading)[1])
        del fields["heading"]
        sections[heading.key] = fields
    return sections


def report_file(scope: str = "joint", /, **changes: dict[str, Any] | None) -> str:
    """Returns the file with other fields under headings («__» stands for the dot); None leaves a heading out."""
    sections = report_fields(scope)
    for name, fields in changes.items():
        key = name.replace("__", ".")
        if fields is None:
            del sections[key]
        else:
            sections[key] = sections.get(key, {}) | fields
    return yaml.safe_dump(sections, sort_keys=False, allow_unicode=True)
