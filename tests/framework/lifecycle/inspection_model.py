"""The lifecycle of an inspection as the exploration sees it."""

from collections.abc import Hashable, Iterable, Iterator

from framework.calendar.bank_holidays import england
from framework.editions.october_2010.inspection import INSPECTION
from framework.inspection.lifecycle import InspectionLifecycle
from tests.framework.lifecycle.exploration import Move
from tests.framework.lifecycle.inspection_abstraction import key_of
from tests.framework.lifecycle.inspection_moves import InspectionMoves
from tests.framework.lifecycle.inspection_observations import Observations
from tests.framework.lifecycle.inspection_states import Reached, ordered, orders


class InspectionModel:
    """An inspection by a lifecycle: that of the framework, or a changed copy."""

    def __init__(self, lifecycle: InspectionLifecycle = INSPECTION, every_kind: bool = False) -> None:
        self.lifecycle = lifecycle
        self.calendar = england()
        self.every_kind = every_kind
        self.observations = Observations(lifecycle)
        self._moves = InspectionMoves(self.calendar, self.observations, self.key)

    def starts(self) -> Iterable[tuple[Reached, int]]:
        """Returns the inspections as ordered, each with its departures from the ordinary."""
        return [(ordered(name, order, self.lifecycle), cost) for name, (order, cost) in orders().items()]

    def key(self, state: Reached) -> Hashable:
        """Returns the abstract state."""
        if "key" not in state.known:
            state.known["key"] = key_of(state, self.calendar, self.every_kind)
        key: Hashable = state.known["key"]
        return key

    def is_end(self, state: Reached) -> bool:
        """Returns whether the inspection is finished."""
        return state.inspection.is_finished

    def stage(self, state: Reached) -> str:
        """Returns the stage."""
        return state.inspection.stage.value

    def moves(self, state: Reached) -> Iterator[Move[Reached]]:
        """Yields every step by a role that may take it, and time passing."""
        return self._moves.of(state)

    def faults(self) -> list[str]:
        """Returns what is wrong with steps, letters, limits and due items."""
        return self.observations.faults()

    def counts(self) -> list[str]:
        """Returns what was observed, a line each."""
        return self.observations.counts()
