"""Holds every guard, in all tests of the rules, to what it declares to look at."""

from collections.abc import Iterator
from typing import Any

import pytest

from framework.inspection.guards.context import StepContext
from framework.inspection.guards.table import GUARDS
from framework.lifecycle import guards
from framework.lifecycle.guards import Failed, Guard

NEEDED = {"form": "form", "role": "actor", "records": "record_state", "record_state": "record_state"}


class DeclaredOnly:
    """A context whose undeclared parts cannot be looked at."""

    def __init__(self, target: Any, guard: str, uses: frozenset[str]) -> None:
        self._target, self._guard, self._uses = target, guard, uses

    def __getattr__(self, name: str) -> Any:
        use = "actor" if name == "actor" else NEEDED.get(name) if isinstance(self._target, guards.StepContext) else None
        assert use is None or use in self._uses, f"the guard «{self._guard}» looks at {name} and does not declare {use}"
        value = getattr(self._target, name)
        return DeclaredOnly(value, self._guard, self._uses) if name == "command" else value


def _watched(name: str, guard: Guard) -> Guard:
    def check(context: StepContext) -> Failed | None:
        seen: Any = DeclaredOnly(context, name, frozenset(guard.uses))
        return guard.check(seen)

    return Guard(check, guard.uses)


@pytest.fixture(autouse=True, scope="package")
def guards_look_at_nothing_undeclared() -> Iterator[None]:
    declared = dict(GUARDS)
    GUARDS.update({name: _watched(name, guard) for name, guard in declared.items()})
    yield
    GUARDS.update(declared)
