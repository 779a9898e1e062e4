"""The one order all tests begin with: an ordinary joint inspection of Birmingham, and how to write another."""

from collections.abc import Mapping
from typing import Any

import yaml

from framework.inspection.order import Order

ORDER: Mapping[str, Any] = {
    "reference": "SLAC-2010-001",
    "authority": "330",
    "notify": "2010-11-03",
    "coordinator": "c.marsh",
    "manager": "m.okafor",
    "quality_assurance": "q.lindqvist",
    "team": [
        {"person": "i.ashdown", "role": "lead_inspector"},
        {"person": "i.bellamy", "role": "inspector"},
        {"person": "i.choudhury", "role": "inspector"},
        {"person": "h.dunmore", "role": "cqc_inspector"},
    ],
    "set_up_meeting": {"place": "Council House"},
}
"""Notified on Wednesday 3 November 2010."""


def an_order(**changes: Any) -> Order:
    """Returns the order with these changes; None leaves a field out."""
    return Order.model_validate(_fields(changes))


def order_as_text(**changes: Any) -> str:
    """Returns the order as YAML."""
    return yaml.safe_dump(_fields(changes), sort_keys=False)


def _fields(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**ORDER, **changes}.items() if value is not None}
