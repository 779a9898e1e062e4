"""Explores a lifecycle to its end: every abstract state that can be reached within a bound, breadth first.

What a state is, which moves leave it and what counts as an end are the model's, so that every lifecycle is explored by the same
functions. `python -m tests.framework.lifecycle.exploration --bound 1` explores that of the inspection and prints what it saw."""

import argparse
import sys
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

State = TypeVar("State")
Key = Hashable


@dataclass(frozen=True, slots=True)
class Move(Generic[State]):
    """One way on from a state: a step by a role, or time passing."""

    label: str
    take: Callable[[], State | None]
    """Returns the state it leads to; None if a rule refuses it now."""
    is_departure: bool = False
    """Whether it leaves the ordinary course: each costs one of the bound."""
    is_automatic: bool = False
    is_new: Callable[[], bool] = lambda: False
    """Returns whether it shows something that no move before it showed; such a move is tried beyond the bound, too."""


class Model(Protocol[State]):
    """A lifecycle as the search sees it. It observes for itself what its moves bring."""

    def starts(self) -> Iterable[tuple[State, int]]:
        """Returns the states to begin with, each with the number of departures it costs."""

    def key(self, state: State) -> Key:
        """Returns the abstract state."""

    def is_end(self, state: State) -> bool:
        """Returns whether nothing more can happen."""

    def stage(self, state: State) -> str:
        """Returns the stage, by which faults name a state."""

    def moves(self, state: State) -> Iterator[Move[State]]:
        """Yields every way on."""

    def faults(self) -> list[str]:
        """Returns what is wrong with what the moves brought."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far to explore."""

    departures: int
    """From the ordinary course, along one path."""
    states: int
    """At most so many abstract states."""
    beyond: bool = True
    """Whether a departure beyond the bound is tried, too, where it shows something that was not seen before."""
    further: int = 300
    """So many moves are tried, at most, on the way from a state to an end that the graph does not show."""


SMALL = Bounds(departures=1, states=700)
LARGE = Bounds(departures=2, states=20_000, further=2000)


@dataclass(frozen=True, slots=True)
class Edge:
    """A move that was taken from one abstract state to another."""

    label: str
    target: Key
    is_automatic: bool


@dataclass(slots=True)
class Graph(Generic[State]):
    """The abstract states that were reached, each with the first concrete one, and the moves between them."""

    bounds: Bounds
    states: dict[Key, State] = field(default_factory=dict)
    edges: dict[Key, list[Edge]] = field(default_factory=dict)
    tried: int = 0
    """How many moves were tried, refused ones included."""
    at_the_bound: int = 0
    """How many states have a move that leads beyond the bound."""

    def counts(self) -> str:
        """Returns what was seen, in one line."""
        edges = sum(map(len, self.edges.values()))
        return f"{len(self.states)} states, {edges} moves between them, {self.tried} tried, {self.at_the_bound} states at the bound"


def explore(model: Model[State], bounds: Bounds) -> Graph[State]:
    """Returns the graph of every abstract state within the bounds: breadth first, fewest departures first."""
    graph: Graph[State] = Graph(bounds)
    layers: list[dict[Key, State]] = [{} for _ in range(bounds.departures + 2)]
    for state, cost in model.starts():
        layers[min(cost, bounds.departures + 1)][model.key(state)] = state
    for cost in range(bounds.departures + 1):
        queue: deque[State] = deque()
        for state in layers[cost].values():
            _register(graph, model, state, queue)
        while queue:
            _expand(graph, model, queue.popleft(), cost, queue, layers[cost + 1])
    return graph


def _register(graph: Graph[State], model: Model[State], state: State, queue: deque[State]) -> bool:
    """Adds a state that is new to the graph and to the queue. Returns whether the graph holds it."""
    key = model.key(state)
    if key in graph.states:
        return True
    if len(graph.states) >= graph.bounds.states:
        return False
    graph.states[key] = state
    queue.append(state)
    return True


def _expand(
    graph: Graph[State],
    model: Model[State],
    state: State,
    cost: int,
    queue: deque[State],
    later: dict[Key, State],
) -> None:
    edges: list[Edge] = []
    is_cut = False
    last = cost == graph.bounds.departures
    for move in model.moves(state):
        if move.is_departure and last and not (graph.bounds.beyond and move.is_new()):
            is_cut = True
            continue
        graph.tried += 1
        after = move.take()
        if after is None:
            continue
        target = model.key(after)
        if not move.is_departure:
            is_cut |= not _register(graph, model, after, queue)
        elif target not in graph.states:
            later.setdefault(target, after)
            is_cut |= last
        edges.append(Edge(move.label, target, move.is_automatic))
    graph.edges[model.key(state)] = edges
    graph.at_the_bound += is_cut


def main() -> None:
    """Explores the lifecycle of the inspection and prints what was seen."""
    from tests.framework.lifecycle.inspection_model import InspectionModel
    from tests.framework.lifecycle.soundness import check

    parser = argparse.ArgumentParser(description="Explore the lifecycle of an inspection to its end.")
    parser.add_argument("--bound", type=int, default=SMALL.departures, help="departures from the ordinary course")
    parser.add_argument("--states", type=int, default=SMALL.states, help="abstract states, at most")
    arguments = parser.parse_args()
    model = InspectionModel()
    graph = explore(model, Bounds(arguments.bound, arguments.states))
    faults = check(model, graph)
    sys.stdout.write("\n".join([graph.counts(), *model.counts(), *faults, ""]))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
