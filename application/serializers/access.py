"""Entries of the access log as JSON."""

from typing import Any

from application.queries.access_log import Access, AccessPage


def access_as_json(page: AccessPage) -> list[dict[str, Any]]:
    """Returns entries, newest first."""
    return [entry_as_json(entry) for entry in page.entries]


def entry_as_json(entry: Access) -> dict[str, Any]:
    """Returns one entry as the log has it."""
    return {
        "number": entry.id,
        "at": entry.at,
        "person": entry.person or None,
        "ran_as": entry.ran_as,
        "entry_point": entry.entry_point,
        "command": entry.command,
        "inspection": entry.inspection or None,
        "asked": entry.parameters,
    }
