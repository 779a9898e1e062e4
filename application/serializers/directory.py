"""The directory as JSON."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from application.queries.authorities import Authority, AuthorityView


def authorities_as_json(authorities: Iterable[Authority]) -> list[dict[str, Any]]:
    """Returns authorities, in their order."""
    return [asdict(authority) for authority in authorities]


def authority_as_json(view: AuthorityView) -> dict[str, Any]:
    """Returns one authority with its people and its open inspections."""
    return {**asdict(view.authority), "people": view.people, "inspections": view.inspections}
